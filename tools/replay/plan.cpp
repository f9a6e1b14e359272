#include "tools/replay/plan.hpp"

#include <algorithm>

namespace larder::replay {
namespace {

void write_line(JsonWriter& out, const FileLine& line) {
  out.begin_object().member("sku", line.sku).member("quantity", line.quantity);
  const auto write = [&](const char* list, bool parts, const char* group, const char* option) {
    const bool any = std::any_of(line.choices.begin(), line.choices.end(),
                                 [&](const Choice& choice) { return choice.is_part == parts; });
    if (!any) return;
    out.key(list).begin_array();
    for (const Choice& choice : line.choices) {
      if (choice.is_part != parts) continue;
      out.begin_object().member(group, choice.group).member(option, choice.option).end_object();
    }
    out.end_array();
  };
  write("options", false, "group", "option");
  write("parts", true, "part", "sku");
  out.end_object();
}

std::string place_args(const Sale& sale, Pay pay) {
  JsonWriter out;
  out.begin_object().member("service", "takeaway").key("lines").begin_array();
  for (const FileLine& line : sale.order->lines) write_line(out, line);
  out.end_array().member("expected_total", sale.total);
  if (pay == Pay::Card) {
    out.key("payment").begin_object().member("tender", "card").member("amount", sale.total);
    out.member("reference", "replay-" + sale.order->id).end_object();
  }
  out.end_object();
  return out.take();
}

}  // namespace

std::size_t Plan::lines() const {
  std::size_t count = 0;
  for (const Sale& sale : sales) count += sale.order->lines.size();
  return count;
}

std::int64_t Plan::total() const {
  std::int64_t sum = 0;
  for (const Sale& sale : sales) sum += sale.total;
  return sum;
}

Plan make_plan(const std::vector<FileOrder>& orders, Pay pay, std::size_t limit) {
  Plan plan;
  plan.run = "r" + client::new_command_id().substr(0, 13);
  plan.pay = pay;
  const std::size_t count = limit == 0 ? orders.size() : std::min(limit, orders.size());
  for (std::size_t i = 0; i < count; ++i) {
    Sale sale;
    sale.order = &orders[i];
    sale.total = orders[i].total();
    sale.command = plan.run + "-" + orders[i].id;
    sale.args = place_args(sale, pay);
    if (pay == Pay::Counter) sale.pay_command = sale.command + "-pay";
    plan.by_command[sale.command] = i;
    if (pay == Pay::Counter) plan.by_command[sale.pay_command] = i;
    plan.sales.push_back(std::move(sale));
  }
  return plan;
}

}  // namespace larder::replay
