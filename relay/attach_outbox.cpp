#include "relay/attach_outbox.hpp"

#include <chrono>
#include <utility>

#include "relay/bus/durable_consumer.hpp"
#include "relay/bus/in_process_bus.hpp"
#include "relay/bus/shelf.hpp"

namespace larder::relay {
namespace {

// For the consumer's thread; the relay's Clock belongs to the loop.
TimePoint wall_time() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return TimePoint{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

class Wired final : public AttachedOutbox {
 public:
  Wired(Loop& loop, Shards& shards, Clock& clock, Telemetry& telemetry, ConsumeLog log)
      : consumer_("hq-shelf", std::move(log), put_on_shelf(wall_time), wall_time, post_to(loop)),
        bus_(post_to(loop)),
        pump_(shards, bus_, clock, telemetry) {
    bus_.subscribe("", [this](const Message& message, InProcessBus::Done done) {
      consumer_.deliver(message, std::move(done));
    });
    ticker_ = loop.every(OutboxPump::kTick, [this] { pump_.tick(); });
  }

  OutboxPump& pump() override { return pump_; }

 private:
  static InProcessBus::Post post_to(Loop& loop) {
    return [&loop](std::function<void()> job) { loop.post(std::move(job)); };
  }

  DurableConsumer consumer_;
  InProcessBus bus_;
  OutboxPump pump_;
  std::unique_ptr<Loop::Ticker> ticker_;
};

}  // namespace

Result<std::unique_ptr<AttachedOutbox>> attach_outbox(Loop& loop, Shards& shards, Clock& clock,
                                                      Telemetry& telemetry,
                                                      const std::filesystem::path& data) {
  auto log = ConsumeLog::open(data / "bus.db");
  if (!log) return pass_on(log);
  return std::make_unique<Wired>(loop, shards, clock, telemetry, std::move(*log));
}

}  // namespace larder::relay
