// Client: a device's side of the LAN protocol (lan-protocol/PROTOCOL.md) for our own programs:
// hello and auth, commands and queries with their answers, topics followed by `since`, reconnect
// with full jitter, and unanswered commands sent again with the same id.
//
// Life: made with a Network that outlives it; the destructor hangs up and returns when no callback
// runs any more. Thread: the functions may be called from any thread; every callback runs on the
// Network's thread and must not block. ask() and wait_ready() block and are not for that thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "lan-protocol/json.hpp"
#include "tools/client/network.hpp"
#include "tools/client/secrets.hpp"

namespace larder::client {

struct ClientOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string token;
  std::string name = "larder-client";
  bool reconnect = true;    // after a lost connection; never after 4001, 4401 and 4403
  bool resend = true;       // unanswered requests, with the same id, on the next connection
  bool obey_retry = true;   // rate_limited, overloaded, busy: wait retry_ms, send the same again
  bool read_events = true;  // false: events are counted, not read (an idle screen for a load)
  std::chrono::milliseconds ready_within{8'000};  // connect, hello and auth together
  std::chrono::milliseconds dead_after{10'000};   // silence after which the connection is dropped
};

enum class Link {
  Connecting,
  Live,
  Stale,    // no message for the hub's stale_after_s; still connected
  Waiting,  // the connection is lost; another attempt comes by itself
  Stopped   // for good: closed by us, or refused
};

struct Hello {
  std::string store, hub, name, zone, currency, version;
  std::string device, role, station;
};

struct Reply {
  bool ok = false;
  Epoch epoch = 0;
  Seq seq = 0;
  Json result;       // of an accepted one
  std::string code;  // of a refusal; "unavailable" when no answer could be had
  std::string message;
  Json error;        // the whole error object of a refusal
  std::string text;  // the frame as it came; empty when none came
  Instant sent{};    // the last time it was sent
  Instant received{};
  std::uint32_t resent = 0;   // times it was sent again after a lost connection
  std::uint32_t retried = 0;  // times it was sent again because the hub asked to
};
using OnReply = std::function<void(const Reply&)>;

struct TopicEvent {
  std::string_view topic;
  Epoch epoch = 0;
  Seq seq = 0;
  std::int64_t at = 0;  // microseconds, the hub's clock
  std::string_view command, by, name;
  const Json* body = nullptr;
  Instant received{};
};

struct TopicSnapshot {
  std::string_view topic;
  Epoch epoch = 0;
  Seq seq = 0;
  const Json* view = nullptr;
};

struct Follower {
  std::function<void(const TopicSnapshot&)> on_snapshot;
  std::function<void(const TopicEvent&)> on_event;
};

struct Place {
  Epoch epoch = 0;
  Seq seq = 0;
};

struct Counters {
  std::uint64_t connects = 0;      // connections that became live
  std::uint64_t event_frames = 0;  // frames of type "events"
  std::uint64_t event_bytes = 0;
  std::uint64_t gaps = 0;  // prev or heartbeat showed a miss
  std::uint64_t snapshots = 0;
  std::uint64_t resumes = 0;
  std::uint64_t refused_for_now = 0;  // rate_limited, overloaded, busy
};

class Client {
 public:
  Client(Network& network, ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Before start().
  void on_link(std::function<void(Link, const std::string& why)> listener);
  void start();
  void stop();

  // The hello and welcome of the first live connection; an Error when it stopped or time ran out.
  Result<Hello> wait_ready(std::chrono::milliseconds within = std::chrono::seconds(10));

  // `args` is a JSON object. They are kept until answered, over connections when `resend`.
  void command(std::string id, std::string_view verb, std::string_view args, OnReply on_reply);
  void query(std::string_view verb, std::string_view args, OnReply on_reply);
  // From `since`, or from a snapshot. One follower per topic; the later replaces the earlier.
  void subscribe(std::string topic, Follower follower, std::optional<Place> since = std::nullopt);

  // What the screen shows of a topic now (PROTOCOL.md section 12): told at once, and then at most
  // every 200 ms, the latest of each topic. Forgotten with the connection.
  void seen(std::string topic, Place shown);

  Reply ask_command(std::string id, std::string_view verb, std::string_view args,
                    std::chrono::milliseconds within = std::chrono::seconds(15));
  Reply ask(std::string_view verb, std::string_view args,
            std::chrono::milliseconds within = std::chrono::seconds(15));

  Counters counters() const;
  std::size_t unanswered() const;

 private:
  class Conversation;
  Network& network_;
  std::shared_ptr<Conversation> conversation_;
};

}  // namespace larder::client
