#include "tools/client/conversation.hpp"

#include <algorithm>
#include <utility>

#include "tools/client/fields.hpp"

namespace larder::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kWatchEvery{250};
constexpr milliseconds kBackoffFirst{250};
constexpr milliseconds kBackoffMax{5'000};
constexpr std::int64_t kRetryFirstMs = 50;
constexpr std::int64_t kRetryMaxMs = 5'000;

bool is_final(std::uint16_t code) { return code == 4001 || code == 4401 || code == 4403; }

bool is_for_now(const std::string& code) {
  return code == "rate_limited" || code == "overloaded" || code == "busy";
}

}  // namespace

Client::Conversation::Conversation(Network& network, ClientOptions options)
    : network_(network), options_(std::move(options)), random_(std::random_device{}()) {}

void Client::Conversation::start() {
  if (started_) return;
  started_ = true;
  connect();
}

void Client::Conversation::connect() {
  const std::uint64_t attempt = ++attempt_;
  set_link(Link::Connecting, "");
  WireCallbacks callbacks;
  const std::weak_ptr<Conversation> weak = weak_from_this();
  callbacks.on_open = [] {};
  callbacks.on_text = [weak, attempt](std::string_view text, Instant when) {
    const auto self = weak.lock();
    if (self && self->attempt_ == attempt) self->received(text, when);
  };
  callbacks.on_closed = [weak, attempt](std::uint16_t code, const std::string& why) {
    const auto self = weak.lock();
    if (self && self->attempt_ == attempt) self->lost(code, why);
  };
  last_message_ = steady_clock::now();
  wire_ = Wire::open(network_, options_.host, options_.port, std::move(callbacks));
  watch(attempt);
}

// Silence is a state of its own: first the screen is stale, then the connection is given up.
void Client::Conversation::watch(std::uint64_t attempt) {
  const std::weak_ptr<Conversation> weak = weak_from_this();
  network_.run_at(steady_clock::now() + kWatchEvery, [weak, attempt] {
    const auto self = weak.lock();
    if (!self || self->attempt_ != attempt || self->link == Link::Stopped) return;
    const auto silent = steady_clock::now() - self->last_message_;
    if (self->link == Link::Connecting && silent > self->options_.ready_within)
      return self->lost(0, "the hub did not answer in time");
    if (self->link != Link::Connecting && silent > self->options_.dead_after)
      return self->lost(0, "the hub has been silent for too long");
    if (self->link == Link::Live && silent > self->stale_after_)
      self->set_link(Link::Stale, "no message from the hub");
    self->watch(attempt);
  });
}

void Client::Conversation::lost(std::uint16_t code, const std::string& why) {
  if (wire_) wire_->drop();
  wire_.reset();
  shown_.clear();
  ++attempt_;
  if (is_final(code)) {
    const char* name = code == 4001 ? "unavailable" : code == 4403 ? "forbidden" : "unauthorized";
    return stop(name, why);
  }
  if (!options_.reconnect) return stop("unavailable", why);
  for (auto& [topic, followed] : topics_) followed.waiting = false;
  set_link(Link::Waiting, why);
  if (!options_.resend) {
    auto requests = std::move(requests_);
    requests_.clear();
    Reply reply;
    reply.code = "unavailable";
    reply.message = why;
    for (auto& [id, request] : requests) request.on_reply(reply);
  }
  if (link != Link::Waiting) return;  // a callback stopped us
  const auto ceiling = std::min(kBackoffMax, kBackoffFirst * (1 << std::min(failures_, 10U)));
  ++failures_;
  std::uniform_int_distribution<std::int64_t> jitter(0, ceiling.count());
  const std::uint64_t attempt = attempt_;
  const std::weak_ptr<Conversation> weak = weak_from_this();
  network_.run_at(steady_clock::now() + milliseconds(jitter(random_)), [weak, attempt] {
    const auto self = weak.lock();
    if (self && self->attempt_ == attempt && self->link == Link::Waiting) self->connect();
  });
}

void Client::Conversation::stop(const std::string& code, const std::string& why) {
  if (link == Link::Stopped) return;
  ++attempt_;
  if (wire_) wire_->close();
  wire_.reset();
  const Code reason = code == "unauthorized" ? Code::Unauthorized
                      : code == "forbidden"  ? Code::Forbidden
                                             : Code::Unavailable;
  stopped_because = Error(reason, why);
  set_link(Link::Stopped, why);
  auto requests = std::move(requests_);
  requests_.clear();
  Reply reply;
  reply.code = code;
  reply.message = why;
  for (auto& [id, request] : requests) request.on_reply(reply);
  if (const auto ready = std::exchange(on_ready, nullptr)) ready(Refused(stopped_because));
}

void Client::Conversation::set_link(Link now, const std::string& why) {
  if (link == now) return;
  link = now;
  if (on_link) on_link(now, why);
}

std::string Client::Conversation::next_id() { return "q" + std::to_string(++next_id_); }

void Client::Conversation::ask(const char* type, std::string id, std::string_view verb,
                               std::string_view args, OnReply on_reply) {
  if (link == Link::Stopped) {
    Reply reply;
    reply.code = "unavailable";
    reply.message = stopped_because.message();
    return on_reply(reply);
  }
  JsonWriter out;
  out.begin_object().member("type", type).member("id", id).member("verb", verb);
  out.key("args").raw(args).end_object();
  Request& request = requests_[std::move(id)];
  request.text = out.take();
  request.on_reply = std::move(on_reply);
  request.order = ++next_order_;
  if (link == Link::Live || link == Link::Stale) send_request(request);
}

void Client::Conversation::forget(const std::string& id) { requests_.erase(id); }

void Client::Conversation::send_request(Request& request) {
  if (request.was_sent) ++request.resent;
  request.was_sent = true;
  request.sent = steady_clock::now();
  wire_->send(request.text);
}

// True when the hub asked for patience and gets the same request again after it.
bool Client::Conversation::retry_later(const std::string& id, Request& request, const Json& error) {
  if (!is_for_now(text_of(error, "code"))) return false;
  ++counters.refused_for_now;
  if (!options_.obey_retry) return false;
  const std::int64_t doubled = kRetryFirstMs << std::min(request.retried, 6U);
  const std::int64_t wait =
      std::clamp(std::max(number_of(error, "retry_ms"), doubled / 2), kRetryFirstMs, kRetryMaxMs);
  ++request.retried;
  request.was_sent = false;
  std::uniform_int_distribution<std::int64_t> jitter(0, wait / 4);
  const std::weak_ptr<Conversation> weak = weak_from_this();
  const std::uint64_t attempt = attempt_;
  network_.run_at(steady_clock::now() + milliseconds(wait + jitter(random_)), [weak, id, attempt] {
    const auto self = weak.lock();
    if (!self || self->attempt_ != attempt) return;  // a new connection sends all of them anyway
    const auto found = self->requests_.find(id);
    if (found != self->requests_.end() && !found->second.was_sent)
      self->send_request(found->second);
  });
  return true;
}

}  // namespace larder::client
