#include "lan-protocol/messages.hpp"

#include <algorithm>

#include "core/base/text.hpp"
#include "lan-protocol/fields.hpp"
#include "lan-protocol/shapes.hpp"

namespace larder {
namespace {

constexpr std::size_t kTokenBytesMax = 256;

struct Token {
  std::string text;
};

// Any other text can be the token of no device.
void take(const Input& in, Token& out) {
  larder::take(in, out.text);
  if (in.failed()) return;
  const bool printable =
      std::all_of(out.text.begin(), out.text.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (out.text.empty() || out.text.size() > kTokenBytesMax || !printable) {
    in.refuse(Code::Unauthorized, "not a token of this hub");
  }
}

struct MessageId {
  std::string text;
};

void take(const Input& in, MessageId& out) { take_id(in, out.text, Code::BadRequest); }

struct TopicName {
  Topic topic = Topic::Menu;
};

void take(const Input& in, TopicName& out) {
  std::string name;
  larder::take(in, name);
  if (in.failed()) return;
  const std::optional<Topic> topic = find_topic(name);
  if (!topic) return in.refuse(Code::BadRequest, "no such topic");
  out.topic = *topic;
}

struct PlaceInJournal {
  ClientMessage::Place place;
};

void take(const Input& in, PlaceInJournal& out) {
  Fields(in).need("epoch", out.place.epoch).need("seq", out.place.seq).done();
}

struct ReadWitness {
  ClientMessage::Witness witness;
};

void take(const Input& in, ReadWitness& out) {
  std::string head;
  Fields(in)
      .may("hub", out.witness.hub)
      .need("epoch", out.witness.epoch)
      .need("seq", out.witness.seq)
      .may("head", head)
      .done();
  if (in.failed() || head.empty()) return;
  out.witness.head = digest_of_hex(head);
  if (!out.witness.head) in.refuse(Code::BadRequest, "head: must be 64 hex digits");
}

std::optional<ClientMessage::Place> place_of(const std::optional<PlaceInJournal>& read) {
  if (!read) return std::nullopt;
  return read->place;
}

// Checks that args is an object; they are moved out of the tree afterwards, not copied.
struct ArgsSeen {};

void take(const Input& in, ArgsSeen&) {
  if (in.json().as<JsonObject>() == nullptr) in.refuse(Code::BadRequest, "must be an object");
}

struct Pin {
  std::string digits;
};

// What was typed is not repeated: a wrong PIN is nearly somebody's.
void take(const Input& in, Pin& out) {
  larder::take(in, out.digits);
  if (in.failed()) return;
  const bool is_number = std::all_of(out.digits.begin(), out.digits.end(),
                                     [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number || out.digits.size() < kPinDigitsMin || out.digits.size() > kPinDigitsMax) {
    in.refuse(Code::BadRequest, "must be 4 to 8 digits");
  }
}

struct TypeSeen {};

void take(const Input&, TypeSeen&) {}

void read_auth(Fields& fields, ClientMessage& out) {
  Token token;
  std::optional<ReadWitness> witness;
  fields.need("token", token)
      .may("client", out.client)
      .may("protocol", out.protocol)
      .may("witness", witness);
  out.token = std::move(token.text);
  if (witness) out.witness = std::move(witness->witness);
}

void read_command(Fields& fields, ClientMessage& out) {
  ArgsSeen args;
  fields.need("verb", out.verb).need("args", args).may("store", out.store);
}

void read_query(Fields& fields, ClientMessage& out) {
  ArgsSeen args;
  fields.need("verb", out.verb).may("args", args);
}

void read_subscribe(Fields& fields, ClientMessage& out) {
  TopicName topic;
  std::optional<PlaceInJournal> since;
  fields.need("topic", topic).may("since", since);
  out.topic = topic.topic;
  out.since = place_of(since);
}

void read_unsubscribe(Fields& fields, ClientMessage& out) {
  TopicName topic;
  fields.need("topic", topic);
  out.topic = topic.topic;
}

void read_seen(Fields& fields, ClientMessage& out) {
  TopicName topic;
  ClientMessage::Place place;
  fields.need("topic", topic).need("epoch", place.epoch).need("seq", place.seq);
  out.topic = topic.topic;
  out.since = place;
}

void read_sign_in(Fields& fields, ClientMessage& out) {
  Pin pin;
  fields.need("staff", out.staff).need("pin", pin);
  out.pin = std::move(pin.digits);
}

void read_nothing_more(Fields&, ClientMessage&) {}

// One line per message a client may send.
struct MessageRow {
  std::string_view name;
  MessageType type;
  bool has_id;
  void (*read)(Fields&, ClientMessage&);
};

constexpr std::array kMessages = {
    MessageRow{"auth", MessageType::Auth, false, read_auth},
    MessageRow{"command", MessageType::Command, true, read_command},
    MessageRow{"query", MessageType::Query, true, read_query},
    MessageRow{"subscribe", MessageType::Subscribe, true, read_subscribe},
    MessageRow{"unsubscribe", MessageType::Unsubscribe, true, read_unsubscribe},
    MessageRow{"ping", MessageType::Ping, true, read_nothing_more},
    MessageRow{"sign_in", MessageType::SignIn, true, read_sign_in},
    MessageRow{"sign_out", MessageType::SignOut, true, read_nothing_more},
    MessageRow{"seen", MessageType::Seen, false, read_seen},
};

const MessageRow* find_message(const Json& json) {
  const Json* type = json.find("type");
  const std::string* name = type == nullptr ? nullptr : type->as<std::string>();
  if (name == nullptr) return nullptr;
  const auto row = std::find_if(kMessages.begin(), kMessages.end(),
                                [name](const MessageRow& known) { return known.name == *name; });
  return row == kMessages.end() ? nullptr : &*row;
}

void move_args(Json& from, ClientMessage& out) {
  out.args = Json(JsonObject{});
  for (auto& [name, value] : *from.as<JsonObject>()) {
    if (name == "args") out.args = std::move(value);
  }
}

// {"type":"reply","id":"..","ok":..,"epoch":..,"seq":..
void begin_reply(JsonWriter& out, std::string_view id, bool ok, Epoch epoch, Seq seq) {
  out.begin_object().member("type", "reply").member("id", id).member("ok", ok);
  out.member("epoch", epoch).member("seq", seq);
}

void put_error(JsonWriter& out, const Error& error, std::int64_t retry_ms = kRetryMs) {
  out.member("code", code_name(error.code())).member("message", error.message());
  if (!error.subject().empty()) out.member("sku", error.subject());
  const bool retry = error.code() == Code::RateLimited || error.code() == Code::Overloaded ||
                     error.code() == Code::Busy;
  if (retry) out.member("retry_ms", retry_ms);
}

// {"type":..,"id":..,"topic":..,"epoch":..,"seq":..,"last":..
void begin_topic(JsonWriter& out, std::string_view type, std::string_view id, Topic topic,
                 Epoch epoch, Seq seq, Seq last) {
  out.begin_object().member("type", type).member("id", id).member("topic", topic_name(topic));
  out.member("epoch", epoch).member("seq", seq).member("last", last);
}

}  // namespace

Result<ClientMessage> read_client_message(std::string_view text) {
  Result<Json> json = parse_json(text);
  if (!json) return pass_on(json);
  Verdict verdict(Strictness::Strict);
  const Input in(verdict, *json);
  const MessageRow* row = find_message(*json);
  if (row == nullptr) return refuse(Code::BadRequest, "type: no such message");
  ClientMessage message;
  message.type = row->type;
  Fields fields(in);
  TypeSeen type;
  MessageId id;
  fields.need("type", type);
  if (row->has_id) fields.need("id", id);
  row->read(fields, message);
  fields.done();
  if (verdict.error) return Refused(*verdict.error);
  message.id = std::move(id.text);
  move_args(*json, message);
  return message;
}

std::string id_in(std::string_view text) {
  std::string id = find_top_level_string(text, "id");
  if (!is_id(id)) id.clear();
  return id;
}

std::string write_error(const Error& error) {
  JsonWriter out;
  out.begin_object().member("type", "error");
  put_error(out, error);
  out.end_object();
  return out.take();
}

std::string write_refusal(std::string_view id, Epoch epoch, Seq seq, const Error& error,
                          std::int64_t retry_ms) {
  JsonWriter out;
  begin_reply(out, id, false, epoch, seq);
  out.key("error").begin_object();
  put_error(out, error, retry_ms);
  out.end_object().end_object();
  return out.take();
}

std::string write_reply(std::string_view id, Epoch epoch, Seq seq, std::string_view result_json) {
  JsonWriter out;
  begin_reply(out, id, true, epoch, seq);
  out.key("result").raw(result_json).end_object();
  return out.take();
}

std::string write_pong(std::string_view id, TimePoint at) {
  JsonWriter out;
  out.begin_object().member("type", "pong").member("id", id).member("at", at.micros).end_object();
  return out.take();
}

std::string write_snapshot(std::string_view id, Topic topic, Epoch epoch, Seq seq, Seq last,
                           TimePoint at, std::string_view view_json) {
  JsonWriter out;
  begin_topic(out, "snapshot", id, topic, epoch, seq, last);
  out.member("at", at.micros).key("view").raw(view_json).end_object();
  return out.take();
}

std::string write_resumed(std::string_view id, Topic topic, Epoch epoch, Seq seq, Seq last) {
  JsonWriter out;
  begin_topic(out, "resumed", id, topic, epoch, seq, last);
  out.end_object();
  return out.take();
}

std::string write_heartbeat(Epoch epoch, Seq seq, TimePoint at,
                            const std::array<Seq, kTopics>& last, bool is_storage_full,
                            const CloudNotice& cloud, std::string_view head_hash,
                            const RecoveryNotice& recovery) {
  JsonWriter out;
  out.begin_object().member("type", "heartbeat").member("epoch", epoch).member("seq", seq);
  out.member("at", at.micros).key("last").begin_object();
  for (const Topic topic : kAllTopics) {
    out.member(topic_name(topic), last[static_cast<std::size_t>(topic)]);
  }
  out.end_object();
  if (is_storage_full) out.member("storage", "full");
  if (!cloud.lost.empty()) {
    out.key("cloud").begin_object().member("lost", cloud.lost).member("since", cloud.since.micros);
    out.end_object();
  }
  if (!head_hash.empty()) out.member("head", head_hash);
  if (!recovery.why.empty()) {
    out.key("recovery").begin_object().member("why", recovery.why);
    out.member("reason", recovery.reason).member("since", recovery.since.micros);
    out.member("known", recovery.known).end_object();
  }
  out.end_object();
  return out.take();
}

std::string write_staff_notice(const StaffNotice& notice) {
  JsonWriter out;
  out.begin_object().member("type", "staff").key("staff").begin_array();
  for (const auto& [id, person] : notice.staff) {
    out.begin_object().member("staff", id.text()).member("name", person.name).end_object();
  }
  out.end_array().key("signed_in");
  if (notice.signed_in == nullptr) {
    out.null();
  } else {
    out.begin_object().member("staff", notice.signed_in->id.text());
    out.member("name", notice.signed_in->name);
    put_member(out, "permissions", notice.signed_in->permissions);
    out.end_object();
  }
  out.member("idle_s", notice.idle_s).member("reason", notice.reason).end_object();
  return out.take();
}

static std::string_view wire_name(UnseenScreen::State state) {
  if (state == UnseenScreen::State::Away) return "away";
  return state == UnseenScreen::State::Waiting ? "waiting" : "unknown";
}

void write_unseen(JsonWriter& out, std::span<const UnseenChange> changes) {
  out.begin_array();
  for (const UnseenChange& change : changes) {
    out.begin_object().member("sku", change.sku.text());
    if (!change.channel.empty()) out.member("channel", change.channel.text());
    out.member("status", change.is_sold_out ? "sold_out" : "available");
    out.member("seq", change.seq).member("at", change.at.micros).key("waiting").begin_array();
    for (const UnseenScreen& screen : change.waiting) {
      out.begin_object().member("device", screen.device.text()).member("name", screen.name);
      out.member("role", larder::wire_name(screen.role)).member("state", wire_name(screen.state));
      out.member("since", screen.since.micros).end_object();
    }
    out.end_array().end_object();
  }
  out.end_array();
}

std::string write_unseen_notice(std::span<const UnseenChange> changes) {
  JsonWriter out;
  out.begin_object().member("type", "unseen");
  write_unseen(out.key("changes"), changes);
  out.end_object();
  return out.take();
}

std::string write_event(Epoch epoch, Seq seq, TopicSet topics,
                        const std::array<Seq, kTopics>& previous, std::string_view data) {
  JsonWriter out;
  out.reserve(data.size() + 160);
  out.begin_object().member("epoch", epoch).member("seq", seq).key("prev").begin_object();
  for (const Topic topic : kAllTopics) {
    if ((topics & topic_bit(topic)) == 0) continue;
    out.member(topic_name(topic), previous[static_cast<std::size_t>(topic)]);
  }
  // The members of `data` follow as they are, with its closing brace.
  out.end_object().raw(data.substr(1));
  return out.take();
}

std::string write_events(std::span<const std::string_view> events) {
  JsonWriter out;
  std::size_t size = 64;
  for (const std::string_view event : events) size += event.size() + 1;
  out.reserve(size);
  out.begin_object().member("type", "events").key("events").begin_array();
  for (const std::string_view event : events) out.raw(event);
  out.end_array().end_object();
  return out.take();
}

}  // namespace larder
