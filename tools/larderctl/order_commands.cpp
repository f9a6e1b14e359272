#include <ctime>
#include <ostream>

#include "core/base/quantity.hpp"
#include "tools/client/fields.hpp"
#include "tools/larderctl/commands.hpp"
#include "tools/larderctl/menu_file.hpp"
#include "tools/larderctl/table.hpp"

namespace larder::ctl {
namespace {

using client::flag_of;
using client::list_of;
using client::number_of;
using client::text_of;

std::string extras_of(const Json& line) {
  std::string out;
  for (const char* kind : {"options", "parts"})
    for (const Json& chosen : list_of(line, kind))
      out += (out.empty() ? "" : ", ") + client::name_of(chosen, "name");
  if (const std::string note = text_of(line, "note"); !note.empty())
    out += (out.empty() ? "" : "; ") + note;
  return out;
}

void print_order(const Json& order, const Output& output) {
  std::ostream& out = output.out;
  out << "order " << text_of(order, "order") << ", number " << number_of(order, "number") << ", "
      << text_of(order, "channel") << ", " << text_of(order, "service");
  if (const std::string table = text_of(order, "table"); !table.empty()) out << " table " << table;
  out << "\nstate " << text_of(order, "state")
      << (flag_of(order, "paid") ? ", paid" : ", not paid");
  if (const std::string reason = text_of(order, "reason"); !reason.empty()) out << ": " << reason;
  out << ", placed " << show_time(number_of(order, "placed_at")) << " at "
      << text_of(order, "device") << "\n\n";
  Table table({">QUANTITY", "NAME", "WITH", "STATION", ">UNIT", ">TOTAL"});
  for (const Json& line : list_of(order, "lines")) {
    const std::int64_t tenths = client::tenths_of(line, "quantity");
    table.add({tenths < 0 ? "?" : Quantity::tenths(tenths).text(), client::name_of(line, "name"),
               extras_of(line), text_of(line, "station"), show_money(number_of(line, "unit_price")),
               show_money(number_of(line, "total"))});
  }
  out << table.text() << "\ntotal " << show_money(number_of(order, "total")) << "\n";
}

}  // namespace

std::string show_money(std::int64_t minor) { return show_price(minor, 2); }

std::string show_time(std::int64_t micros) {
  if (micros <= 0) return "-";
  const auto seconds = static_cast<std::time_t>(micros / 1'000'000);
  std::tm local{};
  char text[32];
  if (localtime_r(&seconds, &local) == nullptr) return "-";
  return std::string(text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local));
}

Result<void> list_orders(const Access& access, bool all, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  const Result<client::Reply> reply =
      (*connection)->query("order.list", all ? R"({"open":false})" : R"({"open":true})");
  if (!reply) return pass_on(reply);
  if (output.json) {
    output.out << client::to_text(reply->result) << "\n";
    return {};
  }
  Table table(
      {"ORDER", ">NUMBER", "CHANNEL", "SERVICE", "STATE", "PAID", ">LINES", ">TOTAL", "PLACED"});
  for (const Json& order : list_of(reply->result, "orders"))
    table.add({text_of(order, "order"), std::to_string(number_of(order, "number")),
               text_of(order, "channel"), text_of(order, "service"), text_of(order, "state"),
               flag_of(order, "paid") ? "yes" : "no",
               std::to_string(list_of(order, "lines").size()),
               show_money(number_of(order, "total")), show_time(number_of(order, "placed_at"))});
  output.out << table.text();
  return {};
}

Result<void> show_order(const Access& access, const std::string& order, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  JsonWriter args;
  args.begin_object().member("order", order).end_object();
  const Result<client::Reply> reply = (*connection)->query("order.get", args.text());
  if (!reply) return pass_on(reply);
  if (output.json) {
    output.out << client::to_text(reply->result) << "\n";
    return {};
  }
  if (const Json* found = reply->result.find("order")) print_order(*found, output);
  return {};
}

}  // namespace larder::ctl
