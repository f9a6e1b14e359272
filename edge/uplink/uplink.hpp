// Uplink: the hub's end of the way to the cloud. Takes what the link brings to where it belongs:
// acknowledgements to the pump, HQ's words to the hub, questions to the books desk; and keeps, for
// the screens and the operator, how the cloud is reached. Life: from main() to shutdown, on the
// network thread. Limits: those of its parts.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "edge/app/cloud_gate.hpp"
#include "edge/app/ports.hpp"
#include "edge/uplink/books_desk.hpp"
#include "edge/uplink/outbox_pump.hpp"

namespace larder::edge {

// A connection that came up and was lost so often within this time is taken away by somebody: most
// likely by another machine under our name, for a broker serves one connection a name.
inline constexpr std::size_t kLossesMax = 3;
inline constexpr Duration kLossesWithin = Duration::seconds(60);

class Uplink final : public Cloud, private LinkWatcher {
 public:
  // `acked`: the cursor that the store file remembers.
  Uplink(UplinkSelf self, Link& link, CloudGate& gate, UplinkWorld world, Seq acked);

  void start();
  // Called within the time that was asked for by `wake_within`, and may be called at any other.
  void tick();
  void stop();

  void committed(const std::vector<StoredEvent>& events) override;
  CloudState state() const override;
  void ask(BooksQuestion question, std::function<void(Result<BooksAnswer>)> answered) override;

 private:
  void link_up() override;
  void link_down(const std::string& why) override;
  void arrived(const std::string& topic, const std::string& payload) override;
  void refused(const std::string& why) override;
  void window_moved() override;

  void arrived_from_relay(UplinkTopic topic, const std::string& payload);
  void take_words(const std::string& bytes);
  void drop(const char* reason);
  void look_at_state();
  Outgoing presence(bool is_online) const;

  UplinkSelf self_;
  Link& link_;
  CloudGate& gate_;
  UplinkWorld world_;
  OutboxPump pump_;
  BooksDesk desk_;
  std::string relay_topic_;
  CloudState state_;
  std::string link_reason_ = "not connected yet";
  std::deque<Duration> losses_;  // of connections that had come up
  std::string refusal_;          // the last that was said
  bool is_connected_ = false;
  bool may_be_cloned_ = false;
};

}  // namespace larder::edge
