// The fields of the books, each struct once, in the order a snapshot has them: the writer and the
// reader walk the same list and cannot disagree. Stock and Catalog keep their fields to themselves
// and are written and read by hand. A change here is a new kSnapshotFormat.
// Internal to core/ledger.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "core/ledger/ledger.hpp"

namespace larder {

inline constexpr std::uint32_t kSnapshotFormat = 4;

// The struct itself, const for the writer.
template <typename T, typename Struct>
concept Like = std::same_as<std::remove_const_t<T>, Struct>;

// How many values an enum has; the reader refuses a number from there on.
template <typename Enum>
inline constexpr std::uint8_t kValuesOf = 0;
template <>
inline constexpr std::uint8_t kValuesOf<OrderState> = 8;
template <>
inline constexpr std::uint8_t kValuesOf<Service> = 2;
template <>
inline constexpr std::uint8_t kValuesOf<Tender> = 2;
template <>
inline constexpr std::uint8_t kValuesOf<TicketAction> = 5;
template <>
inline constexpr std::uint8_t kValuesOf<Channel> = kChannels;
template <>
inline constexpr std::uint8_t kValuesOf<Role> = 4;
template <>
inline constexpr std::uint8_t kValuesOf<StockType> = 2;
template <>
inline constexpr std::uint8_t kValuesOf<StockStatus> = 2;
template <>
inline constexpr std::uint8_t kValuesOf<HoldKind> = 2;
template <>
inline constexpr std::uint8_t kValuesOf<RestoreRule> = 3;
template <>
inline constexpr std::uint8_t kValuesOf<DiscountKind> = 2;

void fields(auto& walk, Like<Text> auto& t) { walk(t.en, t.zh); }
void fields(auto& walk, Like<Channels> auto& c) { walk(c.bits); }
void fields(auto& walk, Like<Station> auto& s) { walk(s.id, s.name); }
void fields(auto& walk, Like<Category> auto& c) { walk(c.id, c.name); }
void fields(auto& walk, Like<Option> auto& o) { walk(o.id, o.name, o.price_delta, o.uses); }
void fields(auto& walk, Like<OptionGroup> auto& g) {
  walk(g.id, g.name, g.min_choices, g.max_choices, g.options);
}
void fields(auto& walk, Like<Sku> auto& s) { walk(s.id, s.name, s.price); }
void fields(auto& walk, Like<ComboChoice> auto& c) { walk(c.sku, c.price_delta); }
void fields(auto& walk, Like<ComboPart> auto& p) { walk(p.id, p.name, p.choices); }
void fields(auto& walk, Like<Item> auto& i) {
  walk(i.id, i.category, i.name, i.description, i.image, i.station, i.channels, i.skus,
       i.option_groups, i.parts);
}
void fields(auto& walk, Like<Menu> auto& m) {
  walk(m.version, m.currency, m.stations, m.categories, m.option_groups, m.items);
}

void fields(auto& walk, Like<ChannelAccount> auto& a) {
  walk(a.channel, a.status, a.quota, a.sold, a.weight);
}
void fields(auto& walk, Like<StockLevel> auto& l) {
  walk(l.type, l.status, l.available, l.held, l.restore, l.restore_at, l.plan, l.leased, l.owed,
       l.warning, l.critical, l.channels, l.unverified);
}
void fields(auto& walk, Like<StockChange> auto& c) { walk(c.seq, c.tenths, c.is_absolute, c.at); }
void fields(auto& walk, Like<Lease> auto& l) {
  walk(l.id, l.sku, l.channel, l.granted, l.sold, l.returned, l.is_ending, l.is_recalled);
}
void fields(auto& walk, Like<OversellRecord> auto& r) {
  walk(r.id, r.sku, r.quantity, r.cause, r.order, r.by, r.at, r.staff);
}
void fields(auto& walk, Like<Demand> auto& d) { walk(d.sku, d.quantity); }
void fields(auto& walk, Like<Hold> auto& h) {
  walk(h.id, h.kind, h.device, h.order, h.demand, h.expires_at, h.channel, h.from_quota);
}

void fields(auto& walk, Like<ChosenOption> auto& o) {
  walk(o.group, o.option, o.name, o.price_delta);
}
void fields(auto& walk, Like<ChosenPart> auto& p) {
  walk(p.part, p.sku, p.name, p.price_delta, p.station);
}
void fields(auto& walk, Like<OrderLine> auto& l) {
  walk(l.line, l.sku, l.name, l.station, l.quantity, l.unit_price, l.total, l.options, l.parts,
       l.note, l.uses, l.voided, l.void_reason);
}
void fields(auto& walk, Like<Discount> auto& d) {
  walk(d.kind, d.percent, d.off, d.amount, d.reason, d.by, d.staff);
}
void fields(auto& walk, Like<Payment> auto& p) { walk(p.tender, p.amount, p.reference); }
void fields(auto& walk, Like<TicketLine> auto& l) {
  walk(l.line, l.sku, l.name, l.quantity, l.options, l.note, l.done, l.voided);
}
void fields(auto& walk, Like<Ticket> auto& t) {
  walk(t.station, t.lines, t.bumped, t.bumped_at, t.last_action, t.last_index, t.done_before,
       t.acted_at);
}
void fields(auto& walk, Like<Order> auto& o) {
  walk(o.id, o.number, o.day, o.channel, o.service, o.table, o.device, o.menu_version, o.lines,
       o.total, o.note, o.state, o.paid, o.payment, o.reason, o.placed_at, o.fired_at, o.closed_at,
       o.demand, o.tickets, o.discount, o.source, o.external, o.guest);
}

void fields(auto& walk, Like<Device> auto& d) {
  walk(d.id, d.name, d.role, d.station, d.token_sha256, d.revoked, d.added_at);
}

void fields(auto& walk, Like<Permissions> auto& p) { walk(p.bits); }
void fields(auto& walk, Like<Staff> auto& s) {
  walk(s.id, s.name, s.pin_hash, s.permissions, s.added_at);
}

void fields(auto& walk, Like<Tally> auto& t) { walk(t.count, t.amount); }
void fields(auto& walk, Like<TenderTally> auto& t) { walk(t.paid, t.refunded); }
void fields(auto& walk, Like<PersonTally> auto& p) {
  walk(p.staff, p.device, p.name, p.discounts, p.voids);
}
void fields(auto& walk, Like<DayFigures> auto& f) {
  walk(f.orders, f.discounts, f.voids, f.cancelled, f.cash, f.card, f.people);
}
void fields(auto& walk, Like<DayClose> auto& c) {
  walk(c.at, c.by, c.staff, c.name, c.cash_expected, c.cash_counted);
}
void fields(auto& walk, Like<DayBook> auto& b) { walk(b.figures, b.closed, b.close); }

}  // namespace larder
