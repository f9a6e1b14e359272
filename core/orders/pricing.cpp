#include "core/orders/pricing.hpp"

#include <algorithm>
#include <map>

#include "core/base/invariant.hpp"
#include "core/base/limits.hpp"

namespace larder {
namespace {

using DemandBySku = std::map<SkuId, Quantity>;

std::string line_text(LineNo line) { return "Line " + std::to_string(line); }

// The item's name with its variant, as a ticket shows it.
Text full_name(const Item& item, const Sku& sku) {
  Text name = item.name;
  if (!sku.name.en.empty()) name.en += ", " + sku.name.en;
  const std::string& variant = sku.name.zh.empty() ? sku.name.en : sku.name.zh;
  if (!name.zh.empty() && !variant.empty()) name.zh += " " + variant;
  return name;
}

Result<void> add_needs(const OrderLine& line, DemandBySku& demand) {
  std::vector<SkuId> skus = line.uses;
  for (const ChosenPart& part : line.parts) skus.push_back(part.sku);
  skus.push_back(line.sku);
  for (const SkuId& sku : skus) {
    Quantity& sum = demand[sku];
    const Result<Quantity> more = add(sum, line.quantity);
    if (!more) return pass_on(more);
    sum = *more;
  }
  return {};
}

// Prices one line of a request. Lives for one line.
class LinePricing {
 public:
  LinePricing(const Catalog& catalog, const LineRequest& request, LineNo number)
      : catalog_(catalog), request_(request) {
    line_.line = number;
  }

  Result<OrderLine> run(Channel channel, DemandBySku& demand) {
    return find(channel)
        .and_then([this] { return options(); })
        .and_then([this] { return parts(); })
        .and_then([this] { return totals(); })
        .and_then([this, &demand] { return needs(demand); })
        .map([this] { return std::move(line_); });
  }

 private:
  Refused no(Code code, const std::string& why) const {
    return refuse(code, line_text(line_.line) + ": " + why,
                  found_.sku != nullptr ? found_.sku->id.text() : std::string());
  }

  Result<void> find(Channel channel) {
    if (request_.quantity.in_tenths() < 1 ||
        request_.quantity.in_tenths() > kOrderQuantityTenthsMax) {
      return no(Code::BadQuantity, "a quantity is from 0.1 to 10000.0");
    }
    found_ = catalog_.find(request_.sku);
    // The name is not repeated: what a stranger sent stays out of the books and the logs.
    if (found_.sku == nullptr) return no(Code::UnknownSku, "this is not on the menu");
    if (!found_.item->channels.has(channel)) {
      return no(Code::NotSoldHere, found_.item->name.en + " is not sold here");
    }
    line_.sku = found_.sku->id;
    line_.name = full_name(*found_.item, *found_.sku);
    line_.station = found_.item->station;
    line_.quantity = request_.quantity;
    line_.unit_price = found_.sku->price;
    line_.note = request_.note;
    return {};
  }

  Result<void> raise(Money delta) {
    const Result<Money> price = add(line_.unit_price, delta);
    if (!price) return pass_on(price);
    line_.unit_price = *price;
    return {};
  }

  Result<void> options() {
    if (request_.options.size() > kLineOptionsMax) {
      return no(Code::BadCombo, "more than 50 options on one line");
    }
    const std::vector<GroupId>& offered = found_.item->option_groups;
    for (const OptionChoice& choice : request_.options) {
      if (std::find(offered.begin(), offered.end(), choice.group) == offered.end()) {
        return no(Code::BadOption, "an option group that " + found_.item->name.en + " has not");
      }
      if (Result<void> chosen = choose(*catalog_.group(choice.group), choice.option); !chosen) {
        return chosen;
      }
    }
    return counts();
  }

  Result<void> choose(const OptionGroup& group, const OptionId& id) {
    const auto option = std::find_if(group.options.begin(), group.options.end(),
                                     [&id](const Option& offered) { return offered.id == id; });
    if (option == group.options.end()) {
      return no(Code::BadOption, "an option that is not in " + group.name.en);
    }
    line_.options.push_back({group.id, option->id, option->name, option->price_delta});
    if (!option->uses.empty()) line_.uses.push_back(option->uses);
    return raise(option->price_delta);
  }

  Result<void> counts() const {
    for (const GroupId& id : found_.item->option_groups) {
      const OptionGroup& group = *catalog_.group(id);
      const auto count =
          std::count_if(line_.options.begin(), line_.options.end(),
                        [&id](const ChosenOption& option) { return option.group == id; });
      if (count < std::int64_t{group.min_choices} || count > std::int64_t{group.max_choices}) {
        return no(Code::BadOption, "choose " + std::to_string(group.min_choices) + " to " +
                                       std::to_string(group.max_choices) + " of " + group.name.en);
      }
    }
    return {};
  }

