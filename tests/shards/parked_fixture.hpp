// What the tests of events that were set aside share: a store whose rows can be made to contradict
// what its hub sends, and mended.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/shards/shard_fixture.hpp"

namespace larder::relay {

class Parked : public testing::Test {
 protected:
  Parked() : store_(open_store(folder_.path())) {
    hub_.add(EpochBegun{1, "first start"});
    send();
  }
  SqliteShard& shard() { return store_->shard(store_->database_of(hub_.store())); }
  BatchOutcome send() {
    const Seq from = sent_ + 1;
    sent_ = hub_.last();
    return apply_one(*store_, hub_.batch(from, sent_));
  }
  void count(const std::string& sku, int units) {
    const StockLevel after{StockType::Limited, StockStatus::Available, Quantity::units(units), {}};
    hub_.add(StockChanged{Movement{SkuId(sku), MovementKind::Count, {}, after}, DeviceId("t")});
  }
  void change_rows(const std::string& script) {
    store_.reset();
    tamper(folder_.path(), BucketMap(2, kTables).place(hub_.store()).database, script);
    store_ = open_store(folder_.path());
  }
  // The next event's movement has a row already, that is not its own.
  void contradict(Seq seq) {
    change_rows("INSERT INTO inventory_transactions" + suffix_of(hub_.store()) +
                " SELECT product_shard_id, store_id, 900, 1, 0, 's1/1/" + std::to_string(seq) +
                "/0', '', 'tea', 'adjust', 0, 0, 0, 0, 0, 0, '', '', '', '', '', 0"
                " FROM store_stream");
  }
  void mend() {
    change_rows("DELETE FROM inventory_transactions" + suffix_of(hub_.store()) +
                " WHERE seq = 900");
  }
  // As if this event's rows had contradicted what was there; `undo`: what it wrote.
  void set_aside(Seq seq, const std::string& undo = "") {
    const std::string table = suffix_of(hub_.store());
    change_rows("INSERT INTO parked_events" + table +
                " (product_shard_id, store_id, seq, epoch, type, reason, parked_at)"
                " SELECT product_shard_id, store_id, seq, epoch, type, 'x', 1 FROM store_events" +
                table + " WHERE seq = " + std::to_string(seq) +
                "; UPDATE store_stream SET parked = parked + 1; " + undo);
  }
  // There is a row of order `id` that is not its own, so that it cannot be placed until allow().
  void forbid(const std::string& id) {
    change_rows("INSERT INTO store_orders" + suffix_of(hub_.store()) +
                " (product_shard_id, store_id, order_id, day, number, channel, service, state,"
                " placed_minor, total_minor, currency, placed_seq, last_seq, placed_at, updated_at)"
                " SELECT product_shard_id, store_id, '" +
                id + "', 0, 0, '', '', 'stray', 0, 0, '', 0, 0, 0, 0 FROM store_stream");
  }
  void allow() {
    change_rows("DELETE FROM store_orders" + suffix_of(hub_.store()) + " WHERE placed_seq = 0");
  }
  std::vector<std::string> look(const std::string& query) {
    store_.reset();
    auto found = rows(folder_.path(), BucketMap(2, kTables).place(hub_.store()).database, query);
    store_ = open_store(folder_.path());
    return found;
  }
  void place(const std::string& id) {
    Order order;
    order.id = OrderId(id);
    hub_.add(OrderPlaced{order});
  }
  ParkedRepair repair(Seq seq, const std::string& skip_reason = "") {
    return ParkedRepair{hub_.store(), 1, seq, !skip_reason.empty(), skip_reason, "hq:alice"};
  }
  RepairOutcome mended(const ParkedRepair& wanted) {
    auto outcome = shard().repair(wanted, kNow);
    EXPECT_TRUE(outcome) << outcome.error().message();
    return outcome ? *outcome : RepairOutcome{};
  }
  std::string refusal(const ParkedRepair& wanted) {
    const auto outcome = shard().repair(wanted, kNow);
    if (outcome) return "";
    EXPECT_EQ(outcome.error().code(), Code::BadState);
    return outcome.error().message();
  }
  std::vector<ParkedEvent> aside() {
    auto all = shard().parked(hub_.store(), 100);
    EXPECT_TRUE(all);
    return all ? *all : std::vector<ParkedEvent>();
  }
  std::string order_row(const std::string& id) {
    const auto found = look("SELECT state, is_paid FROM store_orders" + suffix_of(hub_.store()) +
                            " WHERE lost_epoch = 0 AND order_id = '" + id + "'");
    return found.size() == 1 ? found[0] : std::to_string(found.size()) + " rows";
  }
  int soup() {
    const auto found = store_->stock_of(hub_.store(), SkuId("soup"));
    return *found ? static_cast<int>((*found)->level.available.in_tenths() / 10) : -1;
  }

  Folder folder_;
  HubJournal hub_{"s1"};
  std::unique_ptr<SqliteShardStore> store_;
  Seq sent_ = 0;
};

}  // namespace larder::relay
