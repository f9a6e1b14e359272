// Reconciler: holds the stock that this relay has of a store against the hub's own levels, by
// marks, at one and the same event; where they differ it fetches the levels and has them written as
// the hub says. On a schedule spread over the stores, when a hub has begun a new epoch, and when
// somebody asks. Forgetting a comparison does no harm: the next one finds the same.
// Life: from start to shutdown. Thread: the loop. Limits: kReconcilingMax at once;
// kReconcilePatience each.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "relay/app/desk.hpp"
#include "relay/app/streams.hpp"

namespace larder::relay {

class Reconciler {
 public:
  struct Ports {
    Clock& clock;
    Shards& shards;
    Inlet& inlet;
    Telemetry& telemetry;
    Streams& streams;
    Duration every;  // zero: only when somebody asks
    std::function<void(std::size_t database)> on_committed = {};
  };
  explicit Reconciler(Ports ports) : ports_(std::move(ports)) {}
  Reconciler(const Reconciler&) = delete;
  Reconciler& operator=(const Reconciler&) = delete;

  void reconcile(const StoreId& store, const std::string& by, Done<Reconciliation> done);
  void told(StoreStream& stream, const BooksAnswer& answer);  // up/tell
  // Its rows may be those of events that the hub has lost.
  void epoch_began(StoreStream& stream);
  void tick();

 private:
  enum class Step { HubAsked, BehindHub, AtDatabase };
  struct Round {
    StoreId store;
    std::string by;
    std::string id;  // of the question under way
    Done<Reconciliation> done;
    Reconciliation result;
    SkuId after;                  // the SKUs up to here are done
    bool has_more = false;        // behind the marks at hand
    std::deque<SkuId> differing;  // still to be fetched
    bool asks_levels = false;
    StockBooks heard;
    Step step = Step::HubAsked;
    Duration answer_until, until;
  };
  using Under = std::shared_ptr<Round>;

  void look_for_due();
  bool is_due(StoreStream& stream, Duration now) const;
  void ask(const Under& round);
  void go_on(const Under& round);  // the rows are as far as the hub was
  void compare(const Under& round);
  void compared(const Under& round, StockLook look);
  void repair(const Under& round);
  void repaired(const Under& round, StockRepair repair);
  void next(const Under& round);
  void end(const Under& round);
  void give_up(const Under& round, const std::string& why);
  void say(const Round& round, StoreStream& stream);
  template <typename T>
  void at_database(const Under& round, std::function<Result<T>(ReconcileStore&)> job,
                   std::function<void(T)> then);

  Ports ports_;
  std::uint64_t last_ = 0;
  Duration look_at_;
  std::map<StoreId, Under> rounds_;
};

}  // namespace larder::relay
