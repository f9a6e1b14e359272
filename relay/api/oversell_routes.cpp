// Oversell records: what is open, since when, and how a person resolved it.
#include <algorithm>
#include <charconv>

#include "core/base/limits.hpp"
#include "relay/api/json_of.hpp"
#include "relay/api/limits.hpp"
#include "relay/api/members.hpp"
#include "relay/api/router.hpp"
#include "relay/api/word_desk.hpp"

namespace larder::relay {

namespace {

constexpr std::size_t kPageOtherwise = 50;
constexpr std::string_view kCursorRule = "must be the `next` of an answer";

std::optional<std::int64_t> whole_of(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || value < 0) return std::nullopt;
  return value;
}

// "<micros>,<id>,<store>": a store's id has no comma.
std::string cursor_of(const OversellEntry& entry) {
  return std::to_string(entry.at.micros) + "," + std::to_string(entry.id) + "," +
         entry.store.text();
}

std::optional<OversellPlace> place_of_cursor(std::string_view text) {
  const std::size_t first = text.find(',');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find(',', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto at = whole_of(text.substr(0, first));
  const auto id = whole_of(text.substr(first + 1, second - first - 1));
  const std::string_view store = text.substr(second + 1);
  if (!at || !id || !is_id(store)) return std::nullopt;
  return OversellPlace{TimePoint{*at}, StoreId(std::string(store)), *id};
}

void put_entry(JsonWriter& out, const OversellEntry& entry) {
  out.begin_object().member("id", entry.id).member("store", entry.store.text());
  out.member("sku", entry.sku.text()).member("name", entry.name);
  put_quantity(out, "quantity", entry.quantity);
  out.member("cause", entry.cause).key("orders").raw(entry.orders_json);
  out.member("by", entry.made_by).member("state", entry.is_open ? "open" : "resolved");
  put_time(out, "at", entry.at);
  out.member("resolution", entry.resolution).member("resolved_by", entry.resolved_by);
  const bool has_end = !entry.is_open;
  put_time(out, "resolved_at", has_end ? std::optional(entry.resolved_at) : std::nullopt);
  out.member("at_hub", !entry.hubs_id.empty()).end_object();
}

Result<OversellQuery> read_query(const Call& call) {
  OversellQuery query;
  const std::string state = call.query_text("state").value_or("open");
  if (state != "open" && state != "resolved") {
    return Refused(wrong_field("state", "must be open or resolved"));
  }
  query.is_open = state == "open";
  const auto store = call.query_text("store");
  if (store && !is_id(*store)) return Refused(wrong_field("store", kIdRule));
  query.store = StoreId(store.value_or(""));
  const auto limit = call.query_number("limit", 1, kOversellsShownMax, kPageOtherwise);
  if (!limit) return pass_on(limit);
  query.limit = *limit;
  if (const auto after = call.query_text("after")) {
    const auto place = place_of_cursor(*after);
    if (!place) return Refused(wrong_field("after", kCursorRule));
    query.before = *place;
  }
  return query;
}

void answer_resolved(const Call& call, const OversellEntry& entry,
                     const std::vector<IssuedWord>& words) {
  JsonWriter out;
  out.begin_object().key("record").raw(one_json(entry, put_entry)).key("word");
  if (words.empty()) {
    out.null();
  } else {
    out.raw(one_json(words.front(), put_word));
  }
  out.end_object();
  call.answer(out.text());
}

struct Resolving {
  StoreId store;
  std::int64_t id = 0;
  std::string resolution, word;
  bool wait = false;
};

// The hub keeps it: a word goes down, and its own event ends the record here.
void resolve_at_hub(const CallPtr& call, const Resolving& asked, const OversellEntry& entry) {
  const Command command = ResolveOversell{OversellId(entry.hubs_id), asked.resolution};
  issue_all(call, {word_of(*call, asked.store, command, asked.word, std::nullopt)}, asked.wait,
            [call, entry](const std::vector<IssuedWord>& words) {
              answer_resolved(*call, entry, words);
            });
}

}  // namespace

// A page may hold fewer rows than asked for: those of stores that this account may not see are left
// out of it.
void get_oversells(const CallPtr& call) {
  auto query = read_query(*call);
  if (!query) return call->refuse(query.error());
  if (!query->store.empty() && !call->may_see(query->store)) return;
  const std::size_t limit = query->limit;
  ++query->limit;  // is there one more?
  call->rooms.desk.oversells(*query, [call, limit](Result<std::vector<OversellEntry>> entries) {
    if (!entries) return call->refuse(entries.error());
    const bool has_more = entries->size() > limit;
    if (has_more) entries->resize(limit);
    JsonWriter out;
    out.begin_object().key("records").begin_array();
    for (const OversellEntry& entry : *entries) {
      if (call->caller.account.may_see(entry.store)) put_entry(out, entry);
    }
    out.end_array().key("next");
    if (has_more) {
      out.value(cursor_of(entries->back()));
    } else {
      out.null();
    }
    out.end_object();
    call->answer(out.text());
  });
}

void post_resolve_oversell(const CallPtr& call) {
  Resolving asked;
  asked.store = StoreId(call->params[0]);
  const auto id = whole_of(call->params[1]);
  if (!id) return call->refuse(wrong_field("id", "must be a whole number from 0"));
  asked.id = *id;
  const auto wait = call->query_wait();
  if (!wait) return call->refuse(wait.error());
  asked.wait = *wait;
  const auto body = call->json();
  if (!body) return call->refuse(body.error());
  Members members(*body);
  asked.resolution = members.text("resolution", kReasonBytesMax);
  if (asked.resolution.find_first_not_of(' ') == std::string::npos) {
    members.wrong("resolution", "must say how it was resolved");
  }
  if (auto done = members.finish(); !done) return call->refuse(done.error());
  auto word = word_id_of(*call);
  if (!word) return call->refuse(word.error());
  asked.word = std::move(*word);
  if (!is_id(asked.store.text())) return call->refuse(wrong_field("storeId", kIdRule));
  if (!call->may_see(asked.store)) return;
  call->rooms.desk.oversell(
      asked.store, asked.id, [call, asked](const Result<std::optional<OversellEntry>>& entry) {
        if (!entry) return call->refuse(entry.error());
        if (!*entry) {
          return call->refuse({Code::NotFound, "this store has no such oversell record"});
        }
        if (!(*entry)->hubs_id.empty() && (*entry)->is_open) {
          return resolve_at_hub(call, asked, **entry);
        }
        call->rooms.desk.resolve_oversell(asked.store, asked.id, asked.resolution,
                                          "hq:" + call->caller.account.name,
                                          [call](const Result<OversellEntry>& resolved) {
                                            if (!resolved) return call->refuse(resolved.error());
                                            answer_resolved(*call, *resolved, {});
                                          });
      });
}

}  // namespace larder::relay
