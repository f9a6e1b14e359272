// HQ's table of stores, and one store.
#include <algorithm>

#include "lan-protocol/rescue.hpp"
#include "relay/api/json_of.hpp"
#include "relay/api/limits.hpp"
#include "relay/api/members.hpp"
#include "relay/api/router.hpp"
#include "relay/api/secrets.hpp"
#include "relay/api/store_index.hpp"
#include "relay/api/times.hpp"
#include "relay/api/word_desk.hpp"

namespace larder::relay {

namespace {

bool is_wanted(const StoreView& store, std::string_view only) {
  if (only == "away") return !store.is_live;
  if (only == "behind") return store.behind > 0;
  if (only == "frozen") return store.is_frozen;
  return true;
}

bool is_only(std::string_view only) {
  return only == "all" || only == "away" || only == "behind" || only == "frozen";
}

// What the table shows above its rows, over the stores that this caller may see.
struct Summary {
  std::uint64_t stores = 0, live = 0, frozen = 0, behind = 0, words = 0;

  void add(const StoreView& store) {
    ++stores;
    live += store.is_live ? 1 : 0;
    frozen += store.is_frozen ? 1 : 0;
    behind += store.behind;
    words += store.words_outstanding();
  }
  void put(JsonWriter& out) const {
    out.key("estate").begin_object().member("stores", stores).member("live", live);
    out.member("away", stores - live).member("frozen", frozen).member("behind", behind);
    out.member("words_outstanding", words).end_object();
  }
};

struct StoresWanted {
  std::string search, only;
  std::size_t limit = 100;
  std::optional<StoreRank> after;
};

Result<StoresWanted> read_wanted(const Call& call) {
  StoresWanted wanted;
  wanted.search = call.query_text("search").value_or("");
  wanted.only = call.query_text("only").value_or("all");
  if (wanted.search.size() > kIdBytesMax || !is_clean_text(wanted.search)) {
    return Refused(wrong_field("search", "must be text of at most 64 bytes"));
  }
  if (!is_only(wanted.only)) {
    return Refused(wrong_field("only", "must be all, away, behind or frozen"));
  }
  const auto limit = call.query_number("limit", 1, kStoresPageMax, wanted.limit);
  if (!limit) return pass_on(limit);
  wanted.limit = *limit;
  if (const auto after = call.query_text("after")) {
    wanted.after = rank_of_cursor(*after);
    if (!wanted.after) return Refused(wrong_field("after", "must be the `next` of an answer"));
  }
  return wanted;
}

}  // namespace

void get_stores(const CallPtr& call) {
  const auto wanted = read_wanted(*call);
  if (!wanted) return call->refuse(wanted.error());
  const auto& rows = call->rooms.index.rows(call->rooms.desk, call->rooms.clock.steady());
  Summary summary;
  std::uint64_t matching = 0;
  std::vector<const StoreIndex::Row*> shown;
  bool more = false;
  for (const StoreIndex::Row& row : rows) {
    if (!call->caller.account.may_see(row.view.store)) continue;
    summary.add(row.view);
    const bool found = row.view.store.text().find(wanted->search) != std::string::npos;
    if (!found || !is_wanted(row.view, wanted->only)) continue;
    ++matching;
    if (wanted->after && row.rank <= *wanted->after) continue;
    more = shown.size() == wanted->limit;
    if (!more) shown.push_back(&row);
  }
  JsonWriter out;
  out.begin_object();
  put_time(out, "at", call->rooms.clock.now());
  summary.put(out);
  out.member("matching", matching).key("next");
  if (more) {
    out.value(cursor_of(shown.back()->rank));
  } else {
    out.null();
  }
  out.key("stores").begin_array();
  for (const StoreIndex::Row* row : shown) put_store(out, row->view);
  out.end_array().end_object();
  call->answer(out.text());
}

void get_store(const CallPtr& call) {
  const StoreId store(call->params[0]);
  if (!is_store_here(*call, store)) return;
  JsonWriter out;
  out.begin_object();
  put_time(out, "at", call->rooms.clock.now());
  out.key("store");
  put_store(out, *call->rooms.desk.store(store));
  out.end_object();
  call->answer(out.text());
}

void get_store_stock(const CallPtr& call) {
  const StoreId store(call->params[0]);
  if (!is_store_here(*call, store)) return;
  call->rooms.desk.stock(store, [call](const Result<std::vector<StockRecord>>& records) {
    if (!records) return call->refuse(records.error());
    call->answer(list_json(*records, put_stock));
  });
}

void get_store_orders(const CallPtr& call) {
  const auto limit = call->query_number("limit", 1, kOrdersShownMax, 20);
  if (!limit) return call->refuse(limit.error());
  const StoreId store(call->params[0]);
  if (!is_store_here(*call, store)) return;
  call->rooms.desk.last_orders(store, *limit, [call](const Result<std::vector<OrderRecord>>& last) {
    if (!last) return call->refuse(last.error());
    call->answer(list_json(*last, put_order));
  });
}

void get_statement(const CallPtr& call) {
  const auto day = read_day(call->query_text("day").value_or(""));
  if (!day) return call->refuse(wrong_field("day", "must be a day such as 2026-11-21"));
  const StoreId store(call->params[0]);
  if (!is_store_here(*call, store)) return;
  call->rooms.desk.statement(store, *day, [call](const Result<Statement>& statement) {
    if (!statement) return call->refuse(statement.error());
    call->answer(one_json(*statement, put_statement));
  });
}

void post_unfreeze(const CallPtr& call) {
  const StoreId store(call->params[0]);
  if (!is_store_here(*call, store)) return;
  call->rooms.desk.unfreeze(store, "hq:" + call->caller.account.name,
                            [call](const Result<void>& done) {
                              if (!done) return call->refuse(done.error());
                              call->answer("{}");
                            });
}

// The code is said once, here, and kept as its hash.
void post_takeover(const CallPtr& call) {
  const StoreId store(call->params[0]);
  if (!is_store_here(*call, store)) return;
  const std::string code = random_code(kTakeoverCodeLength);
  call->rooms.desk.permit_takeover(store, code, "hq:" + call->caller.account.name,
                                   [call, code](const Result<void>& done) {
                                     if (!done) return call->refuse(done.error());
                                     JsonWriter out;
                                     out.begin_object().member("code", code);
                                     out.member("valid_minutes", 30).end_object();
                                     call->answer(out.text());
                                   });
}

}  // namespace larder::relay
