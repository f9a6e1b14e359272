// The turnstile's groups, and what is asked of its rows.
#include <algorithm>

#include "relay/shards/sqlite_shard.hpp"
#include "relay/shards/turn_rows.hpp"

namespace larder::relay {

// A rule that one turn breaks is not the disk's fault: nothing of the group is kept, and the error
// (BadState) has each tried alone.
Result<std::vector<TurnOutcome>> SqliteShard::take_turns(std::span<const Turn> group,
                                                         TimePoint now) {
  if (fault_) return Refused(*fault_);
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<std::vector<TurnOutcome>>(pass_on(transaction));
  Marks drafts;
  auto outcomes = turn_group(group, drafts, now);
  if (!outcomes && connection_.broke_a_rule()) {
    outcomes = refuse(Code::BadState, outcomes.error().message());
  }
  if (!outcomes) return settle(std::move(outcomes));
  auto committed = transaction->commit();
  if (!committed) return settle<std::vector<TurnOutcome>>(pass_on(committed));
  adopt(drafts);
  return outcomes;
}

Result<std::vector<TurnOutcome>> SqliteShard::turn_group(std::span<const Turn> group, Marks& drafts,
                                                         TimePoint now) {
  TurnRows::House house{house_, poi_, {}, {}, {}};
  house.is_frozen = [this](const StoreId& store) {
    const auto kept = marks_.find(store);
    return kept != marks_.end() && kept->second.is_frozen;
  };
  house.place = [this](const StoreId& store) -> Result<TurnRows::Place> {
    auto place = place_of(store);
    if (!place) return pass_on(place);
    return TurnRows::Place{place->bucket, place->tables};
  };
  house.say = [this, &drafts, now](const StoreId& store, const Word& word) {
    return put_word({store, word}, drafts, now);
  };
  TurnRows rows(std::move(house), now);
  std::vector<TurnOutcome> outcomes;
  outcomes.reserve(group.size());
  for (const Turn& turn : group) {
    auto outcome = rows.take(turn);
    if (!outcome) return pass_on(outcome);
    outcomes.push_back(std::move(*outcome));
  }
  auto written = rows.finish();
  if (!written) return pass_on(written);
  return outcomes;
}

Result<std::vector<Reservation>> SqliteShard::reservations_of(const std::string& order) {
  if (fault_) return Refused(*fault_);
  std::vector<Reservation> found;
  for (Tables& tables : tables_) {
    StoreId store;
    ChannelCode channel;
    std::string reason;
    {
      sql::Statement& find = tables.rights.order_of;
      const sql::Scope scope(find);
      auto row = find.bind_text(1, order).step();
      if (!row) return settle<std::vector<Reservation>>(pass_on(row));
      if (!*row) continue;
      store = StoreId(std::string(find.text(0)));
      channel = ChannelCode(std::string(find.text(1)));
      reason = find.text(5);
    }
    sql::Statement& lines = tables.rights.lines_of;
    const sql::Scope scope(lines);
    lines.bind(1, bucket_of(store)).bind_text(2, store.text()).bind_text(3, order);
    for (;;) {
      auto row = lines.step();
      if (!row) return settle<std::vector<Reservation>>(pass_on(row));
      if (!*row) break;
      found.push_back(Reservation{
          store, order, channel, SkuId(std::string(lines.text(0))),
          Quantity::tenths(lines.integer(1)), reservation_status_of(lines.text(2)), reason,
          TimePoint{lines.integer(3)}, static_cast<std::uint64_t>(lines.integer(4))});
    }
  }
  return found;
}

Result<std::vector<DueOrder>> SqliteShard::due_orders(TimePoint now, std::size_t limit) {
  if (fault_) return Refused(*fault_);
  std::vector<DueOrder> due;
  for (Tables& tables : tables_) {
    sql::Statement& find = tables.rights.due;
    const sql::Scope scope(find);
    find.bind(1, now.micros).bind(2, static_cast<std::int64_t>(limit));
    for (;;) {
      auto row = find.step();
      if (!row) return settle<std::vector<DueOrder>>(pass_on(row));
      if (!*row) break;
      due.push_back(DueOrder{StoreId(std::string(find.text(0))), std::string(find.text(1)),
                             ChannelCode(std::string(find.text(2))), TimePoint{find.integer(3)}});
    }
  }
  std::stable_sort(due.begin(), due.end(), [](const DueOrder& a, const DueOrder& b) {
    return a.expires_at < b.expires_at;
  });
  if (due.size() > limit) due.resize(limit);
  return due;
}

Result<std::optional<bool>> SqliteShard::is_paid(const StoreId& store, const std::string& order) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  sql::Statement& find = place->tables->rights.paid;
  const sql::Scope scope(find);
  find.bind(1, place->bucket).bind_text(2, store.text()).bind_text(3, order);
  auto row = find.step();
  if (!row) return settle<std::optional<bool>>(pass_on(row));
  return *row ? std::optional(find.integer(0) == 1) : std::nullopt;
}

}  // namespace larder::relay
