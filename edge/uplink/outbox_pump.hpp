// OutboxPump: brings the journal to the relay, in order, with no queue of its own: the journal is
// the queue and the relay's acknowledgement the only thing that moves the cursor (UPLINK.md section
// 4). Go-back-N: what the relay does not have is read and sent again. Life: with the Uplink, on the
// network thread. Limits: kBufferBytesMax of events in memory; of batches under way as many as the
// relay's credit and the link's window allow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "edge/app/cloud_gate.hpp"
#include "edge/app/ports.hpp"
#include "lan-protocol/uplink.hpp"

namespace larder::edge {

// Who speaks, in every hello.
struct UplinkSelf {
  StoreId store;
  HubId hub;
  std::string boot;  // random, of this run
  std::string version;
  std::string machine = {};  // what it runs on, as one word
  std::string code = {};     // HQ's, when this hub is to keep the store from now on
};

// What the rules of the uplink take from the world beside the hub and the link.
struct UplinkWorld {
  Clock& clock;
  Telemetry& telemetry;
  std::function<double()> chance;             // in [0, 1)
  std::function<void(Duration)> wake_within;  // tick() is called after this time at the latest
};

inline constexpr std::size_t kFlushEvents = 200;
inline constexpr std::size_t kFlushBytes = 64 * 1024;  // before compression
inline constexpr Duration kFlushAfter{50'000};
inline constexpr Duration kPatience = Duration::seconds(5);  // without progress; doubles
inline constexpr Duration kPatienceMax = Duration::seconds(60);
inline constexpr Duration kPauseMin = Duration::seconds(5);  // after a credit of 0
inline constexpr Duration kPauseMax = Duration::seconds(30);
inline constexpr Duration kCursorEvery = Duration::seconds(1);
inline constexpr std::size_t kReadStep = 200;  // events in one job of the writer
inline constexpr std::size_t kBufferBytesMax = 1024 * 1024;

class OutboxPump {
 public:
  enum class State {
    Down,       // no link
    Asking,     // hello was said, no answer yet
    Seeking,    // looks for the place in the journal that the answer means
    Flowing,    // events go up
    Paused,     // a credit of 0
    RelayGone,  // the relay's retained word says that it is away
    Stopped,    // the relay takes nothing from this hub, or an event cannot be sent
  };

  OutboxPump(UplinkSelf self, Link& link, CloudGate& gate, UplinkWorld world, Seq acked);

  void link_up();
  void link_down();
  void acknowledged(const Ack& ack);
  void relay_is(bool online);
  void committed(const std::vector<StoredEvent>& events);
  void window_moved();
  void tick();
  // The cursor as it is goes to the store file.
  void keep_cursor();

  State state() const { return state_; }
  // Why it is Stopped, for a person.
  const std::string& reason() const { return reason_; }
  Seq acked() const { return acked_; }
  // The hub's time of the first event that the relay has not acknowledged; zero: none, or not read.
  TimePoint oldest_unsent() const;

 private:
  struct Waiting {
    StoredEvent event;
    TimePoint at;    // the event's own
    Duration since;  // in this buffer
  };
  struct Sent {
    Seq last = 0;
    TimePoint first_at;
  };

  void say_hello();
  void begin_after(Seq up_to);
  void seek(Epoch epoch, Seq upper);
  void obey(const Ack& ack);
  void give_way(const Ack& ack, const std::string& elsewhere);
  void advance_to(Seq up_to);
  void stop(std::string reason);
  void pause();
  void put(const StoredEvent& event);
  void take_read(Seq after, const Result<std::vector<StoredEvent>>& events);
  void read_more();
  void send_what_may();
  std::size_t batch_size();
  bool send(std::size_t count);
  void look_for_oldest();
  void wake_within(Duration time);
  Duration pause_time();
  Seq buffered_to() const { return next_ - 1 + buffer_.size(); }

  UplinkSelf self_;
  Link& link_;
  CloudGate& gate_;
  UplinkWorld world_;
  State state_ = State::Down;
  std::string reason_;
  Seq acked_ = 0;
  Seq next_ = 1;                // the first event that was not handed to the link
  std::deque<Waiting> buffer_;  // from next_ on, without a gap
  std::size_t buffer_bytes_ = 0;
  std::deque<Sent> sent_;  // handed to the link, not acknowledged
  std::size_t credit_ = 0;
  bool is_live_ = false;       // has reached the head: events come from memory
  bool is_hello_due_ = false;  // could not be said yet
  bool is_reading_ = false;
  std::uint64_t generation_ = 0;  // reads of an earlier one are dropped
  Duration patience_ = kPatience;
  Duration progress_at_;
  Duration hello_at_;  // of the next hello, when Paused or Stopped
  std::optional<Duration> wake_at_;
  Seq kept_ = 0;
  Duration kept_at_;
  struct Oldest {
    Seq seq = 0;
    TimePoint at;
  };
  std::optional<Oldest> oldest_;  // of what is neither sent nor buffered
};

}  // namespace larder::edge