  Result<void> parts() {
    const std::vector<ComboPart>& asked = found_.item->parts;
    if (request_.parts.size() != asked.size()) {
      return no(Code::BadCombo, "choose each part of " + found_.item->name.en + " once");
    }
    for (const ComboPart& part : asked) {
      const auto chosen = std::find_if(request_.parts.begin(), request_.parts.end(),
                                       [&part](const PartChoice& p) { return p.part == part.id; });
      if (chosen == request_.parts.end()) {
        return no(Code::BadCombo, "choose one of " + part.name.en);
      }
      if (Result<void> taken = take(part, chosen->sku); !taken) return taken;
    }
    return {};
  }

  Result<void> take(const ComboPart& part, const SkuId& sku) {
    const auto choice =
        std::find_if(part.choices.begin(), part.choices.end(),
                     [&sku](const ComboChoice& offered) { return offered.sku == sku; });
    if (choice == part.choices.end()) {
      return no(Code::BadCombo, "this is not one of the choices of " + part.name.en);
    }
    const Catalog::Found found = catalog_.find(sku);
    line_.parts.push_back({part.id, sku, full_name(*found.item, *found.sku), choice->price_delta,
                           found.item->station});
    return raise(choice->price_delta);
  }

  Result<void> totals() {
    if (line_.unit_price.in_minor() < 0) {
      return no(Code::BadOption, "these options make the price negative");
    }
    const Result<Money> total = multiply(line_.unit_price, line_.quantity);
    if (!total) return pass_on(total);
    line_.total = *total;
    return {};
  }

  Result<void> needs(DemandBySku& demand) { return add_needs(line_, demand); }

  const Catalog& catalog_;
  const LineRequest& request_;
  Catalog::Found found_;
  OrderLine line_;
};

}  // namespace

Result<PricedOrder> price(const Catalog& catalog, Channel channel,
                          const std::vector<LineRequest>& lines) {
  if (lines.empty()) return refuse(Code::BadOrder, "An order has at least one line");
  if (lines.size() > kOrderLinesMax) {
    return refuse(Code::BadOrder, "An order has at most 200 lines");
  }
  PricedOrder priced;
  DemandBySku demand;
  for (const LineRequest& request : lines) {
    const auto number = static_cast<LineNo>(priced.lines.size() + 1);
    Result<OrderLine> line = LinePricing(catalog, request, number).run(channel, demand);
    if (!line) return pass_on(line);
    const Result<Money> total = add(priced.total, line->total);
    if (!total) return pass_on(total);
    priced.total = *total;
    priced.lines.push_back(std::move(*line));
  }
  for (const auto& [sku, quantity] : demand) priced.demand.push_back({sku, quantity});
  return priced;
}

Result<Money> lines_total(const std::vector<OrderLine>& lines) {
  Money sum;
  for (const OrderLine& line : lines) {
    if (line.voided) continue;
    const Result<Money> more = add(sum, line.total);
    if (!more) return pass_on(more);
    sum = *more;
  }
  return sum;
}

Money taken_off(const Discount& discount, Money lines) {
  if (discount.kind == DiscountKind::Amount) return std::min(discount.off, lines);
  // Thousandths of the price, half up; in two steps, so that no price of the books overflows.
  const std::int64_t permille = discount.percent.in_tenths();
  const std::int64_t whole = lines.in_minor() / 1'000 * permille;
  const std::int64_t rest = (lines.in_minor() % 1'000 * permille + 500) / 1'000;
  return std::min(Money::minor(whole + rest), lines);
}

Result<Discount> discount_for(const DiscountRequest& request, Money lines) {
  Discount discount;
  discount.kind = request.kind;
  if (request.kind == DiscountKind::Percent) {
    if (request.percent.in_tenths() < 1 || request.percent.in_tenths() > kPercentTenthsMax) {
      return refuse(Code::BadQuantity, "A discount is from 0.1 to 100.0 percent");
    }
    discount.percent = request.percent;
  } else {
    if (request.off.in_minor() < 1 || request.off > lines) {
      return refuse(Code::BadMoney, "A discount is more than nothing and at most the " +
                                        std::to_string(lines.in_minor()) +
                                        " minor units that the order costs");
    }
    discount.off = request.off;
  }
  discount.amount = taken_off(discount, lines);
  return discount;
}

std::vector<Demand> demand_of(const OrderLine& line) {
  DemandBySku by_sku;
  const Result<void> added = add_needs(line, by_sku);
  invariant(added.has_value(), "a line that was ordered needs more than the books can hold");
  std::vector<Demand> demand;
  for (const auto& [sku, quantity] : by_sku) demand.push_back({sku, quantity});
  return demand;
}

}  // namespace larder
