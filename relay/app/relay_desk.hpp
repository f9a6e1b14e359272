// RelayDesk: the Desk on top of Relay and the shards. Every question to a database has a time by
// which it is answered, whatever the database does. Life: from main() to the end of the shards'
// threads. Thread: the loop. Limit: kDeskQuestionsMax under way, beyond that Overloaded.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "relay/app/desk.hpp"
#include "relay/app/relay.hpp"
#include "relay/app/turnstile.hpp"

namespace larder::relay {

inline constexpr std::size_t kDeskQuestionsMax = 2'000;

class RelayDesk final : public Desk {
 public:
  struct Ports {
    Clock& clock;
    Shards& shards;
    Telemetry& telemetry;
    // A DEAD row of this database was sent back: it may go.
    std::function<void(std::size_t database)> on_resent = {};
    Turnstile* turnstile = nullptr;  // none: there is nothing to reserve
  };
  RelayDesk(Relay& relay, Ports ports, std::function<std::string()> metrics);
  RelayDesk(const RelayDesk&) = delete;
  RelayDesk& operator=(const RelayDesk&) = delete;

  void tick();  // ends what takes too long

  std::vector<StoreView> stores(const StoresQuery& query) override;
  std::optional<StoreView> store(const StoreId& store) override;
  EstateView estate() override;
  Health health() override;
  std::string metrics() override;
  void stock(const StoreId& store, Done<std::vector<StockRecord>> done) override;
  void stock_of(const StoreId& store, const SkuId& sku,
                Done<std::optional<StockRecord>> done) override;
  void stock_of_sku(const SkuId& sku, std::size_t limit,
                    Done<std::vector<StockRecord>> done) override;
  void last_orders(const StoreId& store, std::size_t limit,
                   Done<std::vector<OrderRecord>> done) override;
  void last_words(const StoreId& store, std::size_t limit,
                  Done<std::vector<IssuedWord>> done) override;
  void issue(const NewWord& word, Done<IssuedWord> done) override;
  void await_word(const StoreId& store, Seq number, Duration patience,
                  Done<IssuedWord> done) override;
  void statement(const StoreId& store, BusinessDay day, Done<Statement> done) override;
  void unfreeze(const StoreId& store, const std::string& by, Done<void> done) override;
  void reserve(const ReserveOrder& turn, Done<std::vector<Reservation>> done) override;
  void confirm(const ConfirmOrder& turn, Done<std::vector<Reservation>> done) override;
  void release(const ReleaseOrder& turn, Done<std::vector<Reservation>> done) override;
  void reservations(const std::string& order, Done<std::vector<Reservation>> done) override;
  void rebuild(const StoreId& store, const SkuId& sku, Done<void> done) override;
  void permit_takeover(const StoreId& store, const std::string& code, const std::string& by,
                       Done<void> done) override;
  void shop(const StoreId& store, const ChannelCode& channel, Done<ShopState> done) override;
  void shop_menu(const StoreId& store, Done<std::optional<std::string>> done) override;
  void shop_order(const StoreId& store, const std::string& order,
                  Done<std::optional<ShopOrder>> done) override;
  void sync_from_pos(const PoiStock& stock, Done<PoiStock> done) override;
  void replay(const OfflineBatch& batch, Done<Replayed> done) override;
  void parked(const StoreId& store, Done<std::vector<ParkedEvent>> done) override;
  void repair_parked(const ParkedRepair& repair, Done<RepairOutcome> done) override;
  void reconcile(const StoreId& store, const std::string& by, Done<Reconciliation> done) override;
  void differences(const StoreId& store, Done<std::vector<StockDifference>> done) override;
  void oversells(const OversellQuery& query, Done<std::vector<OversellEntry>> done) override;
  void oversell(const StoreId& store, std::int64_t id,
                Done<std::optional<OversellEntry>> done) override;
  void resolve_oversell(const StoreId& store, std::int64_t id, const std::string& resolution,
                        const std::string& by, Done<OversellEntry> done) override;
  void find_to_pos(const StoreId& poi, std::optional<TimePoint> changed_since,
                   Done<std::vector<PoiStock>> done) override;
  void outbox(Done<OutboxView> done) override;
  void outbox_dead(std::size_t limit, Done<std::vector<OutboxRow>> done) override;
  void outbox_resend(std::size_t database, std::int64_t id, Done<bool> done) override;

 private:
  using Lines = std::vector<Reservation>;
  // Null when there is none; then `answer` has been refused.
  Turnstile* turnstile(const Done<Lines>& answer) const;
  // A question under way: answered by the database or by the clock, whichever is first.
  struct Question {
    Duration until;
    std::function<void()> give_up;  // empty once it is answered
  };
  template <typename T>
  struct Answer {
    std::shared_ptr<Question> question;
    std::shared_ptr<Done<T>> done;
    void give(Result<T> result) const {
      if (!question->give_up) return;
      question->give_up = nullptr;
      (*done)(std::move(result));
    }
  };
  template <typename T>
  Answer<T> open(Done<T> done);
  // The same of the rows that the storefront reads.
  template <typename T>
  void ask_shop(const StoreId& store, std::function<Result<T>(ShopStore&)> job, Done<T> done);
  template <typename T>
  void ask(const StoreId& store, std::function<Result<T>(ShardStore&)> job, Done<T> done);
  template <typename T>
  void ask_database(std::size_t database, std::function<Result<T>(ShardStore&)> job, Done<T> done);
  template <typename T>
  ShardJob shard_job(std::size_t database, std::function<Result<T>(ShardStore&)> job,
                     Answer<T> answer);
  // One answer out of one of each database; the first error ends it.
  template <typename T, typename Whole>
  void gather(std::function<Result<T>(ShardStore&, std::size_t)> job,
              std::function<void(Whole&, T&)> add, std::function<void(Whole&)> finish,
              Done<Whole> done);

  Relay& relay_;
  Ports ports_;
  std::function<std::string()> metrics_;
  std::deque<std::shared_ptr<Question>> questions_;  // in order of their time
};

}  // namespace larder::relay
