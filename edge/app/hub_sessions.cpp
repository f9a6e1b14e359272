// The conversations of the Hub with its screens: hello, auth, commands, topics, heartbeat.
#include <utility>

#include "edge/app/hub.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::edge {

namespace {

constexpr int kBadMessagesMax = 20;  // unreadable messages before a session is cut
constexpr std::uint16_t kPolicy = 1008;
constexpr std::uint16_t kNewestWins = 4001;
constexpr std::uint16_t kUnauthorized = 4401;

Bytes share(std::string bytes) { return std::make_shared<const std::string>(std::move(bytes)); }

std::string_view currency_of(const Ledger& ledger, const HubSettings& settings) {
  const std::string& of_menu = ledger.catalog.menu().currency.text();
  return of_menu.empty() ? settings.currency : of_menu;
}

}  // namespace

SessionKey Hub::opened(Session& session, const std::string& address) {
  SessionKey key = screens_.open(session, address, ports_.clock.now().at);
  greet(key);
  return key;
}

void Hub::closed(SessionKey key) {
  shown_.left(key, Now{ports_.clock.now().at, ledger_.day});
  screens_.close(key);
}

bool Hub::is_authenticated(SessionKey key) const {
  const Screen* screen = screens_.find(key);
  return screen != nullptr && screen->authenticated;
}

void Hub::greet(SessionKey key) {
  JsonWriter out;
  out.begin_object()
      .member("type", "hello")
      .member("protocol", 1)
      .member("store", settings_.store.text())
      .member("hub", settings_.hub.text())
      .member("name", settings_.name)
      .member("epoch", committed_.epoch)
      .member("seq", committed_.seq)
      .member("at", ports_.clock.now().at.micros)
      .member("zone", settings_.zone)
      .member("currency", currency_of(ledger_, settings_))
      .member("heartbeat_s", kHeartbeatSeconds)
      .member("stale_after_s", 3 * kHeartbeatSeconds)
      .member("version", settings_.version)
      .end_object();
  screens_.send(key, share(out.take()));
}

void Hub::received(SessionKey key, std::string_view text) {
  const Screen* screen = screens_.find(key);
  if (screen == nullptr || screen->closing) return;
  auto message = read_client_message(text);
  if (!message) {
    unreadable(key, text, message.error());
    return;
  }
  if (!screen->authenticated) {
    authenticate(key, *message);
    return;
  }
  converse(key, *message);
}

void Hub::unreadable(SessionKey key, std::string_view text, const Error& error) {
  ports_.telemetry.refusal(code_name(error.code()));
  std::string id = id_in(text);
  if (id.empty()) {
    screens_.send(key, share(write_error(error)));
  } else {
    send_refusal(key, id, error);
  }
  Screen* screen = screens_.find(key);
  if (screen == nullptr) return;
  screen->bad_messages++;
  if (!screen->authenticated || screen->bad_messages > kBadMessagesMax) {
    screens_.hang_up(key, kPolicy, "messages that cannot be read");
  }
}

void Hub::converse(SessionKey key, const ClientMessage& message) {
  switch (message.type) {
    case MessageType::Auth:
      send_refusal(key, message.id, Error(Code::BadState, "this connection is already signed in"));
      return;
    case MessageType::Command:
      sign_ins_.touch(screens_.find(key)->device, ports_.clock.steady());
      take_command(key, message);
      return;
    case MessageType::Query:
      take_query(key, message);
      return;
    case MessageType::Subscribe:
      subscribe(key, message);
      return;
    case MessageType::Unsubscribe: {
      Screen* screen = screens_.find(key);
      screen->topics = static_cast<TopicSet>(screen->topics & ~topic_bit(message.topic));
      shown_.follows(key, screen->topics);
      screens_.send(key, share(write_reply(message.id, committed_.epoch, committed_.seq, "{}")));
      return;
    }
    case MessageType::Seen:
      take_seen(key, message);
      return;
    case MessageType::SignIn:
      sign_in(key, message);
      return;
    case MessageType::SignOut:
      sign_out(key, message);
      return;
    case MessageType::Ping:
      sign_ins_.touch(screens_.find(key)->device, ports_.clock.steady());
      screens_.send(key, share(write_pong(message.id, ports_.clock.now().at)));
      return;
  }
}

