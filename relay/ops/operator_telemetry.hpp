// OperatorTelemetry: the relay's Telemetry, made of Metrics and the log. Lives from main() to
// shutdown; any thread, as its parts.
#pragma once

#include "relay/app/ports.hpp"
#include "relay/ops/metrics.hpp"

namespace larder::relay {

class OperatorTelemetry final : public Telemetry {
 public:
  explicit OperatorTelemetry(Metrics& metrics) : metrics_(metrics) {}

  void batch(const StoreId& store, BatchFate fate, std::size_t events) override;
  void group(std::size_t database, std::size_t batches, std::size_t events,
             Duration commit) override;
  void dropped(std::string_view reason) override;
  void request(std::string_view route, std::string_view code, Duration took) override;
  void turn(std::string_view step, std::string_view outcome) override;
  void reconciled(std::string_view outcome, std::uint64_t differences) override;
  void shard_error(std::size_t database) override;
  void note(std::string_view sentence) override;
  void warn(std::string_view sentence) override;
  void alarm(std::string_view sentence) override;

 private:
  Metrics& metrics_;
};

}  // namespace larder::relay
