#include "edge/ops/operator_telemetry.hpp"

#include "lan-protocol/verbs.hpp"
#include "platform/process/log.hpp"

namespace larder::edge {

OperatorTelemetry::OperatorTelemetry(Metrics& metrics, SystemClock& clock,
                                     const Announcer& announcer)
    : metrics_(metrics), clock_(clock), announcer_(announcer) {}

void OperatorTelemetry::command(std::string_view verb, std::string_view code) {
  metrics_.count_command(verb, code);
}

void OperatorTelemetry::group(std::size_t commands, std::size_t events, Duration commit) {
  metrics_.observe_commit(commit, commands, events);
}

void OperatorTelemetry::refusal(std::string_view reason) {
  // The LAN's word for a screen that did not read: nothing was refused, a connection was cut.
  if (reason == "slow_screen") return metrics_.count_screen_cut();
  metrics_.count_refusal(reason);
}

void OperatorTelemetry::masked() { metrics_.count_masked(); }

std::string OperatorTelemetry::expose(const Gauges& gauges) {
  constexpr const char* kRoles[] = {"kiosk", "kds", "till", "admin"};  // in order of Role
  for (std::size_t role = 0; role < gauges.sessions_by_role.size(); ++role) {
    metrics_.set_sessions(kRoles[role], gauges.sessions_by_role[role]);
  }
  metrics_.set_sessions("none", gauges.sessions_unauthenticated);
  metrics_.set_seq(gauges.epoch, gauges.seq);
  metrics_.set_open_orders(gauges.open_orders);
  metrics_.set_in_flight(gauges.in_flight);
  metrics_.set_low_stock(gauges.low_stock, gauges.critical_stock);
  metrics_.set_storage_full(gauges.storage_full);
  metrics_.set_losses(gauges.losses);
  metrics_.set_mdns_up(announcer_.state().starts_with("announced"));
  metrics_.set_clock(clock_.is_behind(), clock_.is_ahead());
  metrics_.set_uptime(clock_.steady());
  if (gauges.cloud) {
    const CloudState& cloud = *gauges.cloud;
    const bool is_waiting = cloud.oldest_unsent.micros != 0;
    const Duration age = is_waiting ? clock_.now().at - cloud.oldest_unsent : Duration{};
    metrics_.set_uplink({wire_name(cloud.lost), cloud.behind, age, cloud.needs_a_person});
  }
  return metrics_.expose();
}

void OperatorTelemetry::note(std::string_view sentence) { log_info("hub", sentence); }
void OperatorTelemetry::warn(std::string_view sentence) { log_warn("hub", sentence); }

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const CommandVerb& verb : command_verbs()) names.emplace_back(verb.name);
  for (const QueryVerb& verb : query_verbs()) names.emplace_back(verb.name);
  return names;
}

}  // namespace larder::edge
