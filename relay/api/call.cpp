#include "relay/api/call.hpp"

#include <algorithm>
#include <charconv>

#include "relay/api/envelope.hpp"

namespace larder::relay {

void Call::answer(std::string_view data_json) const { respond(success(data_json)); }

// A failure of a database that is down is no failure of this request: 503, come again.
void Call::refuse(const Error& error) const {
  const Health health = rooms.desk.health();
  const bool is_down = std::any_of(health.shards.begin(), health.shards.end(),
                                   [](const ShardHealth& shard) { return !shard.is_up; });
  if (error.code() == Code::StorageFault && is_down) {
    return respond(failure({Code::Unavailable, error.message()}, request.trace_id));
  }
  respond(failure(error, request.trace_id));
}

void Call::refuse_http(int status, std::string_view sentence) const {
  respond(http_failure(status, sentence, request.trace_id));
}

std::optional<std::string> Call::query_text(std::string_view name) const {
  const auto found = std::find_if(query.begin(), query.end(),
                                  [name](const auto& pair) { return pair.first == name; });
  if (found == query.end()) return std::nullopt;
  return found->second;
}

Result<std::size_t> Call::query_number(std::string_view name, std::size_t least, std::size_t most,
                                       std::size_t otherwise) const {
  const auto text = query_text(name);
  if (!text) return otherwise;
  std::size_t value = 0;
  const char* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, value);
  const bool good = read.ec == std::errc() && read.ptr == end && value >= least && value <= most &&
                    (text->size() == 1 || text->front() != '0');
  if (good) return value;
  return Refused(wrong_field(
      name, "must be a number from " + std::to_string(least) + " to " + std::to_string(most)));
}

Result<bool> Call::query_wait() const {
  const auto text = query_text("wait");
  if (!text) return false;
  if (*text == "applied") return true;
  return Refused(wrong_field("wait", "can only be \"applied\""));
}

Result<Json> Call::json(const JsonLimits& limits) const { return parse_json(request.body, limits); }

bool Call::may_see(const StoreId& store) const {
  if (caller.account.may_see(store)) return true;
  refuse_http(403, "this account may not see that store");
  return false;
}

Error wrong_field(std::string_view name, std::string_view sentence) {
  return {Code::BadRequest, std::string(name) + ": " + std::string(sentence)};
}

}  // namespace larder::relay
