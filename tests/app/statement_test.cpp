// The books of a day, and the statement: taken, sent, applied.
#include <gtest/gtest.h>

#include "edge/app/day_scan.hpp"
#include "tests/app/kitchen_table.hpp"

namespace larder::edge {
namespace {

// A cloud that holds what the test lets it hold.
class ScriptedCloud final : public Cloud {
 public:
  void committed(const std::vector<StoredEvent>& events) override { told += events.size(); }
  CloudState state() const override { return now; }
  void ask(BooksQuestion question, std::function<void(Result<BooksAnswer>)> answered) override {
    if (!is_there) return answered(refuse(Code::Unavailable, "no link"));
    BooksAnswer answer;
    if (question.ask == BooksQuestion::Ask::Day) {
      answer.day = books;
    } else {
      asked_for_hashes++;
      answer.from = question.from;
      for (Seq seq = question.from; seq <= question.to; ++seq) {
        answer.hashes.push_back(seq <= hashes.size() ? hashes[seq - 1] : "");
      }
    }
    answered(answer);
  }

  bool is_there = true;
  CloudState now;
  DayBooks books;
  std::vector<std::string> hashes;
  int asked_for_hashes = 0;
  std::size_t told = 0;
};

class StatementTable : public KitchenTable {
 public:
  StatementTable() {
    cloud.now.lost = CloudState::Lost::Nothing;
    hub->follow(&cloud);
    key = join(session, "till-1");
    for (int i = 0; i < 3; ++i) sell(i);
    writer->settle();
    session.take();
  }

  void sell(int i) { hub->received(key, order("o" + std::to_string(i))); }

  DayBooks books_of(std::int32_t day) {
    std::optional<DayBooks> found;
    hub->day_books(BusinessDay{day}, [&found](Result<DayBooks> books) { found = books.value(); });
    writer->settle();
    return *found;
  }

  // As a relay that applied everything.
  void apply_all() {
    cloud.books = books_of(20261121);
    cloud.hashes = *hashes_of(journal, 1, journal.events.size());
    cloud.now.acked = journal.events.size();
  }

  std::string state(const std::string& args = "{}") {
    session.take();
    hub->received(key, R"({"type":"query","id":"s","verb":"books.statement","args":)" + args + "}");
    writer->settle();
    return session.take().back();
  }

