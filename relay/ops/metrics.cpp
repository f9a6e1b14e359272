#include "relay/ops/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <set>

#include "platform/process/log.hpp"

namespace larder::relay {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;
using Boundaries = Histogram::BucketBoundaries;

const Boundaries kCommitSeconds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                   0.05,   0.1,   0.25,   1,     2.5,  5};
const Boundaries kGroupEvents = {1, 4, 16, 64, 256, 1'024, 4'096};
const Boundaries kRequestSeconds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                    0.1,   0.25,   0.5,   1,    2.5,   5};

// The first kLabelValuesMax plain words that come.
class LabelValues {
 public:
  std::string bounded(std::string_view value) {
    const std::lock_guard lock(mutex_);
    std::string text(value);
    if (known_.contains(text)) return text;
    if (known_.size() >= kLabelValuesMax || !is_plain(value)) return "other";
    known_.insert(text);
    return text;
  }

 private:
  static bool is_plain(std::string_view value) {
    const auto is_good = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             std::string_view("_./{}-").find(c) != std::string_view::npos;
    };
    return !value.empty() && value.size() <= 60 && std::all_of(value.begin(), value.end(), is_good);
  }
  std::mutex mutex_;
  std::set<std::string> known_;
};

// Series by the values of two labels, so that what is counted with every request makes no labels.
template <typename Series>
class SeriesOfTwo {
 public:
  // `make` adds one that is not known yet.
  template <typename Make>
  Series& find(std::string_view first, std::string_view second, Make make) {
    const std::lock_guard lock(mutex_);
    const auto known = series_.find(std::pair(first, second));
    if (known != series_.end()) return *known->second;
    Series& made = make();
    series_.emplace(std::pair(std::string(first), std::string(second)), &made);
    return made;
  }

 private:
  struct Before {
    using is_transparent = void;
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      const int order = std::string_view(a.first).compare(b.first);
      return order != 0 ? order < 0 : std::string_view(a.second).compare(b.second) < 0;
    }
  };
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Series*, Before> series_;
};

double seconds(Duration duration) { return static_cast<double>(duration.micros) / 1e6; }

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total_pages = 0, resident_pages = 0;
  if (!(statm >> total_pages >> resident_pages)) return 0;
  return resident_pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

struct Metrics::Families {
  Family<Counter>& counters(const char* name, const char* help) {
    return BuildCounter().Name(name).Help(help).Register(registry);
  }
  Family<Gauge>& gauges(const char* name, const char* help) {
    return BuildGauge().Name(name).Help(help).Register(registry);
  }
  Gauge& gauge(const char* name, const char* help) { return gauges(name, help).Add({}); }

