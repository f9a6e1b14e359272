// The arguments of every verb, command and query: "order.place {..}". What is taken comes back from
// its own canonical bytes; what is not is refused in words.
#include "lan-protocol/codec.hpp"
#include "lan-protocol/verbs.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace larder::fuzz {
namespace {

constexpr JsonLimits kMenuLimits = {kJsonDepthMax, kMenuJsonNodesMax, kStringBytesMax};

void try_command(const CommandVerb& verb, std::string_view text) {
  const JsonLimits limits = verb.over_http ? kMenuLimits : JsonLimits{};
  const Result<Json> args = parse_json(text, limits);
  if (!args) return require_tellable(args.error());
  require_within(*args, limits);
  const Result<Command> command = verb.decode(*args);
  if (!command) return require_tellable(command.error());
  require(command_verb(*command) == verb.name, "a verb makes its own command");
  const std::string canonical = encode_args(*command);
  const Result<Json> again = parse_json(canonical, kMenuLimits);
  require(again.has_value(), "canonical arguments are JSON");
  const Result<Command> same = verb.decode(*again);
  require(same.has_value(), "canonical arguments are taken");
  require(*same == *command, "canonical arguments make the same command");
  require(encode_args(*same) == canonical, "canonical bytes are one");
}

void try_query(const QueryVerb& verb, std::string_view text) {
  const Result<Json> args = parse_json(text);
  if (!args) return require_tellable(args.error());
  require_within(*args, {});
  const Result<QueryArgs> query = verb.decode(*args);
  if (!query) return require_tellable(query.error());
  require(query->limit <= kJournalReadMax, "a query asks for no more than the limit");
}

}  // namespace
}  // namespace larder::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace larder;
  const std::string_view input = fuzz::text_of(bytes, size);
  const std::size_t space = input.find(' ');
  if (space == std::string_view::npos) return -1;
  const std::string_view name = input.substr(0, space);
  const std::string_view args = input.substr(space + 1);
  if (const CommandVerb* verb = find_command_verb(name)) {
    fuzz::try_command(*verb, args);
  } else if (const QueryVerb* query = find_query_verb(name)) {
    fuzz::try_query(*query, args);
  } else {
    return -1;  // no verb: not worth keeping
  }
  return 0;
}
