// larderctl: what an operator asks of a store's hub, or of its files when the hub is off.
// Exit codes: 0 done, 1 refused or failed (one sentence on stderr), 64 wrong command line.
#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>

#include "lan-protocol/json.hpp"
#include "tools/larderctl/commands.hpp"
#include "tools/larderctl/menu_file.hpp"
#include "tools/larderctl/offline.hpp"

namespace {

using namespace larder;
using namespace larder::ctl;

constexpr int kUsage = 64;

// Everything the command line can say. CLI11 fills it; `run` is set by the one subcommand chosen.
struct Line {
  std::string hub = "127.0.0.1:7480";
  std::string token;
  std::string token_file;
  std::string data = "/var/lib/larder";
  bool json = false;
  MenuImport menu;
  bool csv = false;
  std::string sku, quantity, critical, back, order, device_id;
  std::string backup_name = "by-hand";
  std::int64_t day = 0;
  bool all = false;
  NewDevice device;
  NewStaff staff;
  std::string place;
  RestoreFrom restore;
  Takeover takeover;
  std::string reason;
  bool is_off = false;
  std::function<Result<void>(const Output&)> run;

  Result<Access> access() const {
    const Result<HubAddress> address = parse_address(hub);
    if (!address) return pass_on(address);
    if (!token.empty()) return Access{*address, token};
    const Result<std::string> read =
        read_token(token_file.empty() ? data + "/admin.token" : token_file);
    if (!read) return pass_on(read);
    return Access{*address, *read};
  }