  Registry registry;
  LabelValues reasons, routes, codes;
  SeriesOfTwo<Counter> turn_series;
  SeriesOfTwo<Histogram> request_series;
  std::mutex stores_mutex;
  std::vector<Gauge*> shown_lag, shown_age;
  Family<Counter>& batches = counters("larder_batches_total", "Batches of events, by their fate");
  Family<Counter>& drops = counters("larder_drops_total", "Messages dropped, by reason");
  Family<Counter>& reconciliations =
      counters("larder_relay_reconciliations_total",
               "Comparisons of a store's stock with its hub's, by outcome");
  Family<Counter>& differences_family = counters("larder_relay_stock_differences_total",
                                                 "SKUs whose rows were not what their hub said");
  Counter& differences = differences_family.Add({});
  Family<Counter>& turns =
      counters("larder_reservations_total", "Turns at the turnstile, by step and outcome");
  Family<Counter>& shard_errors =
      counters("inventory_db_errors_total", "Jobs that a database failed");
  Counter& events = counters("larder_events_total", "Events made durable since start").Add({});
  Counter& alarms = counters("larder_alarms_total", "What a person had to look at").Add({});
  Counter& log_lines_lost =
      counters("larder_log_lines_left_out_total", "Log lines over a room's share").Add({});
  Family<Histogram>& requests = BuildHistogram()
                                    .Name("inventory_api_duration_seconds")
                                    .Help("Time to answer a request, by route and code")
                                    .Register(registry);
  Histogram& commit_seconds = BuildHistogram()
                                  .Name("larder_commit_seconds")
                                  .Help("Time to make one group durable")
                                  .Register(registry)
                                  .Add({}, kCommitSeconds);
  Histogram& group_events = BuildHistogram()
                                .Name("larder_group_events")
                                .Help("Events in one group")
                                .Register(registry)
                                .Add({}, kGroupEvents);
  Family<Gauge>& store_lag = gauges("larder_sync_lag_events", "Events behind, the worst stores");
  Family<Gauge>& store_age =
      gauges("larder_sync_lag_seconds", "Age of the oldest event behind, the worst stores");
  Family<Gauge>& shard_waiting = gauges("larder_shard_jobs_waiting", "Jobs on their way");
  Family<Gauge>& shard_up = gauges("larder_shard_up", "1 while the database commits");
  Gauge& stores = gauge("larder_stores", "Stores known");
  Gauge& live = gauge("larder_stores_live", "Stores whose hub is there");
  Gauge& catching_up = gauge("larder_stores_catching_up", "Stores that drain what they queued");
  Gauge& draining = gauge("larder_stores_draining", "Of these, admitted");
  Gauge& frozen = gauge("larder_stores_frozen", "Stores that wait for a person");
  Gauge& behind = gauge("larder_events_behind", "Events at hubs that are not durable here");
  Gauge& words = gauge("larder_words_outstanding", "HQ's words without the hub's own event");
  Gauge& queued = gauge("larder_batches_queued", "Batches on their way into a database");
  Gauge& inlet_up = gauge("larder_inlet_up", "1 while subscribed at the broker");
  Gauge& inlet_connections = gauge("larder_inlet_connections", "Connections made to the broker");
  Gauge& outbox_waiting = gauge("larder_outbox_waiting", "Messages not yet at the bus");
  Gauge& outbox_dead = gauge("larder_outbox_dead", "Messages given up");
  Gauge& outbox_age = gauge("larder_outbox_age_seconds", "Age of the oldest that waits");
  Gauge& stranded = gauge("larder_stranded_units", "Leased by the relay and idle, all SKUs");
  Gauge& stranded_age =
      gauge("larder_stranded_age_seconds", "The longest that an idle lease has not changed");
  Gauge& oversells = gauge("larder_oversells_open", "Oversell records that nobody has resolved");
  Gauge& low_stock = gauge("inventory_low_stock_count", "SKUs at or under their warning threshold");
  Gauge& uptime = gauge("larder_uptime_seconds", "Seconds since start");
  Gauge& resident = gauge("larder_resident_bytes", "Resident memory of the process");
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::count_batch(std::string_view fate, std::size_t) {
  families_->batches.Add({{"fate", std::string(fate)}}).Increment();
}

void Metrics::observe_group(std::size_t, std::size_t, std::size_t events, Duration took) {
  families_->events.Increment(static_cast<double>(events));
  families_->commit_seconds.Observe(seconds(took));
  families_->group_events.Observe(static_cast<double>(events));
}

void Metrics::count_drop(std::string_view reason) {
  families_->drops.Add({{"reason", families_->reasons.bounded(reason)}}).Increment();
}

void Metrics::count_shard_error(std::size_t database) {
  families_->shard_errors.Add({{"shard", std::to_string(database)}}).Increment();
}

void Metrics::count_reconciliation(std::string_view outcome, std::uint64_t differences) {
  families_->reconciliations.Add({{"outcome", std::string(outcome)}}).Increment();
  families_->differences.Increment(static_cast<double>(differences));
}

void Metrics::count_turn(std::string_view step, std::string_view outcome) {
  const auto make = [&]() -> Counter& {
    return families_->turns.Add({{"step", std::string(step)}, {"outcome", std::string(outcome)}});
  };
  families_->turn_series.find(step, outcome, make).Increment();
}

void Metrics::count_alarm() { families_->alarms.Increment(); }

void Metrics::observe_request(std::string_view route, std::string_view code, Duration took) {
  const std::string bounded_route = families_->routes.bounded(route);
  const std::string bounded_code = families_->codes.bounded(code);
  const auto make = [&]() -> Histogram& {
    return families_->requests.Add({{"route", bounded_route}, {"code", bounded_code}},
                                   kRequestSeconds);
  };
  families_->request_series.find(bounded_route, bounded_code, make).Observe(seconds(took));
}

std::string Metrics::expose(const Gauges& gauges) {
  Families& all = *families_;
  const std::lock_guard lock(all.stores_mutex);
  for (Gauge* each : all.shown_lag) all.store_lag.Remove(each);
  for (Gauge* each : all.shown_age) all.store_age.Remove(each);
  all.shown_lag.clear();
  all.shown_age.clear();
  for (const StoreView& store : gauges.worst) {
    if (all.shown_lag.size() >= kWorstStoresMax) break;
    all.shown_lag.push_back(&all.store_lag.Add({{"store", store.store.text()}}));
    all.shown_lag.back()->Set(static_cast<double>(store.behind));
    if (!store.oldest_unsent_at) continue;
    all.shown_age.push_back(&all.store_age.Add({{"store", store.store.text()}}));
    all.shown_age.back()->Set(std::max(0.0, seconds(gauges.now - *store.oldest_unsent_at)));
  }
  for (const ShardHealth& shard : gauges.shards) {
    const prometheus::Labels labels = {{"shard", std::to_string(shard.database)}};
    all.shard_waiting.Add(labels).Set(static_cast<double>(shard.waiting));
    all.shard_up.Add(labels).Set(shard.is_up ? 1 : 0);
    static_cast<void>(all.shard_errors.Add(labels));
  }
  all.stores.Set(static_cast<double>(gauges.estate.stores));
  all.live.Set(static_cast<double>(gauges.estate.live));
  all.catching_up.Set(static_cast<double>(gauges.estate.catching_up));
  all.draining.Set(static_cast<double>(gauges.draining_stores));
  all.frozen.Set(static_cast<double>(gauges.estate.frozen));
  all.behind.Set(static_cast<double>(gauges.estate.behind));
  all.words.Set(static_cast<double>(gauges.estate.words_outstanding));
  all.queued.Set(static_cast<double>(gauges.queued_batches));
  all.inlet_up.Set(gauges.inlet_up ? 1 : 0);
  all.inlet_connections.Set(static_cast<double>(gauges.inlet_connections));
  all.outbox_waiting.Set(static_cast<double>(gauges.outbox_waiting));
  all.outbox_dead.Set(static_cast<double>(gauges.outbox_dead));
  all.outbox_age.Set(seconds(gauges.outbox_age));
  all.stranded.Set(gauges.stranded_units);
  all.stranded_age.Set(static_cast<double>(gauges.stranded_age.micros) / 1e6);
  all.oversells.Set(static_cast<double>(gauges.open_oversells));
  all.low_stock.Set(static_cast<double>(gauges.low_stock));
  all.uptime.Set(seconds(gauges.uptime));
  all.resident.Set(static_cast<double>(resident_bytes()));
  const double lost = static_cast<double>(log_lines_left_out());
  all.log_lines_lost.Increment(lost - all.log_lines_lost.Value());
  return prometheus::TextSerializer().Serialize(all.registry.Collect());
}

}  // namespace larder::relay
