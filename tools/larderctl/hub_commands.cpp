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

std::string show_cloud(const Json& cloud) {
  const std::string lost = text_of(cloud, "lost");
  const std::int64_t behind = number_of(cloud, "behind");
  std::string text = lost.empty() ? std::string("reached") : "no " + lost;
  text += " since " + show_time(number_of(cloud, "since"));
  if (!lost.empty()) text += ": " + text_of(cloud, "reason");
  text += ", " + std::to_string(behind) + " events behind";
  if (behind > 0 && number_of(cloud, "oldest_unsent") > 0) {
    text += ", the first from " + show_time(number_of(cloud, "oldest_unsent"));
  }
  return text;
}

std::string show_books(const Json& books) {
  const auto figure = [&books](const char* name) { return std::to_string(number_of(books, name)); };
  if (number_of(books, "first") == 0) return "no such day";
  return "events " + figure("first") + " to " + figure("last") + ", " + figure("orders") +
         " orders, " + show_money(number_of(books, "total")) + ", " + figure("movements") +
         " movements";
}

void print_statement(const Json& statement, const Output& output) {
  static const Json kNone;
  const auto part = [&statement](const char* name) -> const Json& {
    const Json* found = statement.find(name);
    return found != nullptr ? *found : kNone;
  };
  output.out << "day      " << number_of(statement, "day") << "\n"
             << "taken    " << show_books(part("taken")) << "\n"
             << "sent     " << number_of(part("sent"), "events") << " of "
             << number_of(part("taken"), "events") << " events acknowledged\n";
  if (statement.find("applied") == nullptr) {
    output.out << "applied  not known: " << text_of(statement, "no_answer") << "\n";
    return;
  }
  output.out << "applied  " << show_books(part("applied")) << "\n";
  const std::string differs = text_of(statement, "differs_in");
  if (client::flag_of(statement, "equal")) {
    output.out << "the books agree\n";
  } else if (differs.empty()) {
    output.out << "the same so far; the rest is on its way\n";
  } else {
    output.out << "THE BOOKS DIFFER: " << differs;
    if (number_of(statement, "differs_at") > 0) {
      output.out << ", first at event " << number_of(statement, "differs_at");
    }
    output.out << "\n";
  }
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
  if (const Json* recovery = status.find("recovery")) {
    row("IN RECOVERY", text_of(*recovery, "reason") + "; nothing is sold, since " +
                           show_time(number_of(*recovery, "since")));
  }
  for (const Json& lost : client::list_of(status, "lost")) {
    row("EVENTS LOST",
        "a screen has seen event " + std::to_string(number_of(lost, "seen")) + " of epoch " +
            std::to_string(number_of(lost, "epoch")) + ", the books hold that epoch up to " +
            std::to_string(number_of(lost, "known")) + ": count the limited stock; known since " +
            show_time(number_of(lost, "since")));
  }
  for (const Json& told : client::list_of(status, "unsettled")) {
    row("NOT SETTLED", "lease " + text_of(told, "lease") + " " +
                           show_time(number_of(told, "since")) + ": " + text_of(told, "reason") +
                           "; count what HQ's page names");
  }
  row("sessions", std::to_string(number_of(status, "sessions")));
  if (const Json* cloud = status.find("cloud")) row("cloud", show_cloud(*cloud));
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

Result<void> show_statement(const Access& access, std::int64_t day, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  JsonWriter args;
  args.begin_object();
  if (day != 0) args.member("day", day);
  args.end_object();
  const Result<client::Reply> reply = (*connection)->query("books.statement", args.text());
  if (!reply) return pass_on(reply);
  if (output.json) {
    output.out << client::to_text(reply->result) << "\n";
  } else {
    print_statement(reply->result, output);
  }
  return {};
}

Result<void> accept_loss(const Access& access, const std::string& reason, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  JsonWriter args;
  args.begin_object().member("reason", reason).end_object();
  const Result<client::Reply> reply = (*connection)->command("epoch.begin", args.text());
  if (!reply) return pass_on(reply);
  if (output.json)
    output.out << client::to_text(reply->result) << "\n";
  else
    output.out << "the hub sells again, in a new epoch; count the limited stock\n";
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
