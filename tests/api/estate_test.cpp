// The estate's three examples of concurrent change (contract of the estate, section 6), asked for
// over HTTP, with real rows behind it and the real rules of a hub at the other end.
#include <gtest/gtest.h>

#include <deque>

#include "lan-protocol/verbs.hpp"
#include "tests/api/api_house.hpp"
#include "tests/shards/shard_fixture.hpp"

namespace larder::relay {
namespace {

class Estate : public testing::Test {
 protected:
  Estate() : store_(open_store(rows_.path())) {
    house_.desk().on_sync = [this](const PoiStock& stock) {
      return store_->sync_from_pos(stock, tick());
    };
    house_.desk().on_replay = [this](const OfflineBatch& batch) {
      auto done = store_->shard(store_->database_of(batch.store)).replays()->replay(batch, tick());
      if (done) {
        for (const StoreWord& each : done->words) words_.push_back(each.word);
      }
      return done;
    };
    house_.desk().on_issue = [this](const NewWord& word) {
      auto issued = store_->issue(word, tick());
      if (issued) words_.push_back(*issued);
      return issued;
    };
  }
  TimePoint tick() { return now_ = now_ + Duration::seconds(1); }
  RawAnswer post(const std::string& what, const std::string& body) {
    return house_.as_admin("POST", "/api/v1/poi/stock/" + what, body);
  }
  // A till of another make sold `units` at this time.
  RawAnswer replays(const std::string& id, const std::string& sku, int units, TimePoint at) {
    const std::int64_t seconds = at.micros / 1'000'000 - 1'795'219'200;  // of 2026-11-21
    const auto two = [](std::int64_t number) {
      return std::string(number < 10 ? "0" : "") + std::to_string(number);
    };
    const std::string time =
        two(seconds / 3600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60);
    return post("replay-offline-events",
                R"({"brandId":"b1","poiId":"s1","events":[{"event_id":")" + id +
                    R"(","object_id":")" + sku + R"(","change_type":"RELATIVE","quantity":-)" +
                    std::to_string(units) + R"(,"occurred_at":"2026-11-21T)" + time + R"(Z"}]})");
  }
  void hub_sends(const CommandId& command = {}) {
    const Seq known = hub_.last();
    hub_.take(kitchen_, command);
    if (hub_.last() > known) apply_one(*store_, hub_.batch(known + 1, hub_.last()), tick());
  }
  std::string hub_hears(const IssuedWord& issued) {
    hub_sends();
    auto command = find_command_verb(issued.word.verb)->decode(*parse_json(issued.word.args));
    const auto done = kitchen_.run(kitchen_.hub, *command);
    const std::string code(done ? "ok" : code_name(done.error().code()));
    kitchen_.must(kitchen_.hub, TakeWord{issued.number, issued.word.id, issued.word.by,
                                         issued.word.verb, code, ""});
    hub_sends(issued.word.id);
    return code;
  }
  // Words arrive in order, each once; the job that looks for what is not confirmed asks again.
  void settle() {
    for (int rounds = 0; rounds < 10; ++rounds) {
      for (; !words_.empty(); words_.pop_front()) hub_hears(words_.front());
      auto& shard = store_->shard(store_->database_of(StoreId("s1")));
      const auto told = shard.tell_replayed(tick(), 10);
      ASSERT_TRUE(told);
      for (const StoreWord& each : *told) words_.push_back(each.word);
      if (words_.empty()) return;
    }
    FAIL() << "no end";
  }
  StockRecord record(const std::string& sku) {
    return **store_->stock_of(StoreId("s1"), SkuId(sku));
  }

  Folder rows_;
  std::unique_ptr<SqliteShardStore> store_;
  ApiHouse house_;
  test::Store kitchen_;
  HubJournal hub_{"s1"};
  std::deque<IssuedWord> words_;
  TimePoint now_ = kNow;
};

TEST_F(Estate, hq_sets_sold_out_while_a_pos_sells_the_same_item) {
  kitchen_.count("soup", 10);
  hub_sends();
  const RawAnswer out = house_.as_admin("PUT", "/api/v1/poi/stock",
                                        R"({"poiId":"s1","object_id":"soup","stock_status":2})");
  ASSERT_EQ(out.status, 200) << out.body;
  kitchen_.wait(60);
  kitchen_.must(kitchen_.kiosk, PlaceHold{{test::line("soup", 2)}});  // before the word came
  const RawAnswer sold = replays("e1", "soup", 3, kitchen_.now.at);
  ASSERT_EQ(sold.status, 200) << sold.body;
  settle();
  EXPECT_EQ(record("soup").level.status, StockStatus::SoldOut) << "HQ's word stands";
  EXPECT_EQ(record("soup").level.available, Quantity::units(5)) << "and every sale is counted";
  EXPECT_EQ(kitchen_.level("soup"), record("soup").level);
}

TEST_F(Estate, a_report_that_is_made_again_after_its_answer_was_lost_changes_nothing) {
  kitchen_.count("soup", 10);
  hub_sends();
  kitchen_.wait(60);
  const TimePoint at = kitchen_.now.at;
  ASSERT_EQ(replays("e1", "soup", 3, at).status, 200);
  settle();
  EXPECT_EQ(record("soup").level.available, Quantity::units(7));
  // The answer was lost. HQ changes the item, then the POS reports the same again.
  kitchen_.wait(60);
  ASSERT_EQ(house_
                .as_admin("PUT", "/api/v1/poi/stock",
                          R"({"poiId":"s1","object_id":"soup","stock_type":2,"real_quantity":50})")
                .status,
            200);
  settle();
  const RawAnswer again = replays("e1", "soup", 3, at);
  EXPECT_EQ(again.status, 200);
  EXPECT_TRUE(has(again.body, R"("again":true)") && has(again.body, R"("items":[])")) << again.body;
  settle();
  EXPECT_EQ(record("soup").level.available, Quantity::units(50));
  EXPECT_EQ(kitchen_.level("soup"), record("soup").level);
}

TEST_F(Estate, a_change_that_never_arrived_is_made_again_on_what_is_there_now) {
  kitchen_.count("soup", 10);
  hub_sends();
  kitchen_.wait(600);
  ASSERT_EQ(replays("e1", "soup", 3, kitchen_.now.at).status, 200);
  // The word waits at the relay; the store counts anew, and sells.
  kitchen_.must(kitchen_.kiosk, PlaceHold{{test::line("soup", 1)}});
  hub_sends();
  EXPECT_EQ(record("soup").level.available, Quantity::units(9)) << "nothing has arrived";
  settle();
  EXPECT_EQ(kitchen_.level("soup").available, Quantity::units(6));
  EXPECT_EQ(kitchen_.level("soup"), record("soup").level);
  const RawAnswer other = replays("e1", "soup", 4, kitchen_.now.at);
  EXPECT_EQ(other.status, 422) << "the same event with other contents";
  EXPECT_TRUE(has(other.body, "INV_005"));
}

}  // namespace
}  // namespace larder::relay
