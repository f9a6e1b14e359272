// FakeDesk: a relay in memory, for the HTTP side alone. Its hubs take words after `hub_delay`, its
// rows change then. It can be down (every question fails at once), silent (no question is answered)
// and its hubs away. Loop thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "platform/loop/loop.hpp"
#include "relay/app/desk.hpp"

namespace larder::relay {

class FakeDesk final : public Desk {
 public:
  explicit FakeDesk(Loop& loop) : loop_(loop) {}

  bool is_down = false;
  bool is_silent = false;
  Duration hub_delay{20'000};
  TimePoint at{1'795'000'000'000'000};  // moves by one second with each change
  std::map<StoreId, StoreView> views;
  std::map<StoreId, std::map<SkuId, StockRecord>> rows;
  std::map<StoreId, std::vector<OrderRecord>> orders;
  std::map<StoreId, std::vector<IssuedWord>> words;
  std::map<std::string, PoiStock> poi;  // by "store/object"
  std::vector<OutboxRow> dead;
  Health state{.is_stopping = false,
               .inlet_up = true,
               .inlet_why = {},
               .marks_loaded = true,
               .shards = {{.database = 0, .is_up = true, .why = {}, .waiting = 0},
                          {.database = 1, .is_up = true, .why = {}, .waiting = 0}}};
  std::vector<std::string> permits;                                // "store code by"
  std::vector<std::string> unfrozen;                               // "store by"
  std::map<std::string, std::vector<Reservation>> reserved;        // by order
  std::vector<ReserveOrder> asked;                                 // as it came
  std::map<StoreId, std::pair<std::uint64_t, std::string>> menus;  // version, MENU
  std::map<std::string, ShopOrder> shop_orders;                    // what the store made of it
  int shelves_read = 0;
  int menus_read = 0;

  // Real rows behind this desk, for what they are asked of.
  std::function<Result<Replayed>(const OfflineBatch&)> on_replay;
  std::function<Result<PoiStock>(const PoiStock&)> on_sync;
  std::function<Result<IssuedWord>(const NewWord&)> on_issue;
  std::vector<OfflineBatch> replayed;  // as it came

  std::map<StoreId, std::vector<ParkedEvent>> aside;
  std::vector<ParkedRepair> repairs;  // as they came
  // What a comparison of a store finds next, and what was found: the newest first.
  std::map<StoreId, std::vector<StockDifference>> unequal, differed;
  std::vector<std::string> reconciled;  // "store by"
  std::vector<OversellEntry> oversold;
  // `hubs_id` empty: found by a replay.
  void add_oversell(const std::string& store, const std::string& sku, int units,
                    const std::string& cause, const std::string& hubs_id);

  // Changes are stamped by this clock instead.
  void ticks_with(std::function<TimePoint()> wall) { wall_ = std::move(wall); }
  // A store that is live, with one limited and one unlimited SKU ("soup" 12, "cola").
  void add_store(const std::string& id);

  std::vector<StoreView> stores(const StoresQuery& query) override;
  std::optional<StoreView> store(const StoreId& id) override;
  EstateView estate() override;
  Health health() override { return state; }
  std::string metrics() override { return "# HELP larder_fake 1\nlarder_fake 1\n"; }

  void stock(const StoreId& id, Done<std::vector<StockRecord>> done) override;
  void stock_of(const StoreId& id, const SkuId& sku,
                Done<std::optional<StockRecord>> done) override;
  void stock_of_sku(const SkuId& sku, std::size_t limit,
                    Done<std::vector<StockRecord>> done) override;
  void last_orders(const StoreId& id, std::size_t limit,
                   Done<std::vector<OrderRecord>> done) override;
  void last_words(const StoreId& id, std::size_t limit,
                  Done<std::vector<IssuedWord>> done) override;
  void issue(const NewWord& word, Done<IssuedWord> done) override;
  void await_word(const StoreId& id, Seq number, Duration patience, Done<IssuedWord> done) override;
  void statement(const StoreId& id, BusinessDay day, Done<Statement> done) override;
  void reserve(const ReserveOrder& turn, Done<std::vector<Reservation>> done) override;
  void confirm(const ConfirmOrder& turn, Done<std::vector<Reservation>> done) override;
  void release(const ReleaseOrder& turn, Done<std::vector<Reservation>> done) override;
  void reservations(const std::string& order, Done<std::vector<Reservation>> done) override;
  void rebuild(const StoreId& id, const SkuId& sku, Done<void> done) override;
  void unfreeze(const StoreId& id, const std::string& by, Done<void> done) override;
  void permit_takeover(const StoreId& id, const std::string& code, const std::string& by,
                       Done<void> done) override;
  void shop(const StoreId& id, const ChannelCode& channel, Done<ShopState> done) override;
  void shop_menu(const StoreId& id, Done<std::optional<std::string>> done) override;
  void shop_order(const StoreId& id, const std::string& order,
                  Done<std::optional<ShopOrder>> done) override;
  void sync_from_pos(const PoiStock& stock, Done<PoiStock> done) override;
  void replay(const OfflineBatch& batch, Done<Replayed> done) override;
  void parked(const StoreId& store, Done<std::vector<ParkedEvent>> done) override;
  void repair_parked(const ParkedRepair& repair, Done<RepairOutcome> done) override;
  void reconcile(const StoreId& id, const std::string& by, Done<Reconciliation> done) override;
  void differences(const StoreId& id, Done<std::vector<StockDifference>> done) override;
  void oversells(const OversellQuery& query, Done<std::vector<OversellEntry>> done) override;
  void oversell(const StoreId& store, std::int64_t id,
                Done<std::optional<OversellEntry>> done) override;
  void resolve_oversell(const StoreId& store, std::int64_t id, const std::string& resolution,
                        const std::string& by, Done<OversellEntry> done) override;
  void find_to_pos(const StoreId& id, std::optional<TimePoint> changed_since,
                   Done<std::vector<PoiStock>> done) override;
  void outbox(Done<OutboxView> done) override;
  void outbox_dead(std::size_t limit, Done<std::vector<OutboxRow>> done) override;
  void outbox_resend(std::size_t database, std::int64_t id, Done<bool> done) override;

 private:
  std::map<CommandId, std::string> asked_of_;  // of each word
  // Answers from the loop, later; with the fault when it is down, never when it is silent.
  template <typename T>
  void give(Done<T> done, Result<T> result) {
    if (is_silent) return;
    if (is_down) result = refuse(Code::StorageFault, "database 0 is down");
    loop_.post([done = std::move(done), result = std::move(result)] { done(result); });
  }
  TimePoint tick() { return at = wall_ ? wall_() : at + Duration::seconds(1); }
  void end_oversell(OversellEntry& entry, const std::string& resolution, const std::string& by);
  void hub_takes(const StoreId& id, std::size_t index);
  std::string hub_does(const StoreId& id, const Word& word);

  Loop& loop_;
  std::function<TimePoint()> wall_;
};

}  // namespace larder::relay
