// The day's statement from this side, and what the audit names.
#include <gtest/gtest.h>

#include "tests/shards/shard_fixture.hpp"

namespace larder::relay {
namespace {

constexpr BusinessDay kDay{20261121};

class Books : public testing::Test {
 protected:
  Books() : store_(open_store(folder_.path())) {
    cook(kitchen_, 5, 60);
    kitchen_.now.day = BusinessDay{20261122};
    kitchen_.wait(40'000);
    cook(kitchen_, 6, 20);
    hub_.take(kitchen_);
    apply_one(*store_, hub_.all());
  }
  Seq day_begins(BusinessDay day) const {
    for (std::size_t i = 0; i < kitchen_.journal.size(); ++i) {
      const auto* opened = std::get_if<DayOpened>(&kitchen_.journal[i].event);
      if (opened != nullptr && opened->day == day) return i + 1;
    }
    return 0;
  }
  void tamper_with(std::string script) {
    for (std::size_t at = script.find('$'); at != std::string::npos; at = script.find('$')) {
      script.replace(at, 1, suffix_of(hub_.store()));
    }
    store_.reset();
    tamper(folder_.path(), BucketMap(2, kTables).place(hub_.store()).database, script);
    store_ = open_store(folder_.path());
  }
  // One sentence that holds all the words.
  void expect_named(const std::string& word, std::size_t sentences = 1) {
    const auto found = store_->audit_day(hub_.store(), kDay);
    ASSERT_TRUE(found) << found.error().message();
    ASSERT_EQ(found->size(), sentences) << (found->empty() ? "" : found->front());
    EXPECT_NE(found->front().find(word), std::string::npos) << found->front();
  }

  Folder folder_;
  test::Store kitchen_;
  HubJournal hub_{"s1"};
  std::unique_ptr<SqliteShardStore> store_;
};

TEST_F(Books, the_statement_is_what_the_hub_did) {
  const auto books = store_->day_books(hub_.store(), kDay);
  ASSERT_TRUE(books) << books.error().message();
  const Seq next = day_begins(BusinessDay{20261122});
  EXPECT_EQ(books->first, day_begins(kDay));
  EXPECT_EQ(books->last, next - 1);
  EXPECT_EQ(books->events, books->last - books->first + 1);
  EXPECT_EQ(books->digest, hub_.hash_at(next - 1));
  std::uint64_t orders = 0, movements = 0;
  std::int64_t total = 0;
  for (Seq seq = books->first; seq <= books->last; ++seq) {
    const Event& event = kitchen_.journal[seq - 1].event;
    if (const auto* placed = std::get_if<OrderPlaced>(&event)) {
      ++orders;
      total += placed->order.total.in_minor();
    }
    if (std::get_if<StockChanged>(&event) != nullptr) ++movements;
    if (const auto* e = std::get_if<HoldLocked>(&event)) movements += e->movements.size();
    if (const auto* e = std::get_if<HoldConfirmed>(&event)) movements += e->movements.size();
    if (const auto* e = std::get_if<HoldReleased>(&event)) movements += e->movements.size();
    if (const auto* e = std::get_if<OrderLineVoided>(&event)) movements += e->movements.size();
  }
  EXPECT_GT(orders, 5U);
  EXPECT_EQ(books->orders, orders);
  EXPECT_EQ(books->total_minor, total);
  EXPECT_EQ(books->movements, movements);
  EXPECT_EQ(store_->day_books(hub_.store(), BusinessDay{20261122})->last, hub_.last());
  EXPECT_EQ(store_->day_books(hub_.store(), BusinessDay{20261123})->events, 0U);
  EXPECT_TRUE(store_->audit_day(hub_.store(), kDay)->empty());
  EXPECT_TRUE(store_->audit_day(hub_.store(), BusinessDay{20261122})->empty());
}

TEST_F(Books, hashes_tell_single_events_apart) {
  const auto hashes = store_->event_hashes(hub_.store(), 3, hub_.last() + 1);
  ASSERT_TRUE(hashes);
  EXPECT_EQ(hashes->front(), hex(sha256(hub_.data_at(3))).substr(0, 16));
  EXPECT_EQ(hashes->back(), "");
  EXPECT_FALSE(store_->event_hashes(hub_.store(), 1, 501));
}

TEST_F(Books, an_event_that_was_altered_here_is_named) {
  tamper_with(
      "UPDATE store_events$ SET data = CAST(replace(CAST(data AS TEXT), 'till', 'tilt') AS"
      " BLOB) WHERE seq = 6");
  expect_named("Event 6 of epoch 1 was altered");
}

TEST_F(Books, an_event_that_is_missing_here_is_named) {
  const Seq digest_of = day_begins(BusinessDay{20261122}) - 1;
  tamper_with("DELETE FROM store_events$ WHERE seq = 5");
  const auto found = store_->audit_day(hub_.store(), kDay);
  ASSERT_TRUE(found);
  ASSERT_FALSE(found->empty());
  EXPECT_EQ(found->front(), "Event 5 is missing here");
  EXPECT_NE(store_->day_books(hub_.store(), kDay)->digest, hub_.hash_at(digest_of));
}

TEST_F(Books, an_event_that_is_here_twice_is_named) {
  tamper_with(
      "INSERT INTO store_events$ SELECT product_shard_id, store_id, seq, epoch + 1, type,"
      " at, hash, data FROM store_events$ WHERE seq = 6");
  expect_named("Event 6 of epoch 2 is here a second time");
}

TEST_F(Books, an_order_or_movement_without_its_event_is_named) {
  tamper_with(
      "INSERT INTO store_orders$ SELECT product_shard_id, store_id, order_id || 'x',"
      " lost_epoch, day, number, channel, service, state, is_paid, reason, placed_minor, "
      "total_minor,"
      " currency, placed_seq, last_seq, placed_at, updated_at, external_no, source FROM "
      "store_orders$ ORDER BY"
      " placed_seq LIMIT 1");
  expect_named("x is here twice or without its event");
  tamper_with(
      "DELETE FROM store_orders$ WHERE order_id LIKE '%x';"
      "DELETE FROM inventory_transactions$ WHERE seq = (SELECT min(seq) FROM"
      " inventory_transactions$)");
  expect_named("has no row here");
}

TEST_F(Books, a_total_that_was_altered_here_is_named) {
  tamper_with(
      "UPDATE store_orders$ SET total_minor = total_minor + 1 WHERE placed_seq ="
      " (SELECT min(placed_seq) FROM store_orders$)");
  expect_named("its events say");
  tamper_with(
      "UPDATE store_orders$ SET total_minor = total_minor - 1, placed_minor ="
      " placed_minor + 1 WHERE placed_seq = (SELECT min(placed_seq) FROM store_orders$)");
  expect_named("its events say");
}

TEST_F(Books, the_statement_after_a_restore_is_that_of_the_new_line) {
  const Seq next = day_begins(BusinessDay{20261122});
  hub_.restore_to(next - 4);
  hub_.add(DayOpened{BusinessDay{20261122}});
  const BatchOutcome outcome = apply_one(*store_, hub_.batch(next - 3, hub_.last()));
  ASSERT_EQ(outcome.fate, BatchFate::Applied) << outcome.reason;
  const auto books = store_->day_books(hub_.store(), kDay);
  EXPECT_EQ(books->last, next - 3);
  EXPECT_EQ(books->digest, hub_.hash_at(next - 3));
  EXPECT_TRUE(store_->audit_day(hub_.store(), kDay)->empty())
      << store_->audit_day(hub_.store(), kDay)->front();
}

}  // namespace
}  // namespace larder::relay
