// Conversation: what a Client remembers over its connections. Thread: the Network's only.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "tools/client/client.hpp"
#include "tools/client/wire.hpp"

namespace larder::client {

class Client::Conversation : public std::enable_shared_from_this<Client::Conversation> {
 public:
  Conversation(Network& network, ClientOptions options);

  void start();
  void stop(const std::string& code, const std::string& why);
  void ask(const char* type, std::string id, std::string_view verb, std::string_view args,
           OnReply on_reply);
  void forget(const std::string& id);
  void subscribe(std::string topic, Follower follower, std::optional<Place> since);

  void seen(const std::string& topic, Place shown);

  std::function<void(Link, const std::string&)> on_link;
  std::function<void(const Result<Hello>&)> on_ready;  // called once
  Counters counters;
  Hello hello;
  Link link = Link::Waiting;
  Error stopped_because{Code::Unavailable, "not started"};
  std::size_t unanswered() const { return requests_.size(); }
  std::string next_id();

 private:
  struct Request {
    std::string text;
    OnReply on_reply;
    std::uint64_t order = 0;  // requests are sent again in the order they were made
    Instant sent{};
    bool was_sent = false;
    std::uint32_t resent = 0;
    std::uint32_t retried = 0;
  };
  struct Followed {
    Follower follower;
    Place held;  // the last event applied
    bool has_place = false;
    bool waiting = false;  // a subscribe is on its way
    std::string request;   // id of that subscribe
  };

  void connect();
  void lost(std::uint16_t code, const std::string& why);
  void set_link(Link now, const std::string& why);
  void watch(std::uint64_t attempt);
  void received(std::string_view text, Instant when);
  void on_hello(const Json& message);
  void on_welcome(const Json& message);
  void on_reply(const Json& message, std::string_view text, Instant when);
  void on_events(const Json& message, Instant when);
  void on_event(const Json& event, Instant when);
  void on_place(const Json& message, bool snapshot);
  void on_heartbeat(const Json& message);
  void on_error(const Json& message);
  void send_request(Request& request);
  bool retry_later(const std::string& id, Request& request, const Json& error);
  void send_subscribe(const std::string& topic, Followed& followed);
  void missed(const std::string& topic, Followed& followed);
  void tell_seen();

  Network& network_;
  ClientOptions options_;
  std::shared_ptr<Wire> wire_;
  std::uint64_t attempt_ = 0;  // callbacks of earlier attempts are not ours any more
  std::uint32_t failures_ = 0;
  std::uint64_t next_order_ = 0;
  std::uint64_t next_id_ = 0;
  bool started_ = false;
  Instant last_message_{};
  std::chrono::milliseconds stale_after_{3'000};
  Place highest_;
  std::map<std::string, Request> requests_;
  std::map<std::string, Followed> topics_;
  std::map<std::string, Place> shown_;  // not told yet
  bool telling_ = false;                // a timer runs until it may be told
  Instant told_{};
  std::mt19937_64 random_;
};

}  // namespace larder::client
