#include <algorithm>
#include <cstdint>
#include <set>

#include "core/ledger/snapshot.hpp"
#include "core/ledger/snapshot_fields.hpp"

namespace larder {
namespace {

// Far beyond any year that matters, and far from where differences of times overflow.
constexpr std::int64_t kTimeMicrosMax = std::int64_t{1} << 60;

Refused corrupt(const std::string& what) {
  return refuse(Code::Corrupt, "The snapshot is damaged: " + what);
}

// Reads values in their one form; after the first that is wrong, nothing more is read. No list is
// longer than the bytes that are left, so that a damaged count cannot ask for much memory.
class SnapshotReader {
 public:
  explicit SnapshotReader(std::string_view bytes) : bytes_(bytes) {}

  template <typename... Values>
  void operator()(Values&... values) {
    (get(values), ...);
  }

  bool is_good() const { return good_; }
  bool is_at_end() const { return good_ && bytes_.empty(); }
  void fail() { good_ = false; }

  std::size_t count() {
    std::uint32_t value = 0;
    get(value);
    if (value > bytes_.size()) fail();
    return good_ ? value : 0;
  }

 private:
  template <std::unsigned_integral Number>
  void get(Number& value) {
    value = 0;
    if (bytes_.size() < sizeof(Number)) fail();
    if (!good_) return;
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
      const auto byte = static_cast<Number>(static_cast<unsigned char>(bytes_[i]));
      value = static_cast<Number>(value | static_cast<Number>(byte << (8 * i)));
    }
    bytes_.remove_prefix(sizeof(Number));
  }
  void get(bool& value) {
    std::uint8_t byte = 0;
    get(byte);
    if (byte > 1) fail();
    value = byte == 1;
  }
  void get(std::int64_t& value) {
    std::uint64_t bits = 0;
    get(bits);
    value = static_cast<std::int64_t>(bits);
  }
  void get(std::string& text) {
    const std::size_t size = count();
    text = std::string(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
  }
  template <typename Enum>
  requires std::is_enum_v<Enum>
  void get(Enum& value) {
    std::uint8_t number = 0;
    get(number);
    if (number >= kValuesOf<Enum>) fail();
    if (good_) value = static_cast<Enum>(number);
  }
  template <typename Tag>
  void get(Id<Tag>& id) {
    std::string text;
    get(text);
    id = Id<Tag>(std::move(text));
  }
  void get(Currency& currency) {
    std::string text;
    get(text);
    const Result<Currency> parsed = Currency::parse(text);
    if (!parsed) fail();
    if (good_) currency = *parsed;
  }
  std::int64_t get_in(std::int64_t low, std::int64_t high) {
    std::int64_t value = 0;
    get(value);
    if (value < low || value > high) fail();
    return good_ ? value : 0;
  }
  void get(Money& money) { money = Money::minor(get_in(-kMoneyMinorMax, kMoneyMinorMax)); }
  void get(Quantity& quantity) { quantity = Quantity::tenths(get_in(0, kQuantityTenthsMax)); }
  void get(TimePoint& at) { at.micros = get_in(-kTimeMicrosMax, kTimeMicrosMax); }
  void get(BusinessDay& day) {
    std::uint32_t bits = 0;
    get(bits);
    day.yyyymmdd = static_cast<std::int32_t>(bits);
  }
  void get(std::vector<bool>& flags) {
    for (std::size_t left = count(); left > 0 && good_; --left) {
      bool flag = false;
      get(flag);
      flags.push_back(flag);
    }
  }
  template <typename T>
  void get(std::optional<T>& value) {
    bool is_there = false;
    get(is_there);
    if (is_there && good_) get(value.emplace());
  }
  template <typename T>
  void get(std::vector<T>& list) {
    for (std::size_t left = count(); left > 0 && good_; --left) get(list.emplace_back());
  }
  template <typename Struct>
  requires requires(SnapshotReader& walk, Struct& value) { fields(walk, value); }
  void get(Struct& value) { fields(*this, value); }

  std::string_view bytes_;
  bool good_ = true;
};

// Keys must rise: each set of books has one form.
template <typename Map>
void insert_next(SnapshotReader& in, Map& map, typename Map::key_type key,
                 typename Map::mapped_type value) {
  const bool rises = map.empty() || map.rbegin()->first < key;
  if (!rises) in.fail();
  if (in.is_good()) map.emplace_hint(map.end(), std::move(key), std::move(value));
}

template <typename Map>
void get_values(SnapshotReader& in, Map& map) {
  for (std::size_t left = in.count(); left > 0 && in.is_good(); --left) {
    typename Map::mapped_type value;
    in(value);
    auto key = value.id;
    insert_next(in, map, std::move(key), std::move(value));
  }
}

template <typename Map>
void get_entries(SnapshotReader& in, Map& map) {
  for (std::size_t left = in.count(); left > 0 && in.is_good(); --left) {
    typename Map::key_type key;
    typename Map::mapped_type value;
    in(key, value);
    insert_next(in, map, std::move(key), std::move(value));
  }
}

void get_histories(SnapshotReader& in, std::map<SkuId, StockHistory>& histories) {
  for (std::size_t left = in.count(); left > 0 && in.is_good(); --left) {
    SkuId sku;
    Seq forgotten = 0;
    std::vector<StockChange> changes;
    in(sku, forgotten, changes);
    const bool is_sound =
        changes.size() <= kStockChangesKept &&
        std::is_sorted(changes.begin(), changes.end(),
                       [](const StockChange& a, const StockChange& b) { return a.seq < b.seq; });
    if (!is_sound) in.fail();
    insert_next(in, histories, std::move(sku), StockHistory::of(std::move(changes), forgotten));
  }
}

void get_catalog(SnapshotReader& in, Ledger& ledger) {
  bool has_menu = false;
  in(has_menu);
  if (!has_menu) return;
  Menu menu;
  in(menu);
  if (!in.is_good()) return;
  Result<Catalog> catalog = Catalog::build(std::move(menu));
  if (!catalog) return in.fail();
  ledger.catalog = std::move(*catalog);
}

// The demand of a hold or an order: each SKU once, in order, more than nothing.
bool is_sound(const std::vector<Demand>& demand) {
  const auto rises = [](const Demand& a, const Demand& b) { return a.sku < b.sku; };
  return std::adjacent_find(demand.begin(), demand.end(),
                            [&](const Demand& a, const Demand& b) { return !rises(a, b); }) ==
             demand.end() &&
         std::all_of(demand.begin(), demand.end(),
                     [](const Demand& part) { return !part.quantity.is_zero(); });
}

// Puts levels and holds into the books when what is held is exactly what the holds hold.
void fill_stock(SnapshotReader& in, Ledger& ledger, const std::map<SkuId, StockLevel>& levels,
                const std::map<HoldId, Hold>& holds) {
  std::map<SkuId, Quantity> held;
  std::set<OrderId> orders;
  std::set<DeviceId> carts;
  for (const auto& [id, hold] : holds) {
    const bool is_alone = hold.kind == HoldKind::Order
                              ? !hold.order.empty() && orders.insert(hold.order).second
                              : hold.order.empty() && carts.insert(hold.device).second;
    if (!is_alone || !is_sound(hold.demand)) return in.fail();
    for (const Demand& part : hold.demand) {
      const Result<Quantity> sum = add(held[part.sku], part.quantity);
      if (!sum) return in.fail();
      held[part.sku] = *sum;
    }
  }
  for (const auto& [sku, level] : levels) {
    const auto sum = held.find(sku);
    const Quantity expected = sum != held.end() ? sum->second : Quantity();
    if (level.held != expected || !fits_the_books(level)) return in.fail();
    ledger.stock.apply(Movement{sku, MovementKind::Count, StockLevel{}, level});
    if (sum != held.end()) held.erase(sum);
  }
  if (!held.empty()) return in.fail();
  for (const auto& [id, hold] : holds) ledger.stock.open_hold(hold);
}

// What a SKU has leased is exactly what its open leases have out.
void fill_leases(SnapshotReader& in, Ledger& ledger, const std::map<LeaseId, Lease>& leases) {
  if (!in.is_good()) return;
  std::map<SkuId, std::int64_t> out;
  for (const auto& [id, lease] : leases) {
    if (outstanding(lease).in_tenths() < 0) return in.fail();
    out[lease.sku] += outstanding(lease).in_tenths();
    ledger.stock.grant(lease);
  }
  for (const auto& [sku, level] : ledger.stock.levels()) {
    if (level.leased.in_tenths() != out[sku]) return in.fail();
    out.erase(sku);
  }
  if (!out.empty()) in.fail();
}

bool is_sound(const Ticket& ticket) {
  const bool points_at_line =
      ticket.last_action == TicketAction::Checked || ticket.last_action == TicketAction::Unchecked;
  if (points_at_line && ticket.last_index >= ticket.lines.size()) return false;
  const bool keeps_marks = ticket.last_action == TicketAction::Bumped;
  return ticket.done_before.size() == (keeps_marks ? ticket.lines.size() : 0);
}

bool is_sound(const Order& order) {
  return is_sound(order.demand) &&
         std::all_of(order.tickets.begin(), order.tickets.end(),
                     [](const Ticket& ticket) { return is_sound(ticket); });
}

bool has_bumped(const Ledger& ledger, const OrderId& id, const StationId& station) {
  const auto order = ledger.orders.find(id);
  if (order == ledger.orders.end()) return false;
  const std::vector<Ticket>& tickets = order->second.tickets;
  return std::any_of(tickets.begin(), tickets.end(), [&station](const Ticket& ticket) {
    return ticket.station == station && ticket.bumped;
  });
}

// What the parts of the books say of one another.
bool is_sound(const Ledger& ledger) {
  for (const auto& [id, order] : ledger.orders) {
    if (!is_sound(order)) return false;
  }
  for (const auto& [id, hold] : ledger.stock.holds()) {
    if (hold.kind == HoldKind::Order && ledger.orders.count(hold.order) == 0) return false;
  }
  for (const auto& [sku, seq] : ledger.stock_moved) {
    if (seq > ledger.seq) return false;
  }
  for (const auto& [station, list] : ledger.bumped) {
    if (list.empty()) return false;
    for (const OrderId& id : list) {
      if (!has_bumped(ledger, id, station)) return false;
    }
  }
  return true;
}

}  // namespace

bool is_earlier_snapshot(std::string_view bytes) {
  SnapshotReader in(bytes);
  std::uint32_t format = 0;
  in(format);
  return in.is_good() && format > 0 && format < kSnapshotFormat;
}

Result<Ledger> from_snapshot(std::string_view bytes) {
  SnapshotReader in(bytes);
  std::uint32_t format = 0;
  in(format);
  if (in.is_good() && format > kSnapshotFormat) {
    return refuse(Code::NewerSchema, "The snapshot was written by a later Larder");
  }
  if (!in.is_good() || format != kSnapshotFormat) return corrupt("it has no known format");
  Ledger ledger;
  in(ledger.epoch, ledger.seq, ledger.last_at, ledger.day, ledger.last_number);
  get_catalog(in, ledger);
  std::map<SkuId, StockLevel> levels;
  std::map<HoldId, Hold> holds;
  std::map<LeaseId, Lease> leases;
  std::map<OversellId, OversellRecord> oversells;
  get_entries(in, levels);
  get_values(in, holds);
  get_values(in, leases);
  get_values(in, oversells);
  get_entries(in, ledger.stock_moved);
  get_histories(in, ledger.stock_history);
  get_values(in, ledger.orders);
  get_values(in, ledger.devices);
  get_entries(in, ledger.bumped);
  get_values(in, ledger.staff);
  get_entries(in, ledger.day_books);
  in(ledger.words_applied);
  if (!in.is_good()) return corrupt("it ends early or names a value out of range");
  if (!in.is_at_end()) return corrupt("it runs on after its end");
  fill_stock(in, ledger, levels, holds);
  fill_leases(in, ledger, leases);
  for (const auto& [id, record] : oversells) ledger.stock.put_oversell(record);
  if (!in.is_good() || !is_sound(ledger)) return corrupt("its parts contradict one another");
  for (const auto& [id, order] : ledger.orders) {
    if (!is_closed(order)) ++ledger.open_orders;
  }
  return ledger;
}

}  // namespace larder
