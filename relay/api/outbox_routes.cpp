// The outbox and its dead letters; health, readiness, metrics.
#include <charconv>

#include "relay/api/json_of.hpp"
#include "relay/api/limits.hpp"
#include "relay/api/router.hpp"

namespace larder::relay {

namespace {

void put_outbox(JsonWriter& out, const OutboxView& view) {
  out.begin_object().member("waiting", view.waiting).member("dead", view.dead);
  put_time(out, "oldest", view.oldest);
  out.end_object();
}

std::string sentence_of(const Health& health) {
  if (health.is_stopping) return "the relay is stopping";
  if (!health.inlet_up) return "no broker: " + health.inlet_why;
  for (const ShardHealth& shard : health.shards) {
    if (!shard.is_up) return "database " + std::to_string(shard.database) + ": " + shard.why;
  }
  return "how far the stores are has not been read yet";
}

std::optional<std::int64_t> number_of(const std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || value < 0) return std::nullopt;
  return value;
}

}  // namespace

void get_outbox(const CallPtr& call) {
  call->rooms.desk.outbox([call](const Result<OutboxView>& view) {
    if (!view) return call->refuse(view.error());
    call->answer(one_json(*view, put_outbox));
  });
}

void get_dead(const CallPtr& call) {
  const auto limit = call->query_number("limit", 1, kDeadLettersMax, kDeadLettersMax);
  if (!limit) return call->refuse(limit.error());
  call->rooms.desk.outbox_dead(*limit, [call](const Result<std::vector<OutboxRow>>& rows) {
    if (!rows) return call->refuse(rows.error());
    call->answer(list_json(*rows, put_dead));
  });
}

void post_resend(const CallPtr& call) {
  const auto database = number_of(call->params[0]);
  const auto id = number_of(call->params[1]);
  if (!database) return call->refuse(wrong_field("database", "must be a whole number from 0"));
  if (!id) return call->refuse(wrong_field("id", "must be a whole number from 0"));
  // An unknown database would be a mistake of ours in the desk; of a client it is just not there.
  const bool there = static_cast<std::size_t>(*database) < call->rooms.desk.health().shards.size();
  if (!there) return call->refuse({Code::NotFound, "there is no such database"});
  call->rooms.desk.outbox_resend(
      static_cast<std::size_t>(*database), *id, [call](const Result<bool>& resent) {
        if (!resent) return call->refuse(resent.error());
        if (!*resent) return call->refuse({Code::NotFound, "there is no such dead letter"});
        call->answer("{}");
      });
}

void get_health(const CallPtr& call) {
  if (call->rooms.desk.health().is_stopping) return call->refuse_http(503, "the relay is stopping");
  call->answer("{\"status\":\"alive\"}");
}

void get_ready(const CallPtr& call) {
  const Health health = call->rooms.desk.health();
  if (!health.is_ready()) return call->refuse({Code::Unavailable, sentence_of(health)});
  call->rooms.desk.outbox([call](const Result<OutboxView>& view) {
    if (!view) return call->refuse({Code::Unavailable, "outbox: " + view.error().message()});
    JsonWriter out;
    out.begin_object().member("status", "ready").key("outbox");
    put_outbox(out, *view);
    out.end_object();
    call->answer(out.text());
  });
}

void get_metrics(const CallPtr& call) {
  HttpReply reply;
  reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
  reply.fields.emplace_back("Cache-Control", "no-store");
  reply.body = std::make_shared<const std::string>(call->rooms.desk.metrics());
  call->respond(std::move(reply));
}

}  // namespace larder::relay
