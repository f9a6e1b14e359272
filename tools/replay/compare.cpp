#include <algorithm>
#include <set>

#include "core/base/quantity.hpp"
#include "tools/client/fields.hpp"
#include "tools/larderctl/menu_file.hpp"
#include "tools/replay/books.hpp"

namespace larder::replay {
namespace {

using client::number_of;
using client::text_of;

std::string money(std::int64_t minor) { return ctl::show_price(minor, 2); }

std::multiset<Choice> choices_of(const Json& line) {
  std::multiset<Choice> choices;
  for (const Json& option : client::list_of(line, "options"))
    choices.insert({text_of(option, "group"), text_of(option, "option"), false});
  for (const Json& part : client::list_of(line, "parts"))
    choices.insert({text_of(part, "part"), text_of(part, "sku"), true});
  return choices;
}

// One line of the books against one of the file.
std::string compare_line(const FileLine& planned, const Json& line) {
  const std::int64_t tenths = client::tenths_of(line, "quantity");
  if (text_of(line, "sku") != planned.sku)
    return "is " + text_of(line, "sku") + " instead of " + planned.sku;
  if (tenths != planned.quantity * 10)
    return "has quantity " + (tenths < 0 ? std::string("?") : Quantity::tenths(tenths).text()) +
           " instead of " + std::to_string(planned.quantity);
  if (number_of(line, "unit_price") != planned.unit_price())
    return "costs " + money(number_of(line, "unit_price")) + " each instead of " +
           money(planned.unit_price());
  if (number_of(line, "total") != planned.total)
    return "costs " + money(number_of(line, "total")) + " instead of " + money(planned.total);
  if (choices_of(line) != std::multiset<Choice>(planned.choices.begin(), planned.choices.end()))
    return "has other options than were ordered";
  return {};
}

// What the kiosk and the till were told.
void compare_answers(const Sale& sale, std::vector<Difference>& out) {
  const auto say = [&](const std::string& sentence) { out.push_back({sale.order->id, sentence}); };
  if (!sale.was_sent) return say("was never sent");
  if (sale.reply.text.empty()) return say("was never answered");
  if (!sale.reply.ok) return say("was refused: " + sale.reply.message);
  const std::int64_t total = number_of(sale.reply.result, "total");
  if (total != sale.total)
    say("was answered with the total " + money(total) + " instead of " + money(sale.total));
  if (sale.hub_order.empty()) say("was answered without an order id");
  if (sale.pay_command.empty()) return;
  if (sale.pay_reply.text.empty())
    say("its payment was never answered");
  else if (!sale.pay_reply.ok)
    say("its payment was refused: " + sale.pay_reply.message);
}

void compare_booked(const Sale& sale, const BookedOrder& booked, std::vector<Difference>& out) {
  const auto say = [&](const std::string& sentence) { out.push_back({sale.order->id, sentence}); };
  for (const std::string& sentence : compare_lines(*sale.order, booked.order)) say(sentence);
  const std::int64_t total = number_of(booked.order, "total");
  if (total != sale.total)
    say("has the total " + money(total) + " in the journal instead of " + money(sale.total));
  if (booked.accepted != 1)
    say("was accepted " + std::to_string(booked.accepted) + " times in the journal");
  if (booked.paid != 1)
    say("was paid " + std::to_string(booked.paid) + " times in the journal");
  else if (booked.paid_amount != sale.total)
    say("was paid with " + money(booked.paid_amount) + " instead of " + money(sale.total));
}

}  // namespace

std::vector<std::string> compare_lines(const FileOrder& planned, const Json& order) {
  const JsonArray& lines = client::list_of(order, "lines");
  if (lines.size() != planned.lines.size())
    return {"has " + std::to_string(lines.size()) + " lines instead of " +
            std::to_string(planned.lines.size())};
  std::vector<std::string> out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string wrong = compare_line(planned.lines[i], lines[i]);
    if (!wrong.empty()) out.push_back("line " + std::to_string(i + 1) + " " + wrong);
  }
  return out;
}

std::vector<Difference> compare(const Plan& plan, const Books& books, Seq from,
                                const std::function<bool(const std::string&)>& is_ours) {
  std::vector<Difference> out = books.differences;
  std::set<std::string> planned;
  std::set<std::pair<std::int64_t, std::int64_t>> numbers;
  for (const Sale& sale : plan.sales) {
    planned.insert(sale.command);
    compare_answers(sale, out);
    const auto found = books.by_command.find(sale.command);
    const std::size_t count = found == books.by_command.end() ? 0 : found->second.size();
    const std::size_t wanted = sale.reply.ok ? 1 : 0;
    // Without an answer the order may be there or not, but never twice.
    const bool answered = !sale.reply.text.empty();
    if (answered ? count != wanted : count > 1)
      out.push_back({sale.order->id, "is " + std::to_string(count) +
                                         " times in the journal instead of " +
                                         std::to_string(wanted)});
    if (count == 0) continue;
    const BookedOrder& booked = books.orders.at(found->second.front());
    if (sale.reply.ok && found->second.front() != sale.hub_order)
      out.push_back({sale.order->id, "was answered as " + sale.hub_order + " but is " +
                                         found->second.front() + " in the journal"});
    if (sale.reply.ok) compare_booked(sale, booked, out);
    if (!numbers.emplace(number_of(booked.order, "day"), number_of(booked.order, "number")).second)
      out.push_back({sale.order->id, "shares its number with another order of the day"});
  }
  for (const auto& [id, booked] : books.orders)
    if (booked.seq > from && is_ours(booked.device) && !planned.contains(booked.command))
      out.push_back({id, "is in the journal, but nobody ordered it"});
  return out;
}

std::vector<Difference> compare_list(const Plan& plan, const JsonArray& orders) {
  std::vector<Difference> out;
  std::map<std::string, std::vector<const Json*>> listed;
  for (const Json& order : orders) listed[text_of(order, "order")].push_back(&order);
  for (const Sale& sale : plan.sales) {
    if (!sale.reply.ok) continue;
    const std::vector<const Json*>& found = listed[sale.hub_order];
    if (found.size() != 1) {
      out.push_back(
          {sale.order->id, "is " + std::to_string(found.size()) + " times in the list of orders"});
      continue;
    }
    for (const std::string& sentence : compare_lines(*sale.order, *found[0]))
      out.push_back({sale.order->id, "in the list of orders, " + sentence});
    if (number_of(*found[0], "total") != sale.total)
      out.push_back({sale.order->id, "has the total " + money(number_of(*found[0], "total")) +
                                         " in the list of orders instead of " + money(sale.total)});
    if (!client::flag_of(*found[0], "paid"))
      out.push_back({sale.order->id, "is not paid in the list of orders"});
  }
  return out;
}

}  // namespace larder::replay
