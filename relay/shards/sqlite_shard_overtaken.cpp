// What came after an event that was set aside and is tried again: what makes it too late, and what
// is left as later events say.
#include <type_traits>
#include <utility>
#include <variant>

#include "lan-protocol/codec.hpp"
#include "relay/shards/event_rows.hpp"
#include "relay/shards/kept_events.hpp"
#include "relay/shards/repairing.hpp"
#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {
namespace {

// What came after an event that makes a row, or replaces all rows, and found no row to change, or
// has replaced them since. Such events leave no trace in the rows, so the stream is looked through.
struct Sequel {
  std::string word;  // in the bytes of those that matter; empty: none do
  KeptEvents::Match match;
  std::string sentence;
};

bool ends_or_renews(const Event& later, const LeaseId& lease) {
  if (const auto* granted = std::get_if<LeaseGranted>(&later)) return granted->lease == lease;
  if (const auto* recalled = std::get_if<LeaseRecalled>(&later)) return recalled->lease == lease;
  const auto* settled = std::get_if<LeaseSettled>(&later);
  return settled != nullptr && settled->lease == lease && settled->closed;
}

// What a lease may sell is not set back, nor is one begun that the hub has done with.
const LeaseId* lease_of(const Event& event) {
  if (const auto* granted = std::get_if<LeaseGranted>(&event)) return &granted->lease;
  const auto* recalled = std::get_if<LeaseRecalled>(&event);
  return recalled == nullptr ? nullptr : &recalled->lease;
}

Sequel sequel_of(const Event& event) {
  if (std::holds_alternative<MenuImported>(event)) {
    return Sequel{"menu.imported",
                  [](const Event& later) { return std::holds_alternative<MenuImported>(later); },
                  "a later menu says what is true now; skip this one"};
  }
  if (const auto* placed = std::get_if<OrderPlaced>(&event)) {
    std::string order = placed->order.id.text();
    return Sequel{order, [order](const Event& later) { return changed_order(later) == order; },
                  "later events of order " + order + " found it not there; skip this one"};
  }
  if (const auto* oversold = std::get_if<StockOversold>(&event)) {
    const OversellId id = oversold->record.id;
    return Sequel{id.text(),
                  [id](const Event& later) {
                    const auto* resolved = std::get_if<OversellResolved>(&later);
                    return resolved != nullptr && resolved->oversell == id;
                  },
                  "oversell record " + id.text() + " was resolved since; skip this one"};
  }
  const LeaseId* const lease = lease_of(event);
  if (lease == nullptr) return Sequel{};
  return Sequel{
      lease->text(), [id = *lease](const Event& later) { return ends_or_renews(later, id); },
      "a later event of lease " + lease->text() + " says what is true now; skip this one"};
}

// By what later events of a hold are known, of an event that changes its rows; else empty.
std::string hold_word(const Event& event) {
  const auto name = [](const HoldId& hold, const OrderId& order) {
    return order.empty() ? hold.text() : order.text();
  };
  if (const auto* locked = std::get_if<HoldLocked>(&event)) {
    return name(locked->hold.id, locked->hold.order);
  }
  if (const auto* moved = std::get_if<HoldMoved>(&event)) return moved->order.text();
  if (const auto* out = std::get_if<HoldConfirmed>(&event)) return name(out->hold, out->order);
  if (const auto* back = std::get_if<HoldReleased>(&event)) return name(back->hold, back->order);
  const auto* voided = std::get_if<OrderLineVoided>(&event);
  return voided == nullptr || voided->hold.empty() ? std::string() : voided->order.text();
}

bool touches_hold(const Event& later, const std::string& word) {
  return std::visit(
      [&word]<typename Any>(const Any& any) {
        if constexpr (std::is_same_v<Any, HoldLocked>) {
          return any.hold.id.text() == word || any.hold.order.text() == word;
        } else if constexpr (requires { any.hold.text(); }) {
          return any.hold.text() == word || any.order.text() == word;
        }
        return false;
      },
      later);
}

}  // namespace

// A sentence; empty: it is not.
Result<std::string> SqliteShard::is_overtaken(const Repairing& work, const ParkedPlace& at,
                                              const Event& event) {
  if (lease_of(event) != nullptr && work.mark.epoch > at.epoch) {
    return std::string("the hub has begun a new epoch and knows no lease of before; skip it");
  }
  const Sequel sequel = sequel_of(event);
  if (!sequel.word.empty()) {
    auto is_later = kept_events(work).any_after(at.epoch, at.seq, sequel.word, sequel.match);
    if (!is_later) return pass_on(is_later);
    if (*is_later) return sequel.sentence;
  }
  const auto* placed = std::get_if<OrderPlaced>(&event);
  const std::string order = placed != nullptr ? placed->order.id.text() : changed_order(event);
  if (order.empty()) return std::string();
  auto is_later = has_later(work, work.place.tables->stream.later_order, at, order);
  if (!is_later) return pass_on(is_later);
  if (!*is_later) return std::string();
  return "a later event of order " + order + " says what is true now; skip this one";
}

KeptEvents SqliteShard::kept_events(const Repairing& work) {
  return KeptEvents(connection_, static_cast<unsigned>(work.place.tables - tables_.data()),
                    work.place.bucket, work.repair.store);
}

Result<bool> SqliteShard::has_later(const Repairing& work, sql::Statement& find,
                                    const ParkedPlace& at, const std::string& about) {
  const sql::Scope scope(find);
  find.bind(1, work.place.bucket).bind_text(2, work.repair.store.text()).bind_text(3, about);
  return find.bind(4, static_cast<std::int64_t>(at.seq)).bind(5, at.epoch).step();
}

Result<std::set<std::string>> SqliteShard::moved_since(const Repairing& work, const ParkedPlace& at,
                                                       const Event& event) {
  std::set<std::string> moved;
  for (const Movement& movement : movements_of(event)) {
    const std::string& sku = movement.sku.text();
    auto is_later = has_later(work, work.place.tables->stream.later_movement, at, sku);
    if (!is_later) return pass_on(is_later);
    if (*is_later) moved.insert(sku);
  }
  return moved;
}

// An event that waited had its stock written as it came: its movements say so.
Result<bool> SqliteShard::is_stock_told(const Repairing& work, const ParkedPlace& at,
                                        const Event& event) {
  const auto movements = movements_of(event);
  if (movements.empty()) return false;
  sql::Statement& find = work.place.tables->stream.is_told;
  const sql::Scope scope(find);
  find.bind(1, work.place.bucket).bind_text(2, work.repair.store.text());
  find.bind(3, static_cast<std::int64_t>(at.seq)).bind(4, at.epoch);
  return find.bind_text(5, movements.front().sku.text()).step();
}

// What later events made of the hold found no rows, or is undone by these: it is done again.
Result<void> SqliteShard::follow_holds(EventRows& rows, const Repairing& work,
                                       const ParkedPlace& at, const Event& event) {
  const std::string word = hold_word(event);
  if (word.empty()) return {};
  return kept_events(work).each_after(at.epoch, at.seq, word, [&](const StampedEvent& later) {
    return touches_hold(later.event, word) ? rows.follow_hold(later) : Result<void>();
  });
}

}  // namespace larder::relay
