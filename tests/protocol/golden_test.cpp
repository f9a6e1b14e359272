#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/messages.hpp"
#include "lan-protocol/verbs.hpp"
#include "tests/protocol/examples.hpp"
#include "tests/protocol/golden.hpp"

namespace larder {
namespace golden {

std::filesystem::path root() {
  return std::filesystem::path(LARDER_SOURCE_DIR) / "tests" / "protocol" / "golden";
}

std::string text_of(const std::string& path) {
  std::ifstream in(root() / path, std::ios::binary);
  if (!in) throw std::runtime_error("no golden file " + path);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  std::string text = bytes.str();
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::vector<File> files(const std::string& part) {
  std::vector<File> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root() / part)) {
    if (!entry.is_regular_file()) continue;
    File file;
    file.path = std::filesystem::relative(entry.path(), root()).string();
    file.folder = entry.path().parent_path().filename().string();
    std::istringstream name(entry.path().filename().string());
    std::getline(name, file.kind, '.');
    std::getline(name, file.code, '.');
    file.text = text_of(file.path);
    found.push_back(std::move(file));
  }
  if (found.empty()) throw std::runtime_error("no golden files in " + part);
  std::sort(found.begin(), found.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  return found;
}

}  // namespace golden

namespace {

constexpr JsonLimits kMenuLimits = {kJsonDepthMax, kMenuJsonNodesMax, kStringBytesMax};

bool is_refused(const golden::File& file) { return file.kind == "bad" || file.kind == "refused"; }

// The decoder must say no with the code in the file's name, and in words.
void expect_refusal(const golden::File& file, const Error* error) {
  ASSERT_NE(error, nullptr) << file.path << " was accepted";
  EXPECT_EQ(code_name(error->code()), file.code) << file.path << ": " << error->message();
  EXPECT_FALSE(error->message().empty()) << file.path;
}

Result<Command> decode_command(const golden::File& file) {
  const CommandVerb* verb = find_command_verb(file.folder);
  if (verb == nullptr) return refuse(Code::UnknownVerb, file.folder);
  const Result<Json> args = parse_json(file.text, verb->over_http ? kMenuLimits : JsonLimits{});
  if (!args) return pass_on(args);
  return verb->decode(*args);
}

Result<QueryArgs> decode_query(const golden::File& file) {
  const QueryVerb* verb = find_query_verb(file.folder);
  if (verb == nullptr) return refuse(Code::UnknownVerb, file.folder);
  const Result<Json> args = parse_json(file.text);
  if (!args) return pass_on(args);
  return verb->decode(*args);
}

// The outcome that every command's result.json was written for.
Outcome golden_outcome() {
  Outcome outcome;
  outcome.order = OrderId("20261121-0007");
  outcome.number = 7;
  outcome.total = Money::minor(1280);
  outcome.state = OrderState::Accepted;
  outcome.hold = HoldId("h12");
  outcome.expires_at = TimePoint{1'795'254'480'123'456};
  outcome.menu_version = 3;
  outcome.note_masked = true;
  outcome.refund = Money::minor(225);
  outcome.day = BusinessDay{20261121};
  outcome.difference = Money::minor(-10);
  outcome.pending_shrink = {{ChannelCode("kiosk"), Quantity::tenths(25)}};
  return outcome;
}

TEST(GoldenCommands, decode_and_encode_to_the_same_bytes_or_are_refused_by_name) {
  for (const golden::File& file : golden::files("commands")) {
    if (file.kind == "result") continue;
    const Result<Command> command = decode_command(file);
    if (is_refused(file)) {
      expect_refusal(file, command ? nullptr : &command.error());
      continue;
    }
    ASSERT_TRUE(command) << file.path << ": " << command.error().message();
    EXPECT_EQ(command_verb(*command), file.folder);
    const std::string canonical = encode_args(*command);
    if (file.kind == "good") {
      EXPECT_EQ(canonical, file.text) << file.path;
    }
    if (file.kind == "loose") {
      EXPECT_NE(canonical, file.text) << file.path << " is good";
    }
    const Result<Json> again = parse_json(canonical, kMenuLimits);
    ASSERT_TRUE(again) << file.path;
    EXPECT_EQ(*find_command_verb(file.folder)->decode(*again), *command) << file.path;
  }
}

TEST(GoldenCommands, results_are_written_to_the_same_bytes) {
  for (const CommandVerb& verb : command_verbs()) {
    const std::string folder = "commands/" + std::string(verb.name);
    const golden::File good = {folder, std::string(verb.name), "good", "",
                               golden::text_of(folder + "/good.full.json")};
    const Result<Command> command = decode_command(good);
    ASSERT_TRUE(command) << folder;
    EXPECT_EQ(encode_outcome(*command, golden_outcome()), golden::text_of(folder + "/result.json"));
  }
}

TEST(GoldenQueries, decode_or_are_refused_by_name) {
  for (const golden::File& file : golden::files("queries")) {
    const Result<QueryArgs> args = decode_query(file);
    if (is_refused(file)) {
      expect_refusal(file, args ? nullptr : &args.error());
    } else {
      EXPECT_TRUE(args) << file.path << ": " << args.error().message();
    }
  }
}

TEST(GoldenEvents, decode_and_encode_to_the_same_bytes_or_are_refused_by_name) {
  for (const golden::File& file : golden::files("events")) {
    const Result<StampedEvent> event = decode_event(file.text);
    if (is_refused(file)) {
      expect_refusal(file, event ? nullptr : &event.error());
      continue;
    }
    ASSERT_TRUE(event) << file.path << ": " << event.error().message();
    EXPECT_EQ(event_name(event->event), file.folder);
    if (file.kind == "good") {
      EXPECT_EQ(encode_event(*event), file.text) << file.path;
    }
    EXPECT_EQ(*decode_event(encode_event(*event)), *event) << file.path;
  }
}

// A field that is read from and written to the wrong place both ways would pass the test above.
TEST(GoldenEvents, say_what_the_books_say) {
  const StampedEvent placed = {
      TimePoint{1'795'254'300'123'456}, CommandId("018f3c1e-7a50-7000-8000-000000000007"),
      DeviceId("kiosk-1"), StaffId(), OrderPlaced{examples::placed_order()}};
  EXPECT_EQ(encode_event(placed), golden::text_of("events/order.placed/good.1.json"));
  StampedEvent voided = placed;
  voided.event = OrderPlaced{examples::voided_order()};
  EXPECT_EQ(encode_event(voided), golden::text_of("events/order.placed/good.2.json"));
  StampedEvent checked = placed;
  checked.event = TicketChanged{OrderId("20261121-0007"),
                                StationId("grill"),
                                TicketAction::Checked,
                                false,
                                1,
                                {false, true},
                                false,
                                OrderState::Preparing,
                                DeviceId("kds-1")};
  EXPECT_EQ(encode_event(checked), golden::text_of("events/ticket.changed/good.1.json"));
  StampedEvent off = placed;
  off.by = DeviceId("till-1");
  off.staff = StaffId("anna");
  off.event =
      OrderDiscounted{OrderId("20261121-0007"),
                      Discount{DiscountKind::Percent, Quantity::tenths(125), Money(),
                               Money::minor(160), "late", DeviceId("till-1"), StaffId("anna")},
                      Money::minor(1120), DeviceId("till-1")};
  EXPECT_EQ(encode_event(off), golden::text_of("events/order.discounted/good.1.json"));
}

TEST(GoldenMessages, of_clients_are_read_or_refused_by_name) {
  for (const golden::File& file : golden::files("messages/client")) {
    const Result<ClientMessage> message = read_client_message(file.text);
    if (is_refused(file)) {
      expect_refusal(file, message ? nullptr : &message.error());
    } else {
      EXPECT_TRUE(message) << file.path << ": " << message.error().message();
    }
  }
}

// Whatever is cut off anywhere, or has any byte changed, is refused or read: never a crash, never a
// value that does not come back.
TEST(GoldenEvents, damaged_bytes_are_refused_or_make_a_whole_event) {
  for (const golden::File& file : golden::files("events")) {
    if (file.kind != "good") continue;
    for (std::size_t i = 0; i < file.text.size(); i += 7) {
      EXPECT_FALSE(decode_event(std::string_view(file.text).substr(0, i))) << file.path;
      std::string damaged = file.text;
      damaged[i] = static_cast<char>(damaged[i] ^ 0x15);
      const Result<StampedEvent> event = decode_event(damaged);
      if (event) {
        EXPECT_EQ(*decode_event(encode_event(*event)), *event) << damaged;
      }
    }
  }
}

std::set<std::string> schemas_in(const std::string& folder) {
  std::set<std::string> names;
  const auto path = std::filesystem::path(LARDER_SOURCE_DIR) / "schemas" / "json" / folder;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    names.insert(entry.path().stem().string());
  }
  return names;
}

std::set<std::string> golden_in(const std::string& folder) {
  std::set<std::string> names;
  for (const golden::File& file : golden::files(folder)) {
    if (file.kind == "good") names.insert(file.folder);
  }
  return names;
}

template <std::size_t... kIndex>
std::set<std::string> event_names(std::index_sequence<kIndex...>) {
  return {std::string(event_name(Event(std::in_place_index<kIndex>)))...};
}

TEST(ProtocolTables, every_row_has_a_schema_and_golden_bytes_and_no_other_has) {
  std::set<std::string> commands;
  for (const CommandVerb& verb : command_verbs()) commands.emplace(verb.name);
  EXPECT_EQ(commands.size(), command_verbs().size()) << "a verb is there twice";
  EXPECT_EQ(schemas_in("commands"), commands);
  EXPECT_EQ(golden_in("commands"), commands);

  std::set<std::string> queries;
  for (const QueryVerb& verb : query_verbs()) queries.emplace(verb.name);
  EXPECT_EQ(queries.size(), query_verbs().size()) << "a verb is there twice";
  EXPECT_EQ(schemas_in("queries"), queries);
  EXPECT_EQ(golden_in("queries"), queries);

  const auto events = event_names(std::make_index_sequence<std::variant_size_v<Event>>());
  EXPECT_EQ(events.size(), std::variant_size_v<Event>) << "two events have one name";
  EXPECT_EQ(schemas_in("events"), events);
  EXPECT_EQ(golden_in("events"), events);
}

// No golden file would notice that a refusal disappeared, if the files themselves did.
TEST(ProtocolTables, every_row_has_golden_refusals) {
  for (const char* part : {"commands", "queries", "events"}) {
    std::set<std::string> refused;
    for (const golden::File& file : golden::files(part)) {
      if (is_refused(file)) refused.insert(file.folder);
    }
    EXPECT_EQ(refused, golden_in(part));
  }
}

}  // namespace
}  // namespace larder