  // The subcommand runs `ask` with the hub's address and a token.
  void on(CLI::App* command, std::function<Result<void>(const Access&, const Output&)> ask) {
    command->callback([this, ask = std::move(ask)] {
      run = [this, ask](const Output& output) -> Result<void> {
        const Result<Access> found = access();
        if (!found) return pass_on(found);
        return ask(*found, output);
      };
    });
  }
};

CLI::App* group(CLI::App& app, const char* name, const char* what) {
  CLI::App* made = app.add_subcommand(name, what);
  made->require_subcommand(1);
  return made;
}

void add_menu(CLI::App& app, Line& line) {
  CLI::App* menu = group(app, "menu", "The menu: import and export");
  CLI::App* import =
      menu->add_subcommand("import", "Import a menu file, JSON (PROTOCOL.md, MENU) or CSV");
  import->footer(std::string(csv_help()));
  import->add_option("file", line.menu.file, "The file")->required();
  import->add_flag("--check", line.menu.check_only, "Only check the file; no hub is asked");
  import->add_option("--currency", line.menu.currency, "Of a CSV without [menu]")
      ->capture_default_str();
  import->callback([&line] {
    line.run = [&line](const Output& output) -> Result<void> {
      if (line.menu.check_only) return check_menu_file(line.menu, output);
  const Result<Access> access = line.access();
  if (!access) return pass_on(access);
  return import_menu(*access, line.menu, output);
};
}  // namespace
);
CLI::App* exported = menu->add_subcommand("export", "Print the hub's menu as JSON");
exported->add_flag("--csv", line.csv, "As CSV");
line.on(exported, [&line](const Access& access, const Output& output) {
  return export_menu(access, line.csv, output);
});
}

CLI::App* sku_command(CLI::App* stock, Line& line, const char* name, const char* what) {
  CLI::App* made = stock->add_subcommand(name, what);
  made->add_option("sku", line.sku, "The SKU's id")->required();
  return made;
}

void add_stock(CLI::App& app, Line& line) {
  CLI::App* stock = group(app, "stock", "What can be sold");
  line.on(stock->add_subcommand("list", "Every SKU that was ever counted, limited or marked"),
          list_stock);
  CLI::App* count =
      sku_command(stock, line, "count", "Say what can still be sold, beside what is held");
  count->add_option("quantity", line.quantity, "12 or 2.5")->required();
  line.on(count, [&line](const Access& access, const Output& output) {
    return count_stock(access, line.sku, line.quantity, output);
  });
  CLI::App* out = sku_command(stock, line, "86", "Mark as sold out");
  out->add_option(
      "--back", line.back,
      "When it comes back by itself: next-day, 17:30 (the next such time of the store), "
      "2026-11-21T17:30");
  line.on(out, [&line](const Access& access, const Output& output) {
    return mark_stock(access, line.sku, true, line.back, output);
  });
  line.on(sku_command(stock, line, "back", "Mark as available again"),
          [&line](const Access& access, const Output& output) {
            return mark_stock(access, line.sku, false, "", output);
          });
  line.on(stock->add_subcommand("unseen", "Which screens have not shown what is sold out or back"),
          list_unseen);
  CLI::App* low = sku_command(stock, line, "thresholds", "Say from which number on it runs low");
  low->add_option("warning", line.quantity, "12 or 2.5; 0: none")->required();
  low->add_option("critical", line.critical, "At most the warning; 0: none")->required();
  line.on(low, [&line](const Access& access, const Output& output) {
    return set_thresholds(access, line.sku, line.quantity, line.critical, output);
  });
  CLI::App* limit = sku_command(stock, line, "limit", "Sell no more than this");
  limit->add_option("quantity", line.quantity, "12 or 2.5")->required();
  line.on(limit, [&line](const Access& access, const Output& output) {
    return limit_stock(access, line.sku, line.quantity, output);
  });
  line.on(sku_command(stock, line, "unlimited", "Sell without a limit"),
          [&line](const Access& access, const Output& output) {
            return unlimit_stock(access, line.sku, output);
          });
}

void add_orders(CLI::App& app, Line& line) {
  CLI::App* orders = group(app, "orders", "The orders in the books");
  CLI::App* list = orders->add_subcommand("list", "Open orders");
  list->add_flag("--all", line.all, "Those closed today as well");
  line.on(list, [&line](const Access& access, const Output& output) {
    return list_orders(access, line.all, output);
  });
  CLI::App* show = orders->add_subcommand("show", "One order with its lines");
  show->add_option("order", line.order, "Its id, for example 20261121-0042")->required();
  line.on(show, [&line](const Access& access, const Output& output) {
    return show_order(access, line.order, output);
  });
}

void add_devices(CLI::App& app, Line& line) {
  CLI::App* devices = group(app, "devices", "Screens and programs that may connect");
  line.on(devices->add_subcommand("list", "All of them"), list_devices);
  CLI::App* add = devices->add_subcommand(
      "add", "Mint a token here, tell the hub its SHA-256, print the token once");
  add->add_option("--id", line.device.id, "For example kiosk-1")->required();
  add->add_option("--name", line.device.name, "For people")->required();
  add->add_option("--role", line.device.role, "kiosk, kds, till or admin")
      ->required()
      ->check(CLI::IsMember({"kiosk", "kds", "till", "admin"}));
  add->add_option("--station", line.device.station, "The station of a kds; none: all");
  line.on(add, [&line](const Access& access, const Output& output) {
    return add_device(access, line.device, output);
  });
  CLI::App* revoke = devices->add_subcommand("revoke", "Take a device's token back, at once");
  revoke->add_option("device", line.device_id, "Its id")->required();
  line.on(revoke, [&line](const Access& access, const Output& output) {
    return revoke_device(access, line.device_id, output);
  });
}

void add_staff_group(CLI::App& app, Line& line) {
  CLI::App* staff = group(app, "staff", "People who sign in at a till with a PIN");
  line.on(staff->add_subcommand("list", "All of them, and what each may do"), list_staff);
  CLI::App* add = staff->add_subcommand(
      "add", "Asks for a PIN of 4 to 8 digits (or reads it from stdin); replaces who has the id");
  add->add_option("staff", line.staff.id, "For example anna")->required();
  add->add_option("--name", line.staff.name, "For people")->required();
  add->add_option("--may", line.staff.permissions,
                  "What they may do: discount, void, stock, close, override; with commas")
      ->delimiter(',')
      ->check(CLI::IsMember({"discount", "void", "stock", "close", "override"}));
  line.on(add, [&line](const Access& access, const Output& output) {
    return add_staff(access, line.staff, output);
  });
  CLI::App* remove = staff->add_subcommand("remove", "They may not sign in any more, at once");
  remove->add_option("staff", line.staff.id, "Their id")->required();
  line.on(remove, [&line](const Access& access, const Output& output) {
    return remove_staff(access, line.staff.id, output);
  });
}

void add_hub(CLI::App& app, Line& line) {
  line.on(app.add_subcommand("status", "How the hub is"), show_status);
  CLI::App* statement = app.add_subcommand(
      "statement", "What a business day took, sent and had applied in the cloud");
  statement->add_option("--day", line.day, "20261121; without it the day that is open");
  line.on(statement, [&line](const Access& access, const Output& output) {
    return show_statement(access, line.day, output);
  });
  CLI::App* backup = app.add_subcommand("backup", "Have the hub write a backup of its store file");
  backup->add_option("--name", line.backup_name, "Begins the file's name")->capture_default_str();
  line.on(backup, [&line](const Access& access, const Output& output) {
    return take_backup(access, line.backup_name, output);
  });
}

void add_files(CLI::App& app, Line& line) {
  CLI::App* verify = app.add_subcommand(
      "verify", "Check a store while no hub runs on it: structure, chain, state");
  verify->add_option("place", line.place, "A data directory, store file or backup; else --data");
  verify->callback([&line] {
    line.run = [&line](const Output& output) {
      return verify_files(line.place.empty() ? line.data : line.place, output);
    };
  });
  CLI::App* restore = app.add_subcommand(
      "restore", "Put a backup in the place of the store in --data, while no hub runs on it");
  restore->add_option("backup", line.restore.backup, "The backup's file")->required();
  restore->add_option("--store", line.restore.store, "Refuse a backup of another store");
  restore->add_flag("--replace", line.restore.replace, "Move a store that is there aside");
  restore->add_flag("--force-filesystem", line.restore.any_filesystem,
                    "Accept a file system that is not known to keep what it has synced");
  restore->add_option("--accept", line.restore.accept,
                      "Why the hub is to begin at once, without asking the relay and the screens");
  restore->callback([&line] {
    line.restore.directory = line.data;
    line.run = [&line](const Output& output) { return restore_files(line.restore, output); };
  });
}

void add_recovery(CLI::App& app, Line& line) {
  CLI::App* takeover = app.add_subcommand(
      "takeover", "Have the next start fetch the store from the relay's copy, by HQ's code");
  takeover->add_option("--code", line.takeover.code, "As HQ's page shows it")->required();
  takeover->add_flag("--replace", line.takeover.replace, "Move a store that is there aside");
  takeover->add_flag("--force-filesystem", line.takeover.any_filesystem,
                     "Accept a file system that is not known to keep what it has synced");
  takeover->callback([&line] {
    line.takeover.directory = line.data;
    line.run = [&line](const Output& output) { return prepare_takeover(line.takeover, output); };
  });
  CLI::App* accept =
      app.add_subcommand("accept", "Let a hub in recovery go on without what it lost, and say why");
  accept->add_option("reason", line.reason, "Stands in the journal")->required();
  accept->add_flag("--off", line.is_off, "The hub is off: for its next start, in --data");
  accept->callback([&line] {
    line.run = [&line](const Output& output) -> Result<void> {
      if (line.is_off) return accept_loss_at_start(line.data, line.reason, output);
      const Result<Access> found = line.access();
      if (!found) return pass_on(found);
      return accept_loss(*found, line.reason, output);
    };
  });
}

int report(const Error& error, bool json) {
  std::cerr << "larderctl: " << error.message() << " (" << code_name(error.code()) << ")\n";
  if (json) {
    JsonWriter out;
    out.begin_object().member("ok", false).member("code", code_name(error.code()));
    out.member("message", error.message()).end_object();
    std::cout << out.text() << "\n";
  }
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  Line line;
  CLI::App app("larderctl: asks a store's hub, or its files when the hub is off", "larderctl");
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--hub", line.hub, "host:port of the hub")->capture_default_str()->take_last();
  app.add_option("--token", line.token, "An admin token")->take_last();
  app.add_option("--token-file", line.token_file, "A file with it; else <data>/admin.token")
      ->take_last();
  app.add_option("--data", line.data, "The hub's data directory")
      ->capture_default_str()
      ->take_last();
  app.add_flag("--json", line.json, "For machines: one JSON value on stdout");
  add_menu(app, line);
  add_stock(app, line);
  add_orders(app, line);
  add_devices(app, line);
  add_staff_group(app, line);
  add_hub(app, line);
  add_files(app, line);
  add_recovery(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  const Result<void> done = line.run(Output{std::cout, std::cerr, line.json});
  return done ? 0 : report(done.error(), line.json);
}
