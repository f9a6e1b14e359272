// What a store's events look like in the estate's tables, and what leaves through the outbox.
#include <gtest/gtest.h>

#include "lan-protocol/json.hpp"
#include "tests/shards/shard_fixture.hpp"

namespace larder::relay {
namespace {

class Rows : public testing::Test {
 protected:
  Rows() : store_(open_store(folder_.path())) {}
  void sync() {
    const Seq known = sent_;
    hub_.take(kitchen_);
    sent_ = hub_.last();
    if (sent_ == known) return;
    const BatchOutcome outcome = apply_one(*store_, hub_.batch(known + 1, sent_));
    ASSERT_EQ(outcome.fate, BatchFate::Applied) << outcome.reason;
    ASSERT_EQ(outcome.mark.parked, 0U);
  }
  // With `$` for the suffix; stops and starts the store.
  std::vector<std::string> query(std::string text) {
    for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$')) {
      text.replace(at, 1, suffix_of(hub_.store()));
    }
    store_.reset();
    auto found = rows(folder_.path(), database_, text);
    store_ = open_store(folder_.path());
    return found;
  }
  std::vector<std::string> reservations() {
    return query(
        "SELECT order_id, sku_id, qty, reservation_type, status FROM reservation$"
        " ORDER BY order_id, sku_id");
  }
  StockLevel level(const std::string& sku) {
    auto found = store_->stock_of(hub_.store(), SkuId(sku));
    EXPECT_TRUE(found && *found);
    return found && *found ? (*found)->level : StockLevel{};
  }

