#include "edge/ops/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <set>
#include <utility>

#include "platform/process/log.hpp"

namespace larder::edge {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Registry;

bool is_plain_word(std::string_view value) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  return !value.empty() && value.size() <= 40 && std::all_of(value.begin(), value.end(), is_plain);
}

// The values a label may have: given at the start, or the first kLabelValuesMax that come.
class LabelValues {
 public:
  LabelValues() = default;
  explicit LabelValues(const std::vector<std::string>& values)
      : known_(values.begin(), values.end()), is_closed_(true) {}

  std::string bounded(std::string_view value) {
    const std::lock_guard lock(mutex_);
    std::string text(value);
    if (known_.contains(text)) return text;
    if (is_closed_ || known_.size() >= kLabelValuesMax || !is_plain_word(value)) return "other";
    known_.insert(text);
    return text;
  }

 private:
  std::mutex mutex_;
  std::set<std::string> known_;
  bool is_closed_ = false;
};

const prometheus::Histogram::BucketBoundaries kCommitSeconds = {
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5, 5};
const prometheus::Histogram::BucketBoundaries kGroupCommands = {1, 2, 4, 8, 16, 32, 64, 128};

prometheus::Gauge& gauge(Registry& registry, const char* name, const char* help) {
  return BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

struct Metrics::Families {
  explicit Families(const std::vector<std::string>& known_verbs) : verbs(known_verbs) {}

  LabelValues verbs;
  LabelValues codes;
  LabelValues reasons;
  LabelValues roles;
  Registry registry;
  prometheus::Family<prometheus::Counter>& commands =
      BuildCounter()
          .Name("larder_commands_total")
          .Help("Commands answered, by verb and code")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& refusals =
      BuildCounter()
          .Name("larder_refusals_total")
          .Help("Refused before the hub saw it, by reason")
          .Register(registry);
  prometheus::Counter& screen_cuts = BuildCounter()
                                         .Name("larder_screen_cuts_total")
                                         .Help("Screens cut because they did not read")
                                         .Register(registry)
                                         .Add({});
  prometheus::Counter& masked = BuildCounter()
                                    .Name("larder_card_numbers_masked_total")
                                    .Help("Orders with a text that held a card number")
                                    .Register(registry)
                                    .Add({});
  prometheus::Counter& events = BuildCounter()
                                    .Name("larder_events_total")
                                    .Help("Events made durable since start")
                                    .Register(registry)
                                    .Add({});
  prometheus::Counter& log_lines_lost = BuildCounter()
                                            .Name("larder_log_lines_left_out_total")
                                            .Help("Log lines over a room's share")
                                            .Register(registry)
                                            .Add({});
  prometheus::Histogram& commit_seconds = BuildHistogram()
                                              .Name("larder_commit_seconds")
                                              .Help("Time to make one group durable")
                                              .Register(registry)
                                              .Add({}, kCommitSeconds);
  prometheus::Histogram& group_commands = BuildHistogram()
                                              .Name("larder_group_commands")
                                              .Help("Commands in one group")
                                              .Register(registry)
                                              .Add({}, kGroupCommands);
  prometheus::Family<prometheus::Gauge>& sessions =
      BuildGauge().Name("larder_sessions").Help("Open connections, by role").Register(registry);
  prometheus::Gauge& epoch = gauge(registry, "larder_epoch", "The epoch of the journal");
  prometheus::Gauge& in_flight =
      gauge(registry, "larder_in_flight_commands", "Commands between submit and reply");
  prometheus::Gauge& low_stock =
      gauge(registry, "inventory_low_stock_count", "SKUs at or under their warning threshold");
  prometheus::Gauge& critical_stock =
      gauge(registry, "larder_critical_stock_count", "SKUs at or under their critical threshold");
  prometheus::Gauge& clock_behind = gauge(registry, "larder_clock_behind",
                                          "1 while the machine's clock is behind the last event");
  prometheus::Gauge& clock_ahead =
      gauge(registry, "larder_clock_ahead",
            "1 while the machine's clock jumped ahead and is not believed");
  prometheus::Gauge& storage_full =
      gauge(registry, "larder_storage_full", "1 while the disk is full: no new orders");
  prometheus::Gauge& losses =
      gauge(registry, "larder_epochs_with_lost_events",
            "Earlier epochs of which a screen has seen more than the books have");
  prometheus::Gauge& disk_used =
      gauge(registry, "larder_disk_used_percent", "How full the disk of the data directory is");
  prometheus::Gauge& seq = gauge(registry, "larder_seq", "The head of the journal");
  prometheus::Gauge& open_orders = gauge(registry, "larder_open_orders", "Orders not yet closed");
  prometheus::Gauge& mdns_up =
      gauge(registry, "larder_mdns_up", "1 while the hub is announced on the LAN");
  prometheus::Gauge& uptime = gauge(registry, "larder_uptime_seconds", "Seconds since start");
  prometheus::Gauge& resident =
      gauge(registry, "larder_resident_bytes", "Resident memory of the process");
};

Metrics::Metrics(const std::vector<std::string>& verbs)
    : families_(std::make_unique<Families>(verbs)) {}
Metrics::~Metrics() = default;

void Metrics::count_command(std::string_view verb, std::string_view code) {
  const std::string bounded_verb = families_->verbs.bounded(verb);
  const std::string bounded_code = families_->codes.bounded(code);
  families_->commands.Add({{"verb", bounded_verb}, {"code", bounded_code}}).Increment();
}

void Metrics::observe_commit(Duration took, std::size_t commands, std::size_t events) {
  families_->events.Increment(static_cast<double>(events));
  families_->commit_seconds.Observe(static_cast<double>(took.micros) / 1e6);
  families_->group_commands.Observe(static_cast<double>(commands));
}

void Metrics::count_refusal(std::string_view reason) {
  families_->refusals.Add({{"reason", families_->reasons.bounded(reason)}}).Increment();
}

void Metrics::count_masked() { families_->masked.Increment(); }
void Metrics::count_screen_cut() { families_->screen_cuts.Increment(); }

void Metrics::set_sessions(std::string_view role, std::size_t count) {
  families_->sessions.Add({{"role", families_->roles.bounded(role)}})
      .Set(static_cast<double>(count));
}

void Metrics::set_seq(Epoch epoch, Seq seq) {
  families_->epoch.Set(static_cast<double>(epoch));
  families_->seq.Set(static_cast<double>(seq));
}
void Metrics::set_in_flight(std::size_t count) {
  families_->in_flight.Set(static_cast<double>(count));
}
void Metrics::set_low_stock(std::size_t low, std::size_t critical) {
  families_->low_stock.Set(static_cast<double>(low));
  families_->critical_stock.Set(static_cast<double>(critical));
}
void Metrics::set_clock(bool is_behind, bool is_ahead) {
  families_->clock_behind.Set(is_behind ? 1 : 0);
  families_->clock_ahead.Set(is_ahead ? 1 : 0);
}
void Metrics::set_storage_full(bool is_full) { families_->storage_full.Set(is_full ? 1 : 0); }
void Metrics::set_losses(std::size_t epochs) { families_->losses.Set(static_cast<double>(epochs)); }
void Metrics::set_disk_used(int percent) { families_->disk_used.Set(percent); }
void Metrics::set_open_orders(std::size_t count) {
  families_->open_orders.Set(static_cast<double>(count));
}
void Metrics::set_mdns_up(bool is_up) { families_->mdns_up.Set(is_up ? 1 : 0); }
void Metrics::set_uptime(Duration uptime) {
  families_->uptime.Set(static_cast<double>(uptime.micros) / 1e6);
}

void Metrics::set_uplink(const Uplink& uplink) {
  const auto one = [this](const char* name, const char* help) -> prometheus::Gauge& {
    return gauge(families_->registry, name, help);
  };
  one("larder_uplink_up", "1 while the cloud takes this hub's events")
      .Set(uplink.lost.empty() ? 1 : 0);
  for (const char* link : {"internet", "relay"}) {
    BuildGauge()
        .Name("larder_uplink_lost")
        .Help("1 for the link that is down")
        .Register(families_->registry)
        .Add({{"link", link}})
        .Set(uplink.lost == link ? 1 : 0);
  }
  one("larder_uplink_behind_events", "Events that the relay has not acknowledged")
      .Set(static_cast<double>(uplink.behind));
  one("larder_uplink_oldest_unsent_seconds", "Age of the first of them")
      .Set(static_cast<double>(uplink.oldest.micros) / 1e6);
  one("larder_uplink_needs_a_person", "1 when the relay takes nothing until somebody has looked")
      .Set(uplink.needs_a_person ? 1 : 0);
}

std::string Metrics::expose() {
  families_->resident.Set(static_cast<double>(resident_bytes()));
  const double lost = static_cast<double>(log_lines_left_out());
  families_->log_lines_lost.Increment(lost - families_->log_lines_lost.Value());
  return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total_pages = 0;
  std::size_t resident_pages = 0;
  if (!(statm >> total_pages >> resident_pages)) return 0;
  return resident_pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace larder::edge
