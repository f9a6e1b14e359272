// The shapes of PROTOCOL.md section 5, written (put) and read (take). Private to this room; what
// other rooms may write is in codec.hpp.
#pragma once

#include <string>
#include <vector>

#include "core/ledger/day_book.hpp"
#include "core/ledger/staff.hpp"
#include "core/orders/catalog.hpp"
#include "core/orders/order.hpp"
#include "core/orders/pricing.hpp"
#include "core/stock/stock.hpp"
#include "lan-protocol/fields.hpp"
#include "lan-protocol/json.hpp"
#include "lan-protocol/stock_books.hpp"

namespace larder {

inline void put(JsonWriter& out, const std::string& text) { out.value(text); }
inline void put(JsonWriter& out, bool flag) { out.value(flag); }
inline void put(JsonWriter& out, std::int32_t number) { out.value(number); }
inline void put(JsonWriter& out, std::uint32_t number) { out.value(number); }
inline void put(JsonWriter& out, std::uint64_t number) { out.value(number); }
inline void put(JsonWriter& out, Money money) { out.value(money.in_minor()); }
inline void put(JsonWriter& out, TimePoint at) { out.value(at.micros); }
inline void put(JsonWriter& out, BusinessDay day) { out.value(day.yyyymmdd); }
inline void put(JsonWriter& out, const Currency& currency) { out.value(currency.text()); }
void put(JsonWriter& out, const LocalTime& time);
void put(JsonWriter& out, Quantity quantity);
void put(JsonWriter& out, const std::vector<bool>& flags);
void put(JsonWriter& out, Channels channels);
void put(JsonWriter& out, const Text& text);
void put(JsonWriter& out, const Station& station);
void put(JsonWriter& out, const Category& category);
void put(JsonWriter& out, const Option& option);
void put(JsonWriter& out, const OptionGroup& group);
void put(JsonWriter& out, const Sku& sku);
void put(JsonWriter& out, const ComboChoice& choice);
void put(JsonWriter& out, const ComboPart& part);
void put(JsonWriter& out, const Item& item);
void put(JsonWriter& out, const Menu& menu);
void put(JsonWriter& out, const ChosenOption& option);
void put(JsonWriter& out, const ChosenPart& part);
void put(JsonWriter& out, const OrderLine& line);
void put(JsonWriter& out, const Payment& payment);
void put(JsonWriter& out, const TicketLine& line);
void put(JsonWriter& out, const Ticket& ticket);
void put(JsonWriter& out, const Order& order);
void put(JsonWriter& out, const ChannelAccount& account);
void put(JsonWriter& out, const Demand& demand);
void put(JsonWriter& out, const Hold& hold);
void put(JsonWriter& out, const Movement& movement);
void put(JsonWriter& out, const StockBooks& books);
void put(JsonWriter& out, const OversellRecord& record);
void put(JsonWriter& out, const Device& device);
void put(JsonWriter& out, const Discount& discount);
void put(JsonWriter& out, Permissions permissions);
void put(JsonWriter& out, const Staff& staff);
void put(JsonWriter& out, const Tally& tally);
void put(JsonWriter& out, const TenderTally& tally);
void put(JsonWriter& out, const PersonTally& tally);
void put(JsonWriter& out, const DayFigures& figures);

template <typename Tag>
void put(JsonWriter& out, const Id<Tag>& id) {
  out.value(id.text());
}
template <typename Enum>
requires std::is_enum_v<Enum>
void put(JsonWriter& out, Enum value) { out.value(wire_name(value)); }
template <typename T>
void put(JsonWriter& out, const std::vector<T>& values) {
  out.begin_array();
  for (const T& value : values) put(out, value);
  out.end_array();
}
template <typename T>
void put_member(JsonWriter& out, std::string_view name, const T& value) {
  out.key(name);
  put(out, value);
}

void take(const Input& in, Channels& out);
void take(const Input& in, Text& out);
void take(const Input& in, Station& out);
void take(const Input& in, Category& out);
void take(const Input& in, Option& out);
void take(const Input& in, OptionGroup& out);
void take(const Input& in, Sku& out);
void take(const Input& in, ComboChoice& out);
void take(const Input& in, ComboPart& out);
void take(const Input& in, Item& out);
void take(const Input& in, Menu& out);
void take(const Input& in, ChosenOption& out);
void take(const Input& in, ChosenPart& out);
void take(const Input& in, OrderLine& out);
void take(const Input& in, Payment& out);
void take(const Input& in, TicketLine& out);
void take(const Input& in, Ticket& out);
void take(const Input& in, Order& out);
void take(const Input& in, Demand& out);
void take(const Input& in, Hold& out);
void take(const Input& in, NamedLevel& out);
void take(const Input& in, StockBooks& out);
void take(const Input& in, Movement& out);
void take(const Input& in, Device& out);
void take(const Input& in, Discount& out);
void take(const Input& in, Permissions& out);
void take(const Input& in, Staff& out);
void take(const Input& in, Tally& out);
void take(const Input& in, TenderTally& out);
void take(const Input& in, PersonTally& out);
void take(const Input& in, DayFigures& out);

}  // namespace larder