  Folder folder_;
  test::Store kitchen_;
  HubJournal hub_{"s1"};
  Seq sent_ = 0;
  std::size_t database_ = BucketMap(2, kTables).place(StoreId("s1")).database;
  std::unique_ptr<SqliteShardStore> store_;
};

TEST_F(Rows, a_menu_makes_products_and_skus_that_anybody_may_ask_for) {
  sync();
  const auto stock = store_->stock(hub_.store());
  ASSERT_TRUE(stock);
  EXPECT_EQ(stock->size(), 8U) << "every SKU of the menu, counted or not";
  const auto burger = store_->stock_of(hub_.store(), SkuId("burger-l"));
  ASSERT_TRUE(burger && *burger);
  EXPECT_EQ((*burger)->name, "Burger, large");
  EXPECT_EQ((*burger)->level.type, StockType::Unlimited);
  EXPECT_FALSE(*store_->stock_of(hub_.store(), SkuId("caviar")));
  EXPECT_EQ(query("SELECT count(*) FROM store_products$ WHERE product_shard_id = 531"),
            std::vector<std::string>{"7"});
  EXPECT_EQ(query("SELECT merchant_id, currency, menu_version FROM merchants$"),
            std::vector<std::string>{"s1|EUR|1"});
  EXPECT_EQ(query("SELECT count(*) FROM outbox WHERE type = 'product-cache-update-topic'"),
            std::vector<std::string>{"1"});
}

TEST_F(Rows, what_left_the_menu_stays_but_is_not_active) {
  Menu menu = test::sample_menu();
  std::erase_if(menu.items, [](const Item& item) { return item.id.text() != "cola"; });
  menu.option_groups.clear();
  kitchen_.must(kitchen_.admin, ImportMenu{menu});
  sync();
  EXPECT_EQ(query("SELECT product_id FROM store_products$ WHERE is_active = 1"),
            std::vector<std::string>{"cola"});
  EXPECT_EQ(query("SELECT count(*) FROM product_sku$"), std::vector<std::string>{"8"});
  EXPECT_EQ(store_->stock(hub_.store())->size(), 1U);
}

TEST_F(Rows, the_books_of_stock_are_those_of_the_hub) {
  cook(kitchen_, 3, 150);
  sync();
  for (const auto& [sku, expected] : kitchen_.ledger.stock.levels()) {
    EXPECT_EQ(level(sku.text()), expected) << sku.text();
  }
  // What is locked is the sum of open reservations.
  EXPECT_EQ(query("SELECT count(*) FROM inventory$ i WHERE stock_type = 2 AND locked_stock <>"
                  " (SELECT coalesce(sum(qty), 0) FROM reservation$ r WHERE r.sku_id = i.sku_id"
                  " AND r.status = 'LOCK')"),
            std::vector<std::string>{"0"});
  // Every movement starts where the one before it ended.
  EXPECT_EQ(query("SELECT count(*) FROM (SELECT quantity_before - lag(quantity_after) OVER"
                  " (PARTITION BY sku_id ORDER BY seq, line) AS jump FROM inventory_transactions$)"
                  " WHERE jump <> 0"),
            std::vector<std::string>{"0"});
  EXPECT_EQ(query("SELECT count(*) FROM inventory$ i JOIN poi_item_stock$ p ON p.object_id ="
                  " i.sku_id WHERE p.real_quantity <> i.current_stock"),
            std::vector<std::string>{"0"});
}

TEST_F(Rows, orders_have_the_state_and_total_that_the_hub_has) {
  cook(kitchen_, 4, 150);
  sync();
  std::size_t discounted = 0, voided = 0;
  for (const test::Entry& entry : kitchen_.journal) {
    discounted += std::holds_alternative<OrderDiscounted>(entry.event);
    voided += std::holds_alternative<OrderLineVoided>(entry.event);
  }
  ASSERT_GT(discounted, 0U);
  ASSERT_GT(voided, 0U);
  const auto orders = store_->last_orders(hub_.store(), 1'000);
  ASSERT_TRUE(orders);
  ASSERT_EQ(orders->size(), kitchen_.ledger.orders.size());
  for (const OrderRecord& record : *orders) {
    const Order& order = kitchen_.order(record.order);
    EXPECT_EQ(record.total_minor, order.total.in_minor()) << record.order.text();
    EXPECT_EQ(record.state, wire_name(order.state)) << record.order.text();
  }
  EXPECT_TRUE(store_->audit_day(hub_.store(), BusinessDay{20261121})->empty());
}

TEST_F(Rows, a_line_that_is_struck_off_gives_back_what_it_had_locked) {
  kitchen_.count("soup", 10);
  kitchen_.count("cola", 10);
  const Outcome placed =
      kitchen_.must(kitchen_.till, test::takeaway({test::line("soup", 3), test::line("cola", 2)}));
  kitchen_.must(kitchen_.till, VoidLine{placed.order, 2, "dropped", false});
  sync();
  const std::string order = "s1/" + placed.order.text();
  EXPECT_EQ(reservations(), (std::vector<std::string>{order + "|cola|20|order|UNLOCK",
                                                      order + "|soup|30|order|LOCK"}));
  EXPECT_EQ(level("cola"), kitchen_.level("cola"));
}

TEST_F(Rows, what_comes_back_by_itself_says_so) {
  kitchen_.must(kitchen_.till,
                MarkStock{SkuId("soup"), StockStatus::SoldOut, RestoreRule::NextDay});
  sync();
  EXPECT_EQ(level("soup"), kitchen_.level("soup"));
  EXPECT_EQ(query("SELECT stock_status, auto_restore_type FROM poi_item_stock$"
                  " WHERE object_id = 'soup'"),
            std::vector<std::string>{"2|1"});
}

TEST_F(Rows, a_reservation_is_locked_and_goes_out_once) {
  kitchen_.count("soup", 10);
  const Outcome placed = kitchen_.must(kitchen_.till, test::takeaway({test::line("soup", 3)}));
  sync();
  const std::string order = "s1/" + placed.order.text();
  EXPECT_EQ(reservations(), std::vector<std::string>{order + "|soup|30|order|LOCK"});
  EXPECT_EQ(level("soup").held, Quantity::units(3));
  kitchen_.must(kitchen_.till, PayOrder{placed.order, test::cash(1770)});
  sync();
  EXPECT_EQ(reservations(), std::vector<std::string>{order + "|soup|30|order|OUT"});
  EXPECT_EQ(level("soup").held, Quantity());
  EXPECT_EQ(query("SELECT transaction_type, delta_available, delta_reserved, available_after,"
                  " reserved_after, order_id FROM inventory_transactions$ ORDER BY seq, line"),
            (std::vector<std::string>{"adjust|100|0|100|0|", "reserve|-30|30|70|30|" + order,
                                      "deduct|0|-30|70|0|" + order}));
}

TEST_F(Rows, a_cart_becomes_an_order_and_keeps_its_reservation) {
  kitchen_.count("soup", 10);
  const Outcome cart = kitchen_.must(kitchen_.kiosk, PlaceHold{{test::line("soup", 2)}});
  sync();
  EXPECT_EQ(reservations(),
            std::vector<std::string>{"s1/" + cart.hold.text() + "|soup|20|cart|LOCK"});
  PlaceOrder order = test::paid_by_card({test::line("soup", 2)}, 1180);
  order.hold = cart.hold;
  const Outcome placed = kitchen_.must(kitchen_.kiosk, order);
  sync();
  EXPECT_EQ(reservations(),
            std::vector<std::string>{"s1/" + placed.order.text() + "|soup|20|order|OUT"});
}

TEST_F(Rows, orders_are_listed_newest_first_in_their_state) {
  const Outcome first = kitchen_.must(kitchen_.till, test::takeaway({test::line("cola")}));
  const Outcome second =
      kitchen_.must(kitchen_.kiosk, test::paid_by_card({test::line("soup")}, 590));
  kitchen_.must(kitchen_.till, CancelOrder{first.order, "changed their mind"});
  sync();
  const auto orders = store_->last_orders(hub_.store(), 10);
  ASSERT_TRUE(orders);
  ASSERT_EQ(orders->size(), 2U);
  EXPECT_EQ((*orders)[0].order, second.order);
  EXPECT_EQ((*orders)[0].total_minor, 590);
  EXPECT_EQ((*orders)[0].currency, "EUR");
  EXPECT_EQ((*orders)[0].channel, "kiosk");
  EXPECT_EQ((*orders)[1].state, "cancelled");
}

TEST_F(Rows, every_movement_is_told_twice_in_the_transaction_it_happens_in) {
  kitchen_.count("soup", 4);
  kitchen_.must(kitchen_.till, MarkStock{SkuId("soup"), StockStatus::SoldOut});
  sync();
  const auto waiting = store_->outbox_waiting(database_, 0, 100);
  ASSERT_TRUE(waiting);
  ASSERT_EQ(waiting->size(), 5U) << "the menu, and two for each of two movements";
  const OutboxRow& poi = waiting->back();
  EXPECT_EQ(poi.type, "poi-item-stock-sync-topic");
  EXPECT_EQ(poi.biz_key, "s1/1/" + std::to_string(sent_) + "/0/poi-item-stock-sync-topic");
  EXPECT_EQ(poi.store, hub_.store());
  EXPECT_EQ(poi.payload,
            R"({"brandId":"","poiId":"s1","objectType":"item_stock","eventType":"poi.item.stock",)"
            R"("data":{"object_id":"soup","stock_status":2,"stock_type":2,"plan_quantity":0.0,)"
            R"("real_quantity":4.0,"auto_restore_type":2,"auto_restore_at":null,)"
            R"("channel_stocks":[]}})");
  EXPECT_TRUE(parse_json((*waiting)[3].payload));
  EXPECT_EQ((*waiting)[3].type, "inventory-cache-update-topic");
}

TEST_F(Rows, a_figure_says_which_event_it_counts_in) {
  kitchen_.count("soup", 10);
  sync();
  const auto soup = store_->stock_of(hub_.store(), SkuId("soup"));
  const auto mark = store_->mark(hub_.store());
  ASSERT_TRUE(soup && *soup && mark && *mark);
  EXPECT_GT((*mark)->up_to, 0U);
  EXPECT_EQ((*soup)->as_of, (*mark)->up_to);
  EXPECT_EQ((*soup)->as_of_at, (*mark)->last_event_at);
  EXPECT_EQ(store_->stock(hub_.store())->front().as_of, (*mark)->up_to);
}

TEST_F(Rows, a_word_is_the_same_when_the_same_was_asked_whatever_was_filled_in) {
  sync();
  NewWord word{hub_.store(),
               {CommandId("w-1"), "stock.count", R"({"based_on":5})", "hq:alice", TimePoint{}},
               "delta -2"};
  ASSERT_TRUE(store_->issue(word, kNow));
  word.word.args = R"({"based_on":9})";
  const auto again = store_->issue(word, kNow);
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->number, 1U);
  EXPECT_EQ(again->word.args, R"({"based_on":5})") << "as it was sent";
  word.asked = "delta -3";
  EXPECT_EQ(store_->issue(word, kNow).error().code(), Code::KeyReuse);
}

TEST_F(Rows, a_word_of_hq_is_numbered_and_applied_by_the_hubs_own_event) {
  sync();
  const Word word{CommandId("w-1"), "stock.mark", R"({"sku":"soup","status":"sold_out"})",
                  "hq:alice", TimePoint{}};
  const auto issued = store_->issue(NewWord{hub_.store(), word}, kNow);
  ASSERT_TRUE(issued) << issued.error().message();
  EXPECT_EQ(issued->number, 1U);
  EXPECT_EQ(level("soup").status, StockStatus::Available) << "until the hub says so";
  EXPECT_EQ(store_->issue(NewWord{hub_.store(), word}, kNow)->number, 1U) << "the same id";
  Word other = word;
  other.args = R"({"sku":"cola","status":"sold_out"})";
  EXPECT_EQ(store_->issue(NewWord{hub_.store(), other}, kNow).error().code(), Code::KeyReuse);
  EXPECT_EQ(store_->issue(NewWord{StoreId("nobody"), other}, kNow).error().code(), Code::NotFound);
  other.id = CommandId("w-2");
  EXPECT_EQ(store_->issue(NewWord{hub_.store(), other}, kNow)->number, 2U);
  EXPECT_EQ(store_->words_after(hub_.store(), 1, 10)->size(), 1U);
  EXPECT_EQ(query("SELECT count(*) FROM outbox WHERE biz_key LIKE 's1/word/%'"),
            std::vector<std::string>{"2"});
  EXPECT_EQ(query("SELECT count(*) FROM poi_item_stock_log$ WHERE content LIKE '%hq_word%'"),
            std::vector<std::string>{"2"});

  hub_.add_raw(R"({"at":9,"cmd":"","by":"","event":"hq.word_taken","body":{"number":1,"id":"w-1",)"
               R"("by":"hq:alice","verb":"stock.mark","code":"","message":""}})",
               18);
  hub_.add_raw(R"({"at":9,"cmd":"","by":"","event":"hq.word_taken","body":{"number":2,"id":"w-2",)"
               R"("by":"hq:alice","verb":"stock.mark","code":"unknown_sku","message":"No."}})",
               18);
  const BatchOutcome outcome = apply_one(*store_, hub_.batch(sent_ + 1, hub_.last()));
  EXPECT_EQ(outcome.mark.words_applied, 2U);
  EXPECT_EQ(outcome.mark.words_issued, 2U);
  EXPECT_EQ(outcome.mark.parked, 0U);
  const auto last = store_->last_words(hub_.store(), 10);
  ASSERT_TRUE(last);
  ASSERT_EQ(last->size(), 2U);
  EXPECT_EQ((*last)[0].outcome, "unknown_sku");
  EXPECT_EQ((*last)[0].message, "No.");
  EXPECT_EQ((*last)[1].outcome, "ok");
  EXPECT_EQ((*last)[1].applied_at, kNow);

  // A hub that was restored to before it took them is to hear them again.
  hub_.restore_to(sent_);
  const BatchOutcome anew = apply_one(*store_, hub_.batch(sent_ + 1, hub_.last()));
  EXPECT_EQ(anew.mark.words_applied, 0U);
  EXPECT_EQ(anew.mark.words_issued, 2U);
  EXPECT_FALSE(store_->last_words(hub_.store(), 10)->at(0).applied_at);
}

PoiStock report(int real) {
  PoiStock stock;
  stock.brand_id = "b-1";
  stock.poi = StoreId("s1");
  stock.object_id = "soup";
  stock.stock_type = 2;
  stock.plan_quantity = Quantity::units(50);
  stock.real_quantity = Quantity::units(real);
  stock.channels = {PoiChannel{"POS", 1, 1, {}, {}}, PoiChannel{"KIOSK", 2, 2, {}, {}}};
  return stock;
}

TEST_F(Rows, a_pos_reports_its_stock_once_and_again) {
  const auto first = store_->sync_from_pos(report(30), kNow);
  ASSERT_TRUE(first) << first.error().message();
  EXPECT_EQ(first->updated_at, kNow);
  EXPECT_EQ(first->channels.size(), 2U);
  PoiStock again = report(30);
  again.based_on = TimePoint{1};
  EXPECT_EQ(store_->sync_from_pos(again, kNow + Duration::seconds(5))->updated_at, kNow)
      << "the same report changes nothing, whatever it was based on";
  PoiStock stale = report(29);
  stale.based_on = TimePoint{1};
  EXPECT_EQ(store_->sync_from_pos(stale, kNow).error().code(), Code::BadState);
  PoiStock next = report(29);
  next.based_on = first->updated_at;
  const auto second = store_->sync_from_pos(next, kNow);
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_GT(second->updated_at, first->updated_at) << "even when the clock stands still";
  EXPECT_EQ(store_->find_to_pos(StoreId("s1"), std::nullopt)->size(), 1U);
  EXPECT_EQ(store_->find_to_pos(StoreId("s1"), second->updated_at)->size(), 0U);
  EXPECT_EQ(store_->find_to_pos(StoreId("s1"), first->updated_at)->at(0).real_quantity,
            Quantity::units(29));
  EXPECT_EQ(level("soup").available, Quantity::units(29)) << "no hub of ours keeps this store";
  EXPECT_EQ(query("SELECT count(*) FROM outbox"), std::vector<std::string>{"2"});
  EXPECT_EQ(query("SELECT count(*) FROM poi_item_stock_log$"), std::vector<std::string>{"2"});
  EXPECT_EQ(query("SELECT count(*) FROM poi_item_channel_stock$"), std::vector<std::string>{"2"});
}

TEST_F(Rows, low_stock_is_counted) {
  kitchen_.count("soup", 0);
  kitchen_.count("cola", 5);
  sync();
  EXPECT_EQ(*store_->low_stock(database_), 1U);
}

TEST_F(Rows, the_outbox_goes_from_waiting_to_done_or_dead_and_back) {
  kitchen_.count("soup", 4);
  sync();
  const auto waiting = store_->outbox_waiting(database_, 0, 100);
  ASSERT_EQ(waiting->size(), 3U);
  const std::int64_t first = waiting->at(0).id, second = waiting->at(1).id;
  ASSERT_TRUE(store_->outbox_done(database_, std::vector{first}));
  ASSERT_TRUE(store_->outbox_failed(database_, second, 3, kNow + Duration::seconds(8)));
  EXPECT_EQ(store_->outbox_waiting(database_, 0, 100)->at(0).retry_count, 3);
  EXPECT_EQ(store_->outbox_waiting_of(database_, hub_.store(), 1)->at(0).id, second);
  EXPECT_EQ(store_->outbox_waiting(database_, second, 100)->size(), 1U);
  ASSERT_TRUE(store_->outbox_failed(database_, second, 10, std::nullopt));
  ASSERT_TRUE(store_->outbox_done(database_, std::vector{second})) << "too late: it is dead";
  EXPECT_EQ(store_->outbox_figures(database_)->dead, 1U);
  EXPECT_EQ(store_->outbox_figures(database_)->waiting, 1U);
  EXPECT_EQ(store_->outbox_dead(database_, 10)->at(0).id, second);
  EXPECT_TRUE(*store_->outbox_resend(database_, second, kNow));
  EXPECT_FALSE(*store_->outbox_resend(database_, second, kNow));
  EXPECT_EQ(store_->outbox_waiting(database_, 0, 100)->size(), 2U);
}

TEST_F(Rows, what_was_sent_leaves_the_outbox_after_a_week) {
  kitchen_.count("soup", 4);
  sync();
  const auto waiting = store_->outbox_waiting(database_, 0, 100);
  ASSERT_TRUE(store_->outbox_done(database_, std::vector{waiting->at(0).id, waiting->at(2).id}));
  store_->shard(database_).maintain(true, kNow + Duration::minutes(6 * 24 * 60));
  EXPECT_EQ(query("SELECT count(*) FROM outbox"), std::vector<std::string>{"3"});
  store_->shard(database_).maintain(true, kNow + Duration::minutes(8 * 24 * 60));
  EXPECT_EQ(query("SELECT status FROM outbox"), (std::vector<std::string>{"INIT", "DONE"}))
      << "the newest stays, though it was sent: the next row's number is counted from it";
  ASSERT_TRUE(store_->outbox_done(database_, std::vector{waiting->at(1).id}));
  store_->shard(database_).maintain(true, kNow + Duration::minutes(9 * 24 * 60));
  kitchen_.count("soup", 5);
  sync();
  const auto next = store_->outbox_waiting(database_, 0, 100);
  EXPECT_GT(next->at(0).id, waiting->at(2).id) << "no number comes twice";
}

}  // namespace
}  // namespace larder::relay
