#include <ostream>

#include "tools/client/fields.hpp"
#include "tools/larderctl/commands.hpp"
#include "tools/larderctl/table.hpp"

namespace larder::ctl {
namespace {

using client::number_of;
using client::text_of;

std::string show_span(std::int64_t seconds) {
  const std::int64_t minutes = seconds / 60;
  if (minutes == 0) return std::to_string(seconds) + " s";
  if (minutes < 60) return std::to_string(minutes) + " min";
  return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

void print_status(const client::Hello& hello, const Json& status, const Output& output) {
  const auto row = [&](const char* name, const std::string& value) {
    output.out << name << std::string(14 - std::string_view(name).size(), ' ') << value << "\n";
  };
  row("store", text_of(status, "store") + (hello.name.empty() ? "" : "  " + hello.name));
  row("hub", text_of(status, "hub") + "  version " + text_of(status, "version") + "  up " +
                 show_span(number_of(status, "uptime_s")));
  row("journal", "epoch " + std::to_string(number_of(status, "epoch")) + "  seq " +
                     std::to_string(number_of(status, "seq")));
  row("head hash", text_of(status, "head_hash"));
  row("state hash", text_of(status, "state_hash"));
  row("menu", "version " + std::to_string(number_of(status, "menu_version")));
  row("orders today", std::to_string(number_of(status, "orders_today")) + ", " +
                          std::to_string(number_of(status, "open_orders")) + " open, total " +
                          show_money(number_of(status, "total_today")) + " " + hello.currency);
  row("sessions", std::to_string(number_of(status, "sessions")));
  const JsonArray& devices = client::list_of(status, "devices");
  if (devices.empty()) return;
  Table table({"DEVICE", "ROLE", "ADDRESS", "CONNECTED SINCE"});
  for (const Json& device : devices)
    table.add({text_of(device, "device"), text_of(device, "role"), text_of(device, "address"),
               show_time(number_of(device, "since"))});
  output.out << "\n" << table.text();
}

}  // namespace

Result<void> show_status(const Access& access, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  const Result<client::Reply> reply = (*connection)->query("hub.status", "{}");
  if (!reply) return pass_on(reply);
  if (output.json)
    output.out << client::to_text(reply->result) << "\n";
  else
    print_status((*connection)->hello(), reply->result, output);
  return {};
}

Result<void> take_backup(const Access& access, const std::string& name, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  JsonWriter args;
  args.begin_object().member("name", name).end_object();
  const Result<client::Reply> reply = (*connection)->query("hub.backup", args.text());
  if (!reply) return pass_on(reply);
  if (output.json)
    output.out << client::to_text(reply->result) << "\n";
  else
    output.out << "backup " << text_of(reply->result, "file") << " up to seq "
               << number_of(reply->result, "seq") << ", head hash "
               << text_of(reply->result, "head_hash") << "\n";
  return {};
}

}  // namespace larder::ctl