  ScriptedCloud cloud;
  RecordingSession session;
  SessionKey key = 0;
};

TEST(DayBooks, count_orders_totals_and_movements_and_end_at_the_heads_hash) {
  StatementTable table;
  const DayBooks books = table.books_of(20261121);
  EXPECT_EQ(books.orders, 3U);
  EXPECT_EQ(books.total_minor, 3 * 590);
  EXPECT_EQ(books.last, table.journal.events.size());
  EXPECT_EQ(books.events, books.last - books.first + 1);
  EXPECT_EQ(books.digest, table.hub->committed().hash);
}

// Both sides must come to one sum, also when the discount is of another day than the order.
TEST(DayBooks, an_order_counts_as_it_was_placed) {
  StatementTable table;
  const std::string reply = [&] {
    table.session.take();
    table.hub->received(table.key, KitchenTable::command("d1", "order.discount",
                                                         R"({"order":"20261121-0001",)"
                                                         R"("amount":100,"reason":"late"})"));
    table.writer->settle();
    return table.session.take().back();
  }();
  EXPECT_NE(reply.find(R"("ok":true)"), std::string::npos) << reply;
  const DayBooks books = table.books_of(20261121);
  EXPECT_EQ(books.orders, 3U);
  EXPECT_EQ(books.total_minor, 3 * 590);
}

TEST(DayBooks, of_an_earlier_day_end_where_the_next_begins) {
  StatementTable table;
  const DayBooks before = table.books_of(20261121);
  table.clock.set_day(20261122);
  table.clock.pass(Duration::seconds(1));
  for (int i = 10; i < 400; ++i) table.sell(i);
  table.writer->settle();
  EXPECT_EQ(table.books_of(20261121), before);
  EXPECT_EQ(table.books_of(20261122).orders, 390U);
  EXPECT_EQ(table.books_of(20261122).first, before.last + 1);
  EXPECT_EQ(table.books_of(20261120).first, 0U);
}

TEST(DayBooks, one_changed_byte_changes_the_digest) {
  StatementTable table;
  const DayBooks before = table.books_of(20261121);
  auto& event = table.journal.events[table.journal.events.size() - 2];
  std::string bytes = *event.data;
  bytes[std::string(R"({"at":1)").size()] ^= 1;  // another time, still an event
  event.data = std::make_shared<const std::string>(bytes);
  EXPECT_NE(table.books_of(20261121).digest, before.digest);
}

TEST(Statement, taken_is_sent_is_applied) {
  StatementTable table;
  table.apply_all();
  const std::string reply = table.state();
  EXPECT_EQ(number_at(reply, "result.day"), 20261121);
  EXPECT_EQ(number_at(reply, "result.taken.orders"), 3);
  EXPECT_EQ(number_at(reply, "result.sent.events"), number_at(reply, "result.taken.events"));
  EXPECT_NE(reply.find(R"("equal":true)"), std::string::npos);
  EXPECT_EQ(table.cloud.asked_for_hashes, 0);
}

TEST(Statement, what_is_on_its_way_is_no_difference) {
  StatementTable table;
  table.apply_all();
  table.sell(7);
  table.writer->settle();
  const std::string reply = table.state();
  EXPECT_NE(reply.find(R"("equal":false)"), std::string::npos);
  EXPECT_EQ(reply.find("differs"), std::string::npos);
  EXPECT_LT(number_at(reply, "result.sent.events"), number_at(reply, "result.taken.events"));
}

TEST(Statement, names_the_first_event_that_differs) {
  StatementTable table;
  table.apply_all();
  const Seq at = table.cloud.books.last - 3;
  table.cloud.hashes[at - 1] = "0123456789abcdef";
  table.cloud.books.digest = Sha256{};
  std::string reply = table.state();
  EXPECT_EQ(number_at(reply, "result.differs_at"), static_cast<std::int64_t>(at));
  EXPECT_EQ(text_at(reply, "result.differs_in"), "bytes");
  table.cloud.hashes[at - 2] = "";
  reply = table.state();
  EXPECT_EQ(number_at(reply, "result.differs_at"), static_cast<std::int64_t>(at - 1));
  EXPECT_EQ(text_at(reply, "result.differs_in"), "missing_there");
}

TEST(Statement, rows_that_do_not_follow_their_events_are_a_difference) {
  StatementTable table;
  table.apply_all();
  table.cloud.books.total_minor += 1;
  const std::string reply = table.state();
  EXPECT_NE(reply.find(R"("equal":false)"), std::string::npos);
  EXPECT_EQ(text_at(reply, "result.differs_in"), "total");
}

TEST(Statement, without_a_link_it_says_what_is_known_and_since_when_it_is_down) {
  StatementTable table;
  table.cloud.is_there = false;
  table.cloud.now.lost = CloudState::Lost::Internet;
  table.cloud.now.since = TimePoint{42};
  const std::string reply = table.state();
  EXPECT_EQ(number_at(reply, "result.taken.orders"), 3);
  EXPECT_EQ(reply.find("applied"), std::string::npos);
  EXPECT_EQ(text_at(reply, "result.no_answer"), "no link");
  EXPECT_EQ(number_at(reply, "result.cloud.since"), 42);
  EXPECT_EQ(text_at(reply, "result.cloud.lost"), "internet");
}

TEST(Cloud, is_told_of_every_group_and_shown_in_status_and_heartbeat) {
  StatementTable table;
  const std::size_t told = table.cloud.told;
  table.sell(8);
  EXPECT_EQ(table.cloud.told, told);  // nothing before the commit
  table.writer->settle();
  EXPECT_GT(table.cloud.told, told);
  table.session.take();
  table.cloud.now.lost = CloudState::Lost::Relay;
  table.cloud.now.since = TimePoint{7};
  table.clock.pass(Duration::seconds(2));
  table.hub->tick();
  const auto frames = table.session.take();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(text_at(frames[0], "cloud.lost"), "relay");
  EXPECT_EQ(number_at(frames[0], "cloud.since"), 7);
  table.cloud.now.lost = CloudState::Lost::Nothing;
  table.clock.pass(Duration::seconds(2));
  table.hub->tick();
  EXPECT_EQ(table.session.take().at(0).find("cloud"), std::string::npos);
}

}  // namespace
}  // namespace larder::edge