const Device* Hub::device_of_token(std::string_view token) const {
  std::string digest = hex(sha256(token));
  for (const auto& [id, device] : ledger_.devices) {
    if (!device.revoked && device.token_sha256 == digest) return &device;
  }
  return nullptr;
}

void Hub::authenticate(SessionKey key, const ClientMessage& message) {
  auto turn_away = [&](const Error& error, std::uint16_t code) {
    ports_.telemetry.refusal(code_name(error.code()));
    screens_.send(key, share(write_error(error)));
    screens_.hang_up(key, code, std::string(code_name(error.code())));
  };
  if (message.type != MessageType::Auth) {
    turn_away(Error(Code::Unauthorized, "the first message must be auth"), kUnauthorized);
    return;
  }
  if (message.protocol != 1) {
    turn_away(Error(Code::Unsupported, "this hub speaks protocol 1"), kUnauthorized);
    return;
  }
  const Device* device = device_of_token(message.token);
  if (device == nullptr) {
    turn_away(Error(Code::Unauthorized, "this token is not known here; mint one with larderctl"),
              kUnauthorized);
    return;
  }
  if (message.witness) hear_witness(*message.witness);
  Screen* screen = screens_.find(key);
  screen->authenticated = true;
  screen->device = device->id;
  screen->role = device->role;
  screen->since = ports_.clock.now().at;
  // Tools share the admin's token; a screen is one connection, and the newest wins.
  if (device->role != Role::Admin) {
    for (SessionKey other : screens_.of_device(device->id, key)) {
      screens_.hang_up(other, kNewestWins, "the same device connected again");
    }
  }
  JsonWriter out;
  out.begin_object()
      .member("type", "welcome")
      .member("device", device->id.text())
      .member("name", device->name)
      .member("role", wire_name(device->role))
      .member("station", device->station.text())
      .member("undo_s", kUndoSeconds)
      .member("late_s", settings_.late_seconds)
      .member("very_late_s", settings_.very_late_seconds)
      .member("accent", settings_.accent)
      .end_object();
  when_committed([this, key, bytes = share(out.take())]() { screens_.send(key, bytes); });
  shown_.joined(key, *device, Now{screen->since, ledger_.day});
  if (device->role != Role::Till) return;
  tell_staff(device->id, {});
  if (shown_.last_news().empty()) return;
  when_committed([this, key, bytes = share(shown_.last_news())]() { screens_.send(key, bytes); });
}

void Hub::send_refusal(SessionKey key, std::string_view id, const Error& error) {
  screens_.send(key, share(write_refusal(id, committed_.epoch, committed_.seq, error)));
}

void Hub::take_command(SessionKey key, const ClientMessage& message) {
  const Screen& screen = *screens_.find(key);
  auto turn_away = [&](const Error& error) {
    ports_.telemetry.refusal(code_name(error.code()));
    send_refusal(key, message.id, error);
  };
  const CommandVerb* verb = find_command_verb(message.verb);
  if (verb == nullptr) return turn_away(Error(Code::UnknownVerb, "there is no such verb"));
  if ((verb->roles & role_bit(screen.role)) == 0 || verb->over_http) {
    return turn_away(Error(Code::Forbidden, "this device may not use " + std::string(verb->name)));
  }
  if (!message.store.empty() && message.store != settings_.store.text()) {
    return turn_away(Error(Code::WrongStore, "this is store " + settings_.store.text()));
  }
  Duration steady = ports_.clock.steady();
  auto [pace, is_new] = paces_.try_emplace(
      screen.device, Pace(settings_.commands_per_second, settings_.command_burst, steady));
  if (std::int64_t wait_ms = pace->second.take(steady); wait_ms > 0) {
    return turn_away(Error(Code::RateLimited, "too many commands; send the same id again in " +
                                                  std::to_string(wait_ms) + " ms"));
  }
  auto command = verb->decode(message.args);
  if (!command) return turn_away(command.error());
  Submission submission;
  submission.asker = Asker{screen.device, screen.role, staff_of(screen)};
  submission.id = CommandId(message.id);
  submission.verb = verb->name;
  submission.body = body_digest(verb->name, encode_args(*command));
  submission.command = std::move(*command);
  submission.reply = [this, key](Bytes bytes) { screens_.send(key, std::move(bytes)); };
  submit(std::move(submission));
}

