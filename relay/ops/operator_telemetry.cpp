#include "relay/ops/operator_telemetry.hpp"

#include "platform/process/log.hpp"

namespace larder::relay {
namespace {

std::string_view word_of(BatchFate fate) {
  switch (fate) {
    case BatchFate::Applied:
      return "applied";
    case BatchFate::Duplicate:
      return "duplicate";
    case BatchFate::Gap:
      return "gap";
    case BatchFate::StaleEpoch:
      return "stale_epoch";
    case BatchFate::Forked:
      return "forked";
    case BatchFate::Frozen:
      return "frozen";
    case BatchFate::Moved:
      return "moved";
  }
  return "other";
}

}  // namespace

void OperatorTelemetry::batch(const StoreId&, BatchFate fate, std::size_t events) {
  metrics_.count_batch(word_of(fate), events);
}

void OperatorTelemetry::group(std::size_t database, std::size_t batches, std::size_t events,
                              Duration commit) {
  metrics_.observe_group(database, batches, events, commit);
}

void OperatorTelemetry::dropped(std::string_view reason) { metrics_.count_drop(reason); }

void OperatorTelemetry::request(std::string_view route, std::string_view code, Duration took) {
  metrics_.observe_request(route, code, took);
}

void OperatorTelemetry::reconciled(std::string_view outcome, std::uint64_t differences) {
  metrics_.count_reconciliation(outcome, differences);
}

void OperatorTelemetry::turn(std::string_view step, std::string_view outcome) {
  metrics_.count_turn(step, outcome);
}

void OperatorTelemetry::shard_error(std::size_t database) { metrics_.count_shard_error(database); }
void OperatorTelemetry::note(std::string_view sentence) { log_info("relay", sentence); }
void OperatorTelemetry::warn(std::string_view sentence) { log_warn("relay", sentence); }

// In the log as an error, so that it is never left out, and counted for whoever pages people.
void OperatorTelemetry::alarm(std::string_view sentence) {
  metrics_.count_alarm();
  log_error("relay", "ALARM " + std::string(sentence));
}

}  // namespace larder::relay
