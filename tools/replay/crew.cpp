#include "tools/replay/crew.hpp"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "lan-protocol/digest.hpp"
#include "tools/larderctl/connection.hpp"

namespace larder::replay {
namespace {

// Commands sent together, waited for together.
class Together {
 public:
  void one_more() {
    const std::lock_guard lock(state_->mutex);
    ++state_->waiting;
  }
  client::OnReply on_reply() {
    return [state = state_](const client::Reply& reply) {
      const std::lock_guard lock(state->mutex);
      --state->waiting;
      if (!reply.ok && state->refused.text.empty()) state->refused = reply;
      if (!reply.ok) state->failed = true;
      state->changed.notify_all();
    };
  }
  Result<void> wait() {
    std::unique_lock lock(state_->mutex);
    const bool done = state_->changed.wait_for(lock, std::chrono::seconds(120),
                                               [&] { return state_->waiting == 0; });
    if (!done) return refuse(Code::Unavailable, "the hub did not answer within 120 s");
    if (!state_->failed) return {};
    return refuse(ctl::code_of(state_->refused.code), state_->refused.message);
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t waiting = 0;
    bool failed = false;
    client::Reply refused;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace

Crew::Crew(client::Client& admin, std::string prefix) : admin_(admin), prefix_(std::move(prefix)) {}

Result<std::vector<std::string>> Crew::add(const std::string& name, const std::string& role,
                                           std::size_t count) {
  std::vector<std::string> tokens;
  Together together;
  for (std::size_t i = 1; i <= count; ++i) {
    const std::string device = prefix_ + "-" + name + "-" + std::to_string(i);
    tokens.push_back(client::new_token());
    JsonWriter args;
    args.begin_object().member("device", device).member("name", "Replay " + name);
    args.member("role", role).member("token_sha256", hex(sha256(tokens.back()))).end_object();
    together.one_more();
    admin_.command(client::new_command_id(), "device.add", args.text(), together.on_reply());
    devices_.push_back(device);
  }
  const Result<void> done = together.wait();
  if (!done) return pass_on(done);
  return tokens;
}

void Crew::revoke_all() {
  Together together;
  for (const std::string& device : devices_) {
    JsonWriter args;
    args.begin_object().member("device", device).end_object();
    together.one_more();
    admin_.command(client::new_command_id(), "device.revoke", args.text(), together.on_reply());
  }
  devices_.clear();
  (void)together.wait();  // a device that stays is of no use to anybody: its token dies with us
}

bool Crew::has(const std::string& device) const {
  return std::find(devices_.begin(), devices_.end(), device) != devices_.end();
}

}  // namespace larder::replay
