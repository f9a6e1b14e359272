// HQ's words at the hub: once, in order, with an event each, in one group with what they caused.
#include <gtest/gtest.h>

#include "lan-protocol/codec.hpp"
#include "tests/app/kitchen_table.hpp"

namespace larder::edge {
namespace {

NumberedWord word(Seq number, const std::string& verb, const std::string& args,
                  const std::string& id = "") {
  Word made;
  made.id = CommandId(id.empty() ? "w" + std::to_string(number) : id);
  made.verb = verb;
  made.args = args;
  made.by = "hq:alice";
  return NumberedWord{number, made};
}

NumberedWord mark(Seq number, const std::string& status = "sold_out") {
  return word(number, "stock.mark", R"({"sku":"soup","status":")" + status + R"("})");
}

class WordsTable : public KitchenTable {
 public:
  Seq take(std::vector<NumberedWord> words) {
    Seq applied = 0;
    hub->take_words(std::move(words), [&applied](Seq up_to) { applied = up_to; });
    writer->settle();
    return applied;
  }

  WordTaken last_turn() const {
    return std::get<WordTaken>(decode_event(*journal.events.back().data)->event);
  }
  StampedEvent from_the_end(std::size_t back) const {
    return *decode_event(*journal.events[journal.events.size() - 1 - back].data);
  }
};

TEST(Words, are_done_and_leave_an_event_after_what_they_caused_in_the_same_group) {
  WordsTable table;
  const std::size_t groups = table.journal.groups.size();
  EXPECT_EQ(table.take({mark(1)}), 1U);
  EXPECT_EQ(table.journal.groups.size(), groups + 1);
  EXPECT_EQ(table.hub->ledger().stock.level(SkuId("soup")).status, StockStatus::SoldOut);
  const StampedEvent caused = table.from_the_end(1);
  const auto& change = std::get<StockChanged>(caused.event);
  EXPECT_EQ(caused.by, DeviceId("hq:alice"));
  EXPECT_EQ(caused.command, CommandId("w1"));
  EXPECT_EQ(change.by, DeviceId("hq:alice"));
  const WordTaken turn = table.last_turn();
  EXPECT_EQ(turn.number, 1U);
  EXPECT_EQ(turn.id, CommandId("w1"));
  EXPECT_EQ(turn.by, "hq:alice");
  EXPECT_EQ(turn.verb, "stock.mark");
  EXPECT_EQ(turn.code, "ok");
}

TEST(Words, are_acknowledged_only_when_they_are_on_disk) {
  WordsTable table;
  bool is_acknowledged = false;
  table.hub->take_words({mark(1)}, [&](Seq) { is_acknowledged = true; });
  EXPECT_FALSE(is_acknowledged);
  EXPECT_EQ(table.hub->words_applied(), 0U);
  table.writer->settle();
  EXPECT_TRUE(is_acknowledged);
  EXPECT_EQ(table.hub->words_applied(), 1U);
}

TEST(Words, case_63_a_repeat_is_done_once_and_acknowledged_again) {
  WordsTable table;
  table.take({mark(1), mark(2, "available")});
  const std::size_t events = table.journal.events.size();
  EXPECT_EQ(table.take({mark(1), mark(2, "available")}), 2U);
  EXPECT_EQ(table.journal.events.size(), events);
  EXPECT_EQ(table.hub->ledger().stock.level(SkuId("soup")).status, StockStatus::Available);
}

TEST(Words, case_63_a_repeat_after_a_restart_is_done_once) {
  WordsTable table;
  table.take({word(1, "stock.count", R"({"sku":"soup","available":5})")});
  table.start();
  EXPECT_EQ(table.hub->words_applied(), 1U);
  const std::size_t events = table.journal.events.size();
  EXPECT_EQ(table.take({word(1, "stock.count", R"({"sku":"soup","available":5})")}), 1U);
  EXPECT_EQ(table.journal.events.size(), events);
}

TEST(Words, case_63_a_gap_waits_for_what_is_missing) {
  WordsTable table;
  EXPECT_EQ(table.take({mark(2), mark(3)}), 0U);
  EXPECT_EQ(table.hub->ledger().stock.level(SkuId("soup")).status, StockStatus::Available);
  EXPECT_EQ(table.take({mark(1), mark(2), mark(4)}), 2U);
}

TEST(Words, case_63_what_came_too_late_is_not_done_and_says_so) {
  WordsTable table;
  NumberedWord late = mark(1);
  late.word->not_after = table.clock.now().at;
  table.clock.pass(Duration::seconds(1));
  EXPECT_EQ(table.take({late}), 1U);
  EXPECT_EQ(table.last_turn().code, "expired");
  EXPECT_EQ(table.hub->ledger().stock.level(SkuId("soup")).status, StockStatus::Available);
}

TEST(Words, case_63_one_id_is_done_once_under_whatever_number) {
  WordsTable table;
  const std::string count = R"({"sku":"soup","available":5})";
  table.take({word(1, "stock.count", count, "same")});
  table.take({word(2, "stock.count", R"({"sku":"soup","available":9})", "same")});
  EXPECT_EQ(table.last_turn().code, "key_reuse");
  EXPECT_EQ(table.hub->ledger().stock.level(SkuId("soup")).available, *Quantity::parse("5"));
}

TEST(Words, hq_may_do_four_things_and_nothing_else) {
  WordsTable table;
  Seq number = 0;
  for (const char* verb : {"order.void", "device.add", "device.revoke", "order.place", "no.verb"}) {
    const std::size_t events = table.journal.events.size();
    EXPECT_EQ(table.take({word(number + 1, verb, "{}")}), number + 1);
    number++;
    EXPECT_EQ(table.last_turn().code, "forbidden") << verb;
    EXPECT_EQ(table.journal.events.size(), events + 1);
  }
}

TEST(Words, a_refused_one_changes_nothing_and_says_why) {
  WordsTable table;
  EXPECT_EQ(table.take({word(1, "stock.mark", R"({"sku":"nothing","status":"sold_out"})")}), 1U);
  EXPECT_EQ(table.last_turn().code, "unknown_sku");
  EXPECT_FALSE(table.last_turn().message.empty());
  EXPECT_EQ(table.take({word(2, "stock.mark", "{")}), 2U);
  EXPECT_EQ(table.last_turn().code, "bad_json");
  EXPECT_EQ(table.take({NumberedWord{3, refuse(Code::BadRequest, "no word")}}), 3U);
  EXPECT_EQ(table.last_turn().code, "bad_request");
  EXPECT_EQ(table.last_turn().by, "hq");
}

TEST(Words, case_64_a_settlement_of_a_lease_that_is_not_known_is_told_to_a_person_here) {
  WordsTable table;
  const std::string args = R"({"lease":"l999","sold":2,"returned":0})";
  EXPECT_EQ(table.take({word(1, "lease.settle", args)}), 1U);
  EXPECT_EQ(table.last_turn().code, "not_found");
  ASSERT_FALSE(table.telemetry.warnings.empty());
  EXPECT_NE(table.telemetry.warnings.back().find("lease l999 2.0 sold"), std::string::npos)
      << table.telemetry.warnings.back();
  RecordingSession session;
  const SessionKey key = table.join(session, "admin");
  table.hub->received(key, R"({"type":"query","id":"q","verb":"hub.status","args":{}})");
  table.writer->settle();
  const std::string status = session.take().back();
  EXPECT_NE(status.find(R"("unsettled":[{"lease":"l999","sold":2.0,"returned":0.0,)"),
            std::string::npos)
      << status;
}

TEST(Words, an_online_order_is_as_old_as_its_word_and_not_as_its_arrival) {
  WordsTable table;
  const std::string args = R"({"source":"online_order","external":"OO-1","service":"takeaway",)"
                           R"("lines":[{"sku":"soup","quantity":1}],)"
                           R"("payment":{"tender":"card","amount":590,"reference":"r"}})";
  NumberedWord online = word(1, "online.order", args);
  online.issued_at = table.clock.now().at;
  table.clock.pass(Duration::minutes(100));  // the hub was off
  table.take({online});
  ASSERT_EQ(table.last_turn().code, "ok") << table.last_turn().message;
  const Order& order = table.hub->ledger().orders.begin()->second;
  EXPECT_EQ(order.placed_at, online.issued_at);
  EXPECT_EQ(order.state, OrderState::Paid) << "and it waits for a person";
}

TEST(Words, nobody_at_hq_takes_the_name_of_a_device) {
  WordsTable table;
  NumberedWord disguised = mark(1);
  disguised.word->by = "till-1";
  table.take({disguised});
  EXPECT_EQ(table.last_turn().by, "hq:till-1");
  EXPECT_EQ(table.from_the_end(1).by, DeviceId("hq:till-1"));
}

TEST(Words, a_menu_in_another_currency_is_refused) {
  WordsTable table;
  table.currency = "EUR";
  table.start();
  JsonWriter out;
  Menu menu = sample_menu();
  menu.currency = *Currency::parse("CNY");
  out.begin_object().key("menu");
  write_menu(out, menu);
  out.end_object();
  table.take({word(1, "menu.import", out.text())});
  EXPECT_EQ(table.last_turn().code, "bad_money");
}

TEST(Words, reach_the_screens_that_follow_the_stock) {
  WordsTable table;
  RecordingSession till;
  const SessionKey key = table.join(till, "till-1");
  table.hub->received(key, KitchenTable::subscribe("1", "stock"));
  table.writer->settle();
  till.take();
  table.take({mark(1)});
  const auto frames = till.take();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(text_at(frames[0], "events.0.by"), "hq:alice");
  EXPECT_EQ(text_at(frames[0], "events.1.event"), "hq.word_taken");
}

}  // namespace
}  // namespace larder::edge
