// OperatorTelemetry: the hub's Telemetry, made of Metrics and the log. Lives from main() to
// shutdown; network thread only.
#pragma once

#include <functional>
#include <string>

#include "edge/app/ports.hpp"
#include "edge/ops/metrics.hpp"
#include "edge/ops/system_clock.hpp"

namespace larder::edge {

class OperatorTelemetry final : public Telemetry {
 public:
  // All three must outlive this.
  OperatorTelemetry(Metrics& metrics, SystemClock& clock, const Announcer& announcer);

  void command(std::string_view verb, std::string_view code) override;
  void group(std::size_t commands, std::size_t events, Duration commit) override;
  void refusal(std::string_view reason) override;
  void masked() override;
  std::string expose(const Gauges& gauges) override;
  void note(std::string_view sentence) override;
  void warn(std::string_view sentence) override;

 private:
  Metrics& metrics_;
  SystemClock& clock_;
  const Announcer& announcer_;
};

// Every verb a client may ask for, as the labels of larder_commands_total.
std::vector<std::string> verb_names();

}  // namespace larder::edge
