// The hub's messages, as a Conversation takes them in.
#include <algorithm>
#include <utility>
#include <vector>

#include "tools/client/conversation.hpp"
#include "tools/client/fields.hpp"

namespace larder::client {
namespace {

constexpr std::string_view kEventsHead = R"({"type":"events")";
constexpr std::chrono::milliseconds kSeenEvery{200};

}  // namespace

void Client::Conversation::received(std::string_view text, Instant when) {
  last_message_ = when;
  if (link == Link::Stale) set_link(Link::Live, "");
  if (text.substr(0, kEventsHead.size()) == kEventsHead) {
    ++counters.event_frames;
    counters.event_bytes += text.size();
    if (!options_.read_events) return;
  }
  const Result<Json> message = parse_json(text, kHubJson);
  if (!message) return lost(0, "the hub sent what is not JSON: " + message.error().message());
  const std::string type = text_of(*message, "type");
  if (type == "events") return on_events(*message, when);
  if (type == "reply") return on_reply(*message, text, when);
  if (type == "heartbeat") return on_heartbeat(*message);
  if (type == "snapshot") return on_place(*message, true);
  if (type == "resumed") return on_place(*message, false);
  if (type == "hello") return on_hello(*message);
  if (type == "welcome") return on_welcome(*message);
  if (type == "error") return on_error(*message);
}

void Client::Conversation::on_hello(const Json& message) {
  if (number_of(message, "protocol") != 1)
    return stop("unsupported", "the hub speaks another version of the protocol");
  hello.store = text_of(message, "store");
  hello.hub = text_of(message, "hub");
  hello.name = text_of(message, "name");
  hello.zone = text_of(message, "zone");
  hello.currency = text_of(message, "currency");
  hello.version = text_of(message, "version");
  if (const auto seconds = number_of(message, "stale_after_s"); seconds > 0)
    stale_after_ = std::chrono::seconds(std::min<std::int64_t>(seconds, 60));
  JsonWriter out;
  out.begin_object().member("type", "auth").member("token", options_.token);
  out.member("client", options_.name).member("protocol", 1);
  if (highest_.seq > 0) {
    out.key("witness").begin_object();
    out.member("epoch", highest_.epoch).member("seq", highest_.seq).end_object();
  }
  out.end_object();
  wire_->send(out.take());
}

void Client::Conversation::on_welcome(const Json& message) {
  hello.device = text_of(message, "device");
  hello.role = text_of(message, "role");
  hello.station = text_of(message, "station");
  failures_ = 0;
  ++counters.connects;
  const std::uint64_t attempt = attempt_;
  set_link(Link::Live, "");
  if (const auto ready = std::exchange(on_ready, nullptr)) ready(hello);
  if (attempt != attempt_) return;  // a listener stopped us
  for (auto& [topic, followed] : topics_)
    if (!followed.waiting) send_subscribe(topic, followed);
  std::vector<Request*> waiting;
  for (auto& [id, request] : requests_) waiting.push_back(&request);
  std::sort(waiting.begin(), waiting.end(),
            [](const Request* a, const Request* b) { return a->order < b->order; });
  for (Request* request : waiting) send_request(*request);
}

void Client::Conversation::on_error(const Json& message) {
  const std::string code = text_of(message, "code");
  if (code == "unauthorized" || code == "forbidden" || code == "unsupported")
    return stop(code, text_of(message, "message"));
}

void Client::Conversation::on_reply(const Json& message, std::string_view text, Instant when) {
  const std::string id = text_of(message, "id");
  for (auto& [topic, followed] : topics_) {
    if (followed.request != id) continue;  // only a refused subscribe gets a reply
    followed.waiting = false;
  }
  const auto found = requests_.find(id);
  if (found == requests_.end()) return;
  Reply reply;
  reply.ok = flag_of(message, "ok");
  const Json* error = message.find("error");
  if (!reply.ok && error != nullptr && retry_later(id, found->second, *error)) return;
  reply.epoch = static_cast<Epoch>(number_of(message, "epoch"));
  reply.seq = static_cast<Seq>(number_of(message, "seq"));
  if (const Json* result = message.find("result")) reply.result = *result;
  if (error != nullptr) {
    reply.error = *error;
    reply.code = text_of(*error, "code");
    reply.message = text_of(*error, "message");
  }
  reply.text = text;
  reply.received = when;
  reply.sent = found->second.sent;
  reply.resent = found->second.resent;
  reply.retried = found->second.retried;
  const OnReply on_reply = std::move(found->second.on_reply);
  requests_.erase(found);
  on_reply(reply);
}

void Client::Conversation::on_events(const Json& message, Instant when) {
  const std::uint64_t attempt = attempt_;
  for (const Json& event : list_of(message, "events")) {
    on_event(event, when);
    if (attempt != attempt_) return;  // a follower stopped us
  }
}

void Client::Conversation::on_event(const Json& event, Instant when) {
  const Json* previous = event.find("prev");
  const JsonObject* topics = previous == nullptr ? nullptr : previous->as<JsonObject>();
  if (topics == nullptr) return;
  const std::string name = text_of(event, "event");
  const std::string command = text_of(event, "cmd");
  const std::string by = text_of(event, "by");
  const auto epoch = static_cast<Epoch>(number_of(event, "epoch"));
  const auto seq = static_cast<Seq>(number_of(event, "seq"));
  highest_ = Place{epoch, std::max(highest_.seq, seq)};
  for (const auto& [topic, before] : *topics) {
    const auto found = topics_.find(topic);
    if (found == topics_.end()) continue;
    Followed& followed = found->second;
    if (followed.waiting || !followed.has_place || seq <= followed.held.seq) continue;
    const auto* expected = before.as<std::int64_t>();
    if (expected == nullptr || static_cast<Seq>(*expected) != followed.held.seq) {
      missed(topic, followed);
      continue;
    }
    followed.held = Place{epoch, seq};
    if (!followed.follower.on_event) continue;
    const auto on_event = followed.follower.on_event;
    on_event(TopicEvent{topic, epoch, seq, number_of(event, "at"), command, by, name,
                        event.find("body"), when});
    if (link == Link::Stopped) return;
  }
}

// A snapshot replaces the view; "resumed" says that the missing events follow.
void Client::Conversation::on_place(const Json& message, bool snapshot) {
  const std::string topic = text_of(message, "topic");
  const auto found = topics_.find(topic);
  if (found == topics_.end() || found->second.request != text_of(message, "id")) return;
  Followed& followed = found->second;
  followed.waiting = false;
  const auto epoch = static_cast<Epoch>(number_of(message, "epoch"));
  if (!snapshot) {
    ++counters.resumes;
    followed.held.epoch = epoch;
    return;
  }
  ++counters.snapshots;
  followed.has_place = true;
  followed.held = Place{epoch, static_cast<Seq>(number_of(message, "last"))};
  const auto seq = static_cast<Seq>(number_of(message, "seq"));
  highest_ = Place{epoch, std::max(highest_.seq, seq)};
  if (!followed.follower.on_snapshot) return;
  const auto on_snapshot = followed.follower.on_snapshot;
  on_snapshot(TopicSnapshot{topic, epoch, seq, message.find("view")});
}

void Client::Conversation::on_heartbeat(const Json& message) {
  if (!options_.read_events) return;
  const Json* last = message.find("last");
  if (last == nullptr) return;
  for (auto& [topic, followed] : topics_) {
    if (followed.waiting || !followed.has_place) continue;
    if (static_cast<Seq>(number_of(*last, topic)) > followed.held.seq) missed(topic, followed);
  }
}

void Client::Conversation::missed(const std::string& topic, Followed& followed) {
  ++counters.gaps;
  send_subscribe(topic, followed);
}

void Client::Conversation::subscribe(std::string topic, Follower follower,
                                     std::optional<Place> since) {
  Followed& followed = topics_[topic];
  followed.follower = std::move(follower);
  followed.has_place = since.has_value();
  followed.held = since.value_or(Place{});
  if (link == Link::Live || link == Link::Stale) send_subscribe(topic, followed);
}

void Client::Conversation::send_subscribe(const std::string& topic, Followed& followed) {
  followed.request = "s" + std::to_string(++next_id_);
  followed.waiting = true;
  JsonWriter out;
  out.begin_object().member("type", "subscribe").member("id", followed.request);
  out.member("topic", topic);
  if (followed.has_place) {
    out.key("since").begin_object();
    out.member("epoch", followed.held.epoch).member("seq", followed.held.seq).end_object();
  }
  out.end_object();
  wire_->send(out.take());
}

void Client::Conversation::seen(const std::string& topic, Place shown) {
  shown_[topic] = shown;
  if (telling_) return;
  const Instant now = std::chrono::steady_clock::now();
  if (now - told_ >= kSeenEvery) return tell_seen();
  telling_ = true;
  const std::weak_ptr<Conversation> weak = weak_from_this();
  network_.run_at(told_ + kSeenEvery, [weak] {
    if (const auto self = weak.lock()) self->tell_seen();
  });
}

void Client::Conversation::tell_seen() {
  telling_ = false;
  if (wire_ == nullptr || (link != Link::Live && link != Link::Stale)) return;
  told_ = std::chrono::steady_clock::now();
  for (const auto& [topic, place] : std::exchange(shown_, {})) {
    JsonWriter out;
    out.begin_object().member("type", "seen").member("topic", topic);
    out.member("epoch", place.epoch).member("seq", place.seq).end_object();
    wire_->send(out.take());
  }
}

}  // namespace larder::client