void Hub::subscribe(SessionKey key, const ClientMessage& message) {
  const Screen& screen = *screens_.find(key);
  if ((topic_roles(message.topic) & role_bit(screen.role)) == 0) {
    ports_.telemetry.refusal(code_name(Code::Forbidden));
    send_refusal(key, message.id, Error(Code::Forbidden, "this device may not follow this topic"));
    return;
  }
  bool can_resume = message.since && message.since->epoch == committed_.epoch &&
                    recent_.covers(message.since->seq);
  if (can_resume) {
    when_committed([this, key, id = message.id, topic = message.topic,
                    since = message.since->seq]() { resume(key, id, topic, since); });
    return;
  }
  send_snapshot(key, message.id, message.topic);
}

void Hub::resume(SessionKey key, const std::string& id, Topic topic, Seq since) {
  Screen* screen = screens_.find(key);
  if (screen == nullptr || screen->closing) return;
  if (!recent_.covers(since)) {  // it left while this waited for the disk
    send_snapshot(key, id, topic);
    return;
  }
  auto index = static_cast<std::size_t>(topic);
  screens_.send(key, share(write_resumed(id, topic, committed_.epoch, committed_.seq,
                                         last_committed_[index])));
  auto missed = recent_.after(since, topic);
  if (!missed.empty()) screens_.send(key, share(write_events(missed)));
  screen->topics = static_cast<TopicSet>(screen->topics | topic_bit(topic));
  shown_.follows(key, screen->topics);
}

// The view is of the ledger as decided now, and leaves when that is on disk; what was decided after
// it follows as events.
void Hub::send_snapshot(SessionKey key, const std::string& id, Topic topic) {
  Seq seq = decided_.seq;
  auto index = static_cast<std::size_t>(topic);
  Bytes bytes = share(write_snapshot(id, topic, decided_.epoch, seq, last_decided_[index],
                                     ports_.clock.now().at, view_of(topic, ledger_)));
  when_committed([this, key, topic, seq, bytes]() {
    Screen* screen = screens_.find(key);
    if (screen == nullptr || screen->closing) return;
    screens_.send(key, bytes);
    if (recent_.last() > seq) {
      auto missed = recent_.after(seq, topic);
      if (!missed.empty()) screens_.send(key, share(write_events(missed)));
    }
    screen->topics = static_cast<TopicSet>(screen->topics | topic_bit(topic));
    shown_.follows(key, screen->topics);
  });
}

void Hub::tick() {
  sign_out_idle();
  Now now = now_in_books();
  bool has_expired = !ledger_.stock.expired(now.at).empty();
  bool is_new_day = ledger_.day.yyyymmdd != 0 && now.day > ledger_.day;
  const bool comes_back = !ledger_.stock.due(now.at).empty();
  const bool is_trusted = !doubt_.is_on();
  if ((has_expired || is_new_day || comes_back) && !stopping_ && is_trusted) {
    (void)run_own(ExpireHolds{});
  }
  Duration steady = ports_.clock.steady();
  look_at_screens(steady);
  look_for_room(steady);
  tell_unseen();
  if (steady - last_heartbeat_ >= Duration::seconds(kHeartbeatSeconds)) beat();
}

void Hub::beat() {
  last_heartbeat_ = ports_.clock.steady();
  CloudNotice cloud;
  if (cloud_ != nullptr) {
    const CloudState state = cloud_->state();
    cloud = CloudNotice{wire_name(state.lost), state.since};
  }
  // In doubt a screen must not learn from this hub what it is then asked about.
  const std::string head = doubt_.is_on() ? std::string() : hex(committed_.hash);
  screens_.send_to_all(share(
      write_heartbeat(committed_.epoch, committed_.seq, ports_.clock.now().at, last_committed_,
                      room_ == Room::Scarce, cloud, head, recovery_notice())));
}

}  // namespace larder::edge
