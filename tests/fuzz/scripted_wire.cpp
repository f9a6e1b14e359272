#include "tests/fuzz/scripted_wire.hpp"

#include <utility>

namespace larder::client {

struct Network::Loop {};

Network::Network() : loop_(std::make_unique<Loop>()) {}
Network::~Network() = default;
void Network::run_soon(std::function<void()> work) { work(); }
void Network::run_at(Instant, std::function<void()> work) {
  fuzz::wire_script().due.push_back(std::move(work));
}
bool Network::is_this_thread() const { return true; }
void Network::run_and_wait(const std::function<void()>& work) { work(); }

namespace {

class ScriptedWire : public Wire {
 public:
  void send(std::string text) override { fuzz::wire_script().sent.push_back(std::move(text)); }
  void close() override { drop(); }
  void drop() override { fuzz::wire_script().is_open = false; }
};

}  // namespace

std::shared_ptr<Wire> Wire::open(Network&, const std::string&, std::uint16_t,
                                 WireCallbacks callbacks) {
  fuzz::WireScript& script = fuzz::wire_script();
  script.callbacks = std::move(callbacks);
  script.is_open = true;
  ++script.opened;
  return std::make_shared<ScriptedWire>();
}

}  // namespace larder::client

namespace larder::fuzz {

WireScript& wire_script() {
  static WireScript script;
  return script;
}

void hub_says(std::string_view text) {
  if (!wire_script().is_open) return;
  const auto on_text = wire_script().callbacks.on_text;
  on_text(text, std::chrono::steady_clock::now());
}

void hub_hangs_up(std::uint16_t code) {
  if (!wire_script().is_open) return;
  wire_script().is_open = false;
  const auto on_closed = wire_script().callbacks.on_closed;
  on_closed(code, "closed");
}

void time_passes() {
  std::vector<std::function<void()>> due = std::exchange(wire_script().due, {});
  for (const auto& work : due) work();
}

}  // namespace larder::fuzz
