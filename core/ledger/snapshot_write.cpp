#include <cstdint>

#include "core/ledger/snapshot.hpp"
#include "core/ledger/snapshot_fields.hpp"

namespace larder {
namespace {

// Appends values in their one form.
class SnapshotWriter {
 public:
  template <typename... Values>
  void operator()(const Values&... values) {
    (put(values), ...);
  }

  void count(std::size_t value) { put(static_cast<std::uint32_t>(value)); }
  std::string take() { return std::move(bytes_); }

 private:
  template <std::unsigned_integral Number>
  void put(Number value) {
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
      bytes_ +=
          static_cast<char>(static_cast<unsigned char>((std::uint64_t{value} >> (8 * i)) & 0xffU));
    }
  }
  void put(bool value) { put(static_cast<std::uint8_t>(value ? 1 : 0)); }
  void put(std::int64_t value) { put(static_cast<std::uint64_t>(value)); }
  void put(const std::string& text) {
    count(text.size());
    bytes_ += text;
  }
  template <typename Enum>
  requires std::is_enum_v<Enum>
  void put(Enum value) { put(static_cast<std::uint8_t>(value)); }
  template <typename Tag>
  void put(const Id<Tag>& id) {
    put(id.text());
  }
  void put(const Currency& currency) { put(currency.text()); }
  void put(Money money) { put(money.in_minor()); }
  void put(Quantity quantity) { put(quantity.in_tenths()); }
  void put(TimePoint at) { put(at.micros); }
  void put(BusinessDay day) { put(static_cast<std::uint32_t>(day.yyyymmdd)); }
  void put(const std::vector<bool>& flags) {
    count(flags.size());
    for (const bool flag : flags) put(flag);
  }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <typename T>
  void put(const std::vector<T>& list) {
    count(list.size());
    for (const T& entry : list) put(entry);
  }
  template <typename Struct>
  requires requires(SnapshotWriter& walk, const Struct& value) { fields(walk, value); }
  void put(const Struct& value) { fields(*this, value); }

  std::string bytes_;
};

// Maps that are keyed by a member of their values: the values alone, in order.
template <typename Map>
void put_values(SnapshotWriter& out, const Map& map) {
  out.count(map.size());
  for (const auto& [key, value] : map) out(value);
}

template <typename Map>
void put_entries(SnapshotWriter& out, const Map& map) {
  out.count(map.size());
  for (const auto& [key, value] : map) out(key, value);
}

void put_histories(SnapshotWriter& out, const std::map<SkuId, StockHistory>& histories) {
  out.count(histories.size());
  for (const auto& [sku, history] : histories) out(sku, history.forgotten(), history.changes());
}

}  // namespace

std::string to_snapshot(const Ledger& ledger) {
  SnapshotWriter out;
  out(kSnapshotFormat, ledger.epoch, ledger.seq, ledger.last_at, ledger.day, ledger.last_number);
  out(!ledger.catalog.empty());
  if (!ledger.catalog.empty()) out(ledger.catalog.menu());
  put_entries(out, ledger.stock.levels());
  put_values(out, ledger.stock.holds());
  put_values(out, ledger.stock.leases());
  put_values(out, ledger.stock.oversells());
  put_entries(out, ledger.stock_moved);
  put_histories(out, ledger.stock_history);
  put_values(out, ledger.orders);
  put_values(out, ledger.devices);
  put_entries(out, ledger.bumped);
  put_values(out, ledger.staff);
  put_entries(out, ledger.day_books);
  out(ledger.words_applied);
  return out.take();
}

}  // namespace larder
