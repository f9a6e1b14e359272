// What tills of other makes replay: merged by the estate's rules, once, and told to whoever owns
// the stock; the real rules of a hub take the words.
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <random>

#include "lan-protocol/verbs.hpp"
#include "relay/shards/replay_rows.hpp"
#include "tests/shards/shard_fixture.hpp"

namespace larder::relay {
namespace {

// By the clock of the kitchen, which begins before kNow.
TimePoint after(int minutes) {
  static const TimePoint begin = test::Store().now.at;
  return begin + Duration::minutes(minutes);
}

OfflineEvent sold(const std::string& id, const std::string& sku, int units, int minute,
                  const std::string& order = "") {
  return {OfflineChange{id, false, -10 * units, after(minute)}, SkuId(sku), order};
}
OfflineEvent set_to(const std::string& id, const std::string& sku, int units, int minute) {
  return {OfflineChange{id, true, 10 * units, after(minute)}, SkuId(sku), ""};
}

class Replays : public testing::Test {
 protected:
  Replays() : store_(open_store(folder_.path())) {}
  ReplayStore& port() { return *store_->shard(store_->database_of(poi_)).replays(); }
  Replayed replay(std::vector<OfflineEvent> events, TimePoint now = kNow) {
    OfflineBatch batch{"b1", poi_, std::move(events), relay::Asker{"api:pos", "t"}};
    auto done = port().replay(batch, now);
    if (!done) throw std::runtime_error(done.error().message());
    for (const StoreWord& each : done->words) words_.push_back(each.word);
    return std::move(*done);
  }
  void report(const std::string& sku, int real, TimePoint now) {
    PoiStock stock;
    stock.brand_id = "b1";
    stock.poi = poi_;
    stock.object_id = sku;
    stock.stock_type = 2;
    stock.real_quantity = Quantity::units(real);
    ASSERT_TRUE(store_->sync_from_pos(stock, now));
  }
  Quantity real(const std::string& sku) {
    const auto rows = store_->find_to_pos(poi_, std::nullopt);
    for (const PoiStock& row : *rows) {
      if (row.object_id == sku) return row.real_quantity;
    }
    throw std::runtime_error("no row of " + sku);
  }
  std::vector<std::string> query(std::string text) {
    for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$')) {
      text.replace(at, 1, suffix_of(poi_));
    }
    const std::size_t database = store_->database_of(poi_);
    store_.reset();
    auto found = rows(folder_.path(), database, text);
    store_ = open_store(folder_.path());
    return found;
  }
  std::vector<std::string> oversells() {
    return query("SELECT object_id, quantity, cause, order_ids, state FROM oversell_record$");
  }

  // A hub of ours, by its real rules.
  void hub_sends(const CommandId& command = {}) {
    const Seq known = hub_.last();
    hub_.take(kitchen_, command);
    if (hub_.last() == known) return;
    const BatchOutcome outcome = apply_one(*store_, hub_.batch(known + 1, hub_.last()));
    ASSERT_EQ(outcome.fate, BatchFate::Applied) << outcome.reason;
    ASSERT_EQ(outcome.mark.parked, 0U);
  }
  // The hub hears the oldest word that it has not heard: its outcome.
  // `between`: after the hub's count has come up, before its answer to the word has.
  std::string hub_hears(const std::function<void()>& between = {}) {
    const IssuedWord issued = words_.front();
    words_.pop_front();
    hub_sends();
    const auto args = parse_json(issued.word.args);
    auto command = find_command_verb(issued.word.verb)->decode(*args);
    if (!command) throw std::runtime_error(command.error().message());
    const auto done = kitchen_.run(kitchen_.hub, *command);
    const std::string code(done ? "ok" : code_name(done.error().code()));
    if (between) {
      hub_sends(issued.word.id);
      between();
    }
    kitchen_.must(kitchen_.hub, TakeWord{issued.number, issued.word.id, "relay", issued.word.verb,
                                         code, done ? "" : done.error().message()});
    hub_sends(issued.word.id);
    return code;
  }
  void tell() {
    const auto told = port().tell_replayed(kNow, 100);
    ASSERT_TRUE(told) << told.error().message();
    for (const StoreWord& each : *told) words_.push_back(each.word);
  }
  // Until nothing is on its way.
  void settle_with_hub() {
    for (int rounds = 0; rounds < 20; ++rounds) {
      tell();
      if (words_.empty()) return;
      while (!words_.empty()) hub_hears();
    }
    FAIL() << "the hub and the replay do not come to an end";
  }

