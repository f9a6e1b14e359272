// From what a client asks to priced order lines: the hub's menu decides every name, price and
// station.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/orders/catalog.hpp"
#include "core/orders/order.hpp"

namespace larder {

struct OptionChoice {
  GroupId group;
  OptionId option;
  bool operator==(const OptionChoice&) const = default;
};
struct PartChoice {
  PartId part;
  SkuId sku;
  bool operator==(const PartChoice&) const = default;
};
struct LineRequest {
  SkuId sku;
  Quantity quantity;
  std::vector<OptionChoice> options;  // the same option twice means two of it, within max_choices
  std::vector<PartChoice> parts;
  std::string note;
  bool operator==(const LineRequest&) const = default;
};

// What is asked to come off: a part of the price, or an amount.
struct DiscountRequest {
  DiscountKind kind = DiscountKind::Percent;
  Quantity percent;
  Money off;
  std::string reason;
  bool operator==(const DiscountRequest&) const = default;
};

struct PricedOrder {
  std::vector<OrderLine> lines;
  Money total;
  std::vector<Demand> demand;  // per stock SKU, in order of SKU, each once
};

// UnknownSku, NotSoldHere, BadOption, BadCombo, BadQuantity, BadOrder, Overflow.
Result<PricedOrder> price(const Catalog& catalog, Channel channel,
                          const std::vector<LineRequest>& lines);

// What the lines cost that are not void, before a discount. Overflow.
Result<Money> lines_total(const std::vector<OrderLine>& lines);
// How much a discount takes off lines of this price, by its kind. A percentage rounds half up to
// the minor unit; nothing takes off more than the lines cost, so that no total is below zero.
Money taken_off(const Discount& discount, Money lines);
// A percentage is 0.1 to 100.0 (BadQuantity); an amount is above zero and not more than the lines
// cost (BadMoney). `amount` of the answer is what comes off now; the reason is not looked at.
Result<Discount> discount_for(const DiscountRequest& request, Money lines);
// What one line needs of the stock, per SKU, in order of SKU, each once.
std::vector<Demand> demand_of(const OrderLine& line);

// The tickets of an order: one per station that has work, in order of station id. A combo's parts
// go to their own stations.
std::vector<Ticket> tickets_for(const std::vector<OrderLine>& lines);

// The note as it is kept: control bytes dropped, digit runs that look like a card number (13 to 19
// digits that pass the Luhn check, ISO/IEC 7812-1) masked but for the last four, cut at
// kNoteCharactersMax characters. `masked` is set when a number was masked.
std::string clean_note(const std::string& note, bool& masked);

}  // namespace larder
