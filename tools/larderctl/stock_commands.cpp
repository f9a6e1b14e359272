#include <ostream>

#include "core/base/quantity.hpp"
#include "tools/client/fields.hpp"
#include "tools/larderctl/commands.hpp"
#include "tools/larderctl/table.hpp"

namespace larder::ctl {
namespace {

using client::tenths_of;
using client::text_of;

std::string quantity_text(const Json& level, const char* key) {
  const std::int64_t tenths = tenths_of(level, key);
  return tenths < 0 ? std::string("-") : Quantity::tenths(tenths).text();
}

void print_levels(const JsonArray& levels, const std::string& only, const Output& output) {
  Table table({"SKU", "TYPE", "STATUS", ">AVAILABLE", ">HELD"});
  for (const Json& level : levels) {
    if (!only.empty() && text_of(level, "sku") != only) continue;
    const bool limited = text_of(level, "type") == "limited";
    table.add({text_of(level, "sku"), text_of(level, "type"), text_of(level, "status"),
               limited ? quantity_text(level, "available") : "-", quantity_text(level, "held")});
  }
  output.out << table.text();
}

Result<void> show_levels(Connection& connection, const std::string& only, const Output& output) {
  const Result<client::Reply> reply = connection.query("stock.list", "{}");
  if (!reply) return pass_on(reply);
  if (output.json && only.empty()) {
    output.out << client::to_text(reply->result) << "\n";
    return {};
  }
  const JsonArray& levels = client::list_of(reply->result, "stock");
  if (!output.json) {
    print_levels(levels, only, output);
    return {};
  }
  for (const Json& level : levels)
    if (text_of(level, "sku") == only) output.out << client::to_text(level) << "\n";
  return {};
}

Result<void> change(const Access& access, const char* verb, const std::string& args,
                    const std::string& sku, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  const Result<client::Reply> reply = (*connection)->command(verb, args);
  if (!reply) return pass_on(reply);
  return show_levels(**connection, sku, output);
}

Result<std::string> canonical(const std::string& quantity) {
  const Result<Quantity> read = Quantity::parse(quantity);
  if (!read) return refuse(Code::BadQuantity, "'" + quantity + "' is no quantity; write 12 or 2.5");
  return read->text();
}

}  // namespace

Result<void> list_stock(const Access& access, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  return show_levels(**connection, "", output);
}

Result<void> count_stock(const Access& access, const std::string& sku, const std::string& quantity,
                         const Output& output) {
  const Result<std::string> available = canonical(quantity);
  if (!available) return pass_on(available);
  JsonWriter args;
  args.begin_object().member("sku", sku).key("available").raw(*available).end_object();
  return change(access, "stock.count", args.text(), sku, output);
}

Result<void> mark_stock(const Access& access, const std::string& sku, bool sold_out,
                        const std::string& back, const Output& output) {
  JsonWriter args;
  args.begin_object().member("sku", sku);
  args.member("status", sold_out ? "sold_out" : "available");
  if (back == "next-day") args.member("restore", "next_day");
  if (!back.empty() && back != "next-day") {
    args.member("restore", "at").member("restore_local", back);
  }
  args.end_object();
  return change(access, "stock.mark", args.text(), sku, output);
}

Result<void> limit_stock(const Access& access, const std::string& sku, const std::string& quantity,
                         const Output& output) {
  const Result<std::string> available = canonical(quantity);
  if (!available) return pass_on(available);
  JsonWriter args;
  args.begin_object().member("sku", sku).member("type", "limited");
  args.key("available").raw(*available).end_object();
  return change(access, "stock.limit", args.text(), sku, output);
}

Result<void> set_thresholds(const Access& access, const std::string& sku,
                            const std::string& warning, const std::string& critical,
                            const Output& output) {
  const Result<std::string> low = canonical(warning), lowest = canonical(critical);
  if (!low) return pass_on(low);
  if (!lowest) return pass_on(lowest);
  JsonWriter args;
  args.begin_object().member("sku", sku);
  args.key("warning").raw(*low).key("critical").raw(*lowest).end_object();
  return change(access, "stock.thresholds", args.text(), sku, output);
}

Result<void> list_unseen(const Access& access, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  const Result<client::Reply> reply = (*connection)->query("stock.unseen", "{}");
  if (!reply) return pass_on(reply);
  if (output.json) {
    output.out << client::to_text(reply->result) << "\n";
    return {};
  }
  Table table({"SKU", "STATUS", "NOT SHOWN BY", "NAME", "STATE"});
  for (const Json& change : client::list_of(reply->result, "changes")) {
    for (const Json& screen : client::list_of(change, "waiting")) {
      table.add({text_of(change, "sku"), text_of(change, "status"), text_of(screen, "device"),
                 text_of(screen, "name"), text_of(screen, "state")});
    }
  }
  output.out << table.text();
  return {};
}

Result<void> unlimit_stock(const Access& access, const std::string& sku, const Output& output) {
  JsonWriter args;
  args.begin_object().member("sku", sku).member("type", "unlimited").end_object();
  return change(access, "stock.limit", args.text(), sku, output);
}

}  // namespace larder::ctl