  Folder folder_;
  std::unique_ptr<SqliteShardStore> store_;
  StoreId poi_{"s1"};
  test::Store kitchen_;
  HubJournal hub_{"s1"};
  std::deque<IssuedWord> words_;
};

TEST_F(Replays, relative_changes_add_up_and_the_same_batch_twice_changes_nothing) {
  report("soup", 10, after(0));
  const std::vector<OfflineEvent> batch = {sold("e1", "soup", 2, 5), sold("e2", "soup", 3, 6)};
  Replayed first = replay(batch);
  ASSERT_EQ(first.items.size(), 1U);
  EXPECT_EQ(first.items[0].real, Quantity::units(5));
  EXPECT_FALSE(first.items[0].waits);
  const Replayed again = replay(batch);
  EXPECT_TRUE(again.items.empty());
  EXPECT_TRUE(again.events[0].is_again && again.events[1].is_again);
  EXPECT_EQ(again.events[1].fate, OfflineFate::Applied);
  EXPECT_EQ(real("soup"), Quantity::units(5));
  replay({sold("e2", "soup", 3, 6), sold("e3", "soup", 1, 7)});
  EXPECT_EQ(real("soup"), Quantity::units(4));
  EXPECT_EQ(query("SELECT count(*) FROM outbox WHERE type = 'poi-item-stock-sync-topic'"),
            std::vector<std::string>{"3"});
}

TEST_F(Replays, an_id_that_comes_with_other_contents_refuses_the_whole_batch) {
  report("soup", 10, after(0));
  replay({sold("e1", "soup", 2, 5)});
  OfflineBatch batch{"b1", poi_, {sold("e9", "soup", 1, 6), sold("e1", "soup", 3, 5)}, {}};
  const auto refused = port().replay(batch, kNow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::KeyReuse);
  EXPECT_EQ(real("soup"), Quantity::units(8)) << "nothing of it";
  EXPECT_EQ(query("SELECT count(*) FROM offline_event$"), std::vector<std::string>{"1"});
}

TEST_F(Replays, an_absolute_set_counts_by_its_time_and_the_deltas_after_it_are_added) {
  report("soup", 10, after(0));
  replay({sold("e3", "soup", 1, 30)});
  const Replayed done = replay({sold("e1", "soup", 4, 10), set_to("e2", "soup", 20, 20)});
  EXPECT_EQ(done.events[0].fate, OfflineFate::Superseded);
  EXPECT_EQ(done.events[1].fate, OfflineFate::Applied);
  EXPECT_EQ(real("soup"), Quantity::units(19));
  // A report that is later than all of it wins; what a till did before it is in it.
  report("soup", 7, after(60));
  const Replayed late = replay({sold("e4", "soup", 2, 50), set_to("e5", "soup", 99, 40)});
  EXPECT_EQ(late.events[0].fate, OfflineFate::Superseded);
  EXPECT_EQ(late.events[1].fate, OfflineFate::Superseded);
  EXPECT_EQ(real("soup"), Quantity::units(7));
}

TEST_F(Replays, less_than_nothing_is_an_oversell_record_and_only_what_is_new_of_it) {
  report("soup", 2, after(0));
  const Replayed done = replay({sold("e1", "soup", 3, 5, "A-1"), sold("e2", "soup", 2, 6, "A-2")});
  EXPECT_EQ(done.items[0].real, Quantity());
  EXPECT_EQ(done.items[0].oversold, Quantity::units(3));
  EXPECT_EQ(oversells(), std::vector<std::string>{R"(soup|30|replay|["A-1","A-2"]|open)"});
  replay({sold("e3", "soup", 1, 7, "A-3")});
  EXPECT_EQ(oversells().size(), 2U);
  EXPECT_EQ(oversells()[1], R"(soup|10|replay|["A-3"]|open)");
  // Two come back: still two short, and nothing new.
  replay({sold("e4", "soup", -2, 8)});
  EXPECT_EQ(oversells().size(), 2U);
  EXPECT_EQ(real("soup"), Quantity());
  replay({sold("e5", "soup", -3, 9)});
  EXPECT_EQ(real("soup"), Quantity::units(1)) << "2 - 3 - 2 - 1 + 2 + 3";
}

TEST_F(Replays, what_nobody_counts_or_knows_is_kept_and_said) {
  report("soup", 2, after(0));
  PoiStock free;
  free.poi = poi_;
  free.object_id = "cola";
  ASSERT_TRUE(store_->sync_from_pos(free, after(0)));
  const Replayed done = replay({sold("e1", "cola", 3, 5), sold("e2", "caviar", 2, 6)});
  EXPECT_EQ(done.events[0].fate, OfflineFate::Unlimited);
  EXPECT_EQ(done.events[1].fate, OfflineFate::Unknown);
  EXPECT_TRUE(done.items.empty());
  // Somebody counted it, before that was sold.
  replay({set_to("e3", "caviar", 9, 4)});
  EXPECT_EQ(real("caviar"), Quantity::units(7));
}

TEST_F(Replays, a_store_with_a_hub_is_told_and_its_own_sales_count) {
  kitchen_.count("soup", 20);
  hub_sends();
  const Replayed done = replay({sold("e1", "soup", 3, 5)});
  ASSERT_EQ(done.words.size(), 1U);
  EXPECT_TRUE(done.items[0].waits);
  EXPECT_EQ(done.items[0].real, Quantity::units(17));
  // The hub sells two more before it hears of it.
  kitchen_.must(kitchen_.kiosk, PlaceHold{{test::line("soup", 2)}});
  EXPECT_EQ(hub_hears(), "ok");
  EXPECT_EQ(kitchen_.level("soup").available, Quantity::units(15));
  EXPECT_EQ(real("soup"), Quantity::units(15));
  settle_with_hub();
  EXPECT_EQ(kitchen_.level("soup").available, Quantity::units(15)) << "told once";
}

TEST_F(Replays, a_count_at_the_hub_meanwhile_is_not_lost) {
  kitchen_.count("soup", 20);
  hub_sends();
  replay({sold("e1", "soup", 3, 5), sold("e2", "soup", 1, 30)});
  kitchen_.wait(600);
  kitchen_.count("soup", 50);
  EXPECT_EQ(hub_hears(), "stale_count");
  EXPECT_EQ(kitchen_.level("soup").available, Quantity::units(50));
  settle_with_hub();
  EXPECT_EQ(kitchen_.level("soup").available, Quantity::units(49)) << "e1 was in that count";
  EXPECT_EQ(query("SELECT state FROM offline_event$ ORDER BY event_id"),
            (std::vector<std::string>{"superseded", "done"}));
}

TEST_F(Replays, a_tills_own_count_is_brought_up_to_date_by_what_the_hub_sold_since) {
  kitchen_.count("soup", 20);
  hub_sends();
  kitchen_.wait(600);
  kitchen_.must(kitchen_.kiosk, PlaceHold{{test::line("soup", 2)}});
  hub_sends();
  replay({sold("e1", "soup", 1, 7), set_to("e2", "soup", 12, 5)});
  settle_with_hub();
  EXPECT_EQ(kitchen_.level("soup").available, Quantity::units(9)) << "12 - 1 - 2";
  // And an older one changes nothing.
  const Replayed late = replay({set_to("e3", "soup", 99, 4)});
  EXPECT_EQ(late.events[0].fate, OfflineFate::Superseded);
  settle_with_hub();
  EXPECT_EQ(kitchen_.level("soup").available, Quantity::units(9));
}

TEST_F(Replays, one_word_at_a_time_and_what_comes_meanwhile_goes_with_the_next) {
  kitchen_.count("soup", 20);
  hub_sends();
  replay({sold("e1", "soup", 3, 5)});
  const Replayed second = replay({sold("e2", "soup", 4, 6)});
  EXPECT_TRUE(second.words.empty()) << "the first is on its way";
  EXPECT_EQ(second.items[0].real, Quantity::units(13)) << "what it will be";
  settle_with_hub();
  EXPECT_EQ(kitchen_.level("soup").available, Quantity::units(13));
  EXPECT_EQ(query("SELECT DISTINCT state FROM offline_event$"), std::vector<std::string>{"done"});
}

TEST_F(Replays, a_row_dated_by_a_clock_set_back_hides_no_sale_before_it) {
  kitchen_.count("soup", 20);
  hub_sends();
  kitchen_.wait(600);
  kitchen_.must(kitchen_.kiosk, PlaceHold{{test::line("soup", 2)}});
  hub_sends();
  kitchen_.wait(-900);
  kitchen_.must(kitchen_.kiosk, PlaceHold{{test::line("soup", 1)}});
  hub_sends();
  const Replayed done = replay({set_to("e1", "soup", 12, 5)});
  EXPECT_EQ(done.items.at(0).real, Quantity::units(10)) << "12 - 2, and one was sold before";
}

TEST_F(Replays, what_the_hub_has_counted_is_not_taken_off_again_before_it_answers) {
  kitchen_.count("soup", 4);
  hub_sends();
  replay({sold("e1", "soup", 3, 5, "A-1")});
  hub_hears([this] {
    EXPECT_EQ(real("soup"), Quantity::units(1));
    const Replayed second = replay({sold("e2", "soup", 1, 6, "A-2")});
    EXPECT_EQ(second.items.at(0).real, Quantity()) << "4 - 3 - 1";
    EXPECT_EQ(second.items.at(0).oversold, Quantity());
  });
  settle_with_hub();
  EXPECT_EQ(kitchen_.level("soup").available, Quantity());
  EXPECT_TRUE(oversells().empty()) << oversells().front();
  // One that is short between the two is short once.
  kitchen_.count("cola", 2);
  hub_sends();
  replay({sold("e3", "cola", 3, 5, "A-3")});
  hub_hears([this] { replay({sold("e4", "cola", 1, 6, "A-4")}); });
  settle_with_hub();
  EXPECT_EQ(oversells(), (std::vector<std::string>{R"(cola|10|replay|["A-3"]|open)",
                                                   R"(cola|10|replay|["A-4"]|open)"}));
}

// What a hub would have logged: `rows` sales of a tenth each, at minute 7.
std::string busy_log(const std::string& suffix, std::int64_t rows) {
  const auto level = [](int tenths) {
    return R"({"sku":"soup","type":"limited","available":)" + Quantity::tenths(tenths).text() + "}";
  };
  const std::string content =
      R"({"change":"lock","before":)" + level(200) + R"(,"after":)" + level(199) + "}";
  return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
         std::to_string(rows) + ") INSERT INTO poi_item_stock_log" + suffix +
         " (product_shard_id, poi_id, stock_id, content, created_at) SELECT p.product_shard_id,"
         " p.poi_id, p.id, '" +
         content + "', " + std::to_string(after(7).micros) + " FROM n, poi_item_stock" + suffix +
         " p WHERE p.object_id = 'soup'";
}

TEST_F(Replays, more_changes_than_can_be_read_refuse_the_merge_and_keep_nothing) {
  kitchen_.count("soup", 20);
  hub_sends();
  query(busy_log("$", kSiteChangesRead));
  // It is later than all of them, so that none of them is asked for.
  const Replayed late = replay({sold("e1", "soup", 1, 8)});
  EXPECT_EQ(late.items.at(0).real, Quantity::units(19));
  settle_with_hub();
  query(busy_log("$", 1));
  OfflineBatch batch{"b1", poi_, {set_to("e2", "soup", 5, 6), sold("e3", "cola", 1, 6)}, {}};
  const auto refused = port().replay(batch, kNow);
  ASSERT_FALSE(refused) << "a part of the log says nothing of what is there";
  EXPECT_EQ(refused.error().code(), Code::BadState);
  EXPECT_NE(refused.error().message().find("soup has changed more than 20000"), std::string::npos);
  EXPECT_EQ(query("SELECT event_id FROM offline_event$"), std::vector<std::string>{"e1"});
  EXPECT_EQ(query("SELECT count(*) FROM hq_words$"), std::vector<std::string>{"1"});
}

TEST_F(Replays, a_merge_that_became_impossible_is_given_up_and_holds_back_no_other) {
  kitchen_.count("soup", 20);
  kitchen_.count("cola", 20);
  hub_sends();
  replay({set_to("e1", "soup", 15, 5), sold("e2", "cola", 1, 5)});
  // Neither word arrives in time, and the hub is busy meanwhile.
  query("UPDATE offline_event$ SET state = 'new', word_id = ''");
  query("UPDATE offline_item$ SET waits = 1, word_id = ''");
  query(busy_log("$", kSiteChangesRead + 1));
  words_.clear();
  tell();
  EXPECT_EQ(words_.size(), 1U) << "the cola";
  EXPECT_EQ(query("SELECT event_id, state FROM offline_event$ ORDER BY event_id"),
            (std::vector<std::string>{"e1|refused", "e2|told"}));
  EXPECT_EQ(query("SELECT who FROM stream_log WHERE what LIKE 'gave up a replay: soup%'"),
            std::vector<std::string>{"relay"});
  words_.clear();
  tell();
  EXPECT_TRUE(words_.empty());
}

}  // namespace
}  // namespace larder::relay
