// larder-replay: plays a day of orders through real kiosks against a real hub and compares what it
// sent with the hub's books. Exit codes: 0 no difference, 1 differences or a failure, 64 wrong
// command line.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <functional>
#include <iostream>
#include <thread>

#include "tools/larderctl/commands.hpp"
#include "tools/larderctl/menu_file.hpp"
#include "tools/replay/cloud_compare.hpp"
#include "tools/replay/day_menu.hpp"
#include "tools/replay/play.hpp"
#include "tools/replay/sample_day.hpp"
#include "tools/replay/sold_out_watch.hpp"
#include "tools/replay/stock_watch.hpp"

namespace {

using namespace larder;
using namespace larder::replay;

constexpr int kUsage = 64;

struct Line {
  std::string hub = "127.0.0.1:7480";
  std::string token_file = "/var/lib/larder/admin.token";
  std::string relay, relay_token_file;
  std::string orders_file, menu_file, report_file, with_menu;
  std::string pay = "card";
  std::string currency = "EUR";
  std::size_t sample_orders = 2'000;
  std::uint64_t seed = 7;
  double seconds = 20;
  PlayOptions play;
  LatencyOptions latency;
  std::function<Result<int>()> run;
};

Result<PlayOptions> play_options(const Line& line) {
  PlayOptions options = line.play;
  const Result<ctl::HubAddress> address = ctl::parse_address(line.hub);
  if (!address) return pass_on(address);
  Result<std::string> token = ctl::read_token(line.token_file);
  if (!token) return pass_on(token);
  options.hub = *address;
  options.admin_token = std::move(*token);
  options.pay = line.pay == "counter" ? Pay::Counter : Pay::Card;
  options.progress = isatty(STDERR_FILENO) != 0;
  return options;
}

Result<std::vector<FileOrder>> load_orders(const Line& line) {
  const Result<std::string> text = ctl::read_file(line.orders_file);
  if (!text) return pass_on(text);
  OrderFile file = read_orders(*text);
  if (!file.problems.empty()) {
    std::cerr << ctl::list_problems(line.orders_file, file.problems);
    return refuse(Code::BadRequest,
                  line.orders_file + " has " + std::to_string(file.problems.size()) + " mistakes");
  }
  const Result<DayMenu> day = DayMenu::of(file.orders, line.currency);
  if (!day) return pass_on(day);
  day->resolve(file.orders);
  return std::move(file.orders);
}

Result<int> conclude(const Line& line, const Result<Report>& report) {
  if (!report) return pass_on(report);
  if (!line.report_file.empty()) {
    std::ofstream out(line.report_file, std::ios::binary);
    out << to_json(*report);
    if (!out.flush()) return refuse(Code::Unavailable, "cannot write " + line.report_file);
  }
  std::cout << to_words(*report);
  return report->differences.empty() ? 0 : 1;
}

// With --through-crashes a hub that is gone is waited for, and asked again under the same id.
Result<void> import_for(const Line& line, const PlayOptions& options) {
  constexpr auto kPatience = std::chrono::seconds(60);
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  const ctl::Access access{options.hub, options.admin_token};
  const ctl::MenuImport menu{line.with_menu, false, line.currency, client::new_command_id()};
  for (;;) {
    Result<void> done = ctl::import_menu(access, menu, {std::cerr, std::cerr, false});
    const bool gone = !done && done.error().code() == Code::Unavailable;
    if (!gone || !options.through_crashes || std::chrono::steady_clock::now() > give_up)
      return done;
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }
}

Result<CloudFindings> ask_cloud(const Line& line, const PlayOptions& options) {
  const Result<ctl::HubAddress> address = ctl::parse_address(line.relay);
  if (!address) return pass_on(address);
  Result<std::string> token = ctl::read_token(line.relay_token_file);
  if (!token) return pass_on(token);
  Result<CloudFindings> found = compare_cloud(options, {*address, std::move(*token)});
  if (!found) return found;
  std::cout << "cloud: " << found->head << " events, " << found->orders << " orders, "
            << found->days << " statements and " << found->skus << " SKUs compared, "
            << found->differences.size() << " differences\n";
  return found;
}

Result<int> run_compare_cloud(const Line& line) {
  const Result<PlayOptions> options = play_options(line);
  if (!options) return pass_on(options);
  const Result<CloudFindings> found = ask_cloud(line, *options);
  if (!found) return pass_on(found);
  for (const Difference& one : found->differences) {
    std::cout << one.order << (one.order.empty() ? "" : " ") << one.sentence << "\n";
  }
  return found->differences.empty() ? 0 : 1;
}

Result<int> run_play(const Line& line) {
  const Result<PlayOptions> options = play_options(line);
  if (!options) return pass_on(options);
  const Result<std::vector<FileOrder>> orders = load_orders(line);
  if (!orders) return pass_on(orders);
  if (!line.with_menu.empty()) {
    const Result<void> imported = import_for(line, *options);
    if (!imported) return pass_on(imported);
  }
  Result<Report> report = play(*orders, *options, "play");
  if (report && !line.relay.empty()) {
    const Result<CloudFindings> cloud = ask_cloud(line, *options);
    if (!cloud) return pass_on(cloud);
    for (const Difference& one : cloud->differences) report->differences.push_back(one);
  }
  return conclude(line, report);
}

Result<int> run_latency(const Line& line) {
  const Result<PlayOptions> options = play_options(line);
  if (!options) return pass_on(options);
  return conclude(line, measure_latency(*options, line.latency));
}

Result<int> run_screens(const Line& line) {
  const Result<PlayOptions> options = play_options(line);
  if (!options) return pass_on(options);
  const Result<void> done = hold_screens(*options, line.seconds);
  if (!done) return pass_on(done);
  return 0;
}

Result<int> run_stock_watch(const Line& line) {
  const Result<PlayOptions> options = play_options(line);
  if (!options) return pass_on(options);
  const Result<void> done = watch_stock(*options);
  if (!done) return pass_on(done);
  return 0;
}

Result<int> run_sold_out_watch(const Line& line) {
  const Result<PlayOptions> options = play_options(line);
  if (!options) return pass_on(options);
  const Result<void> done = watch_sold_out(*options);
  if (!done) return pass_on(done);
  return 0;
}

Result<int> run_menu(const Line& line) {
  const Result<std::string> text = ctl::read_file(line.orders_file);
  if (!text) return pass_on(text);
  const OrderFile file = read_orders(*text);
  if (!file.problems.empty()) {
    std::cerr << ctl::list_problems(line.orders_file, file.problems);
    return refuse(Code::BadRequest, line.orders_file + " cannot be read whole");
  }
  const Result<DayMenu> day = DayMenu::of(file.orders, line.currency);
  if (!day) return pass_on(day);
  std::cout << ctl::menu_to_json(day->menu()) << "\n";
  return 0;
}

Result<int> run_sample(const Line& line) {
  const Result<std::string> text = ctl::read_file(line.menu_file);
  if (!text) return pass_on(text);
  const ctl::ReadMenu read = ctl::read_menu(*text);
  if (!read.problems.empty()) {
    std::cerr << ctl::list_problems(line.menu_file, read.problems);
    return refuse(Code::BadMenu, line.menu_file + " is no menu for the hub");
  }
  const auto day = sample_day(read.menu, line.sample_orders, line.seed);
  if (day.empty()) return refuse(Code::BadMenu, line.menu_file + " has nothing for a kiosk");
  std::cout << write_orders(day);
  return 0;
}

void add_hub_options(CLI::App* command, Line& line) {
  command->add_option("--hub", line.hub, "host:port")->capture_default_str();
  command->add_option("--admin-token-file", line.token_file, "Of the hub")->capture_default_str();
  command->add_option("--prefix", line.play.prefix, "Of the ids of the devices minted here")
      ->capture_default_str();
  command->add_flag("--keep-devices", line.play.keep_devices, "Do not revoke them at the end");
}

void add_relay_options(CLI::App* command, Line& line) {
  command->add_option("--relay", line.relay, "host:port of the relay: its books are compared too");
  command->add_option("--relay-token-file", line.relay_token_file, "Of an account that may read");
}

void add_play(CLI::App& app, Line& line) {
  CLI::App* play = app.add_subcommand(
      "play", "Play an orders file (also without a subcommand), then compare with the books");
  play->add_option("--orders", line.orders_file,
                   "TSV: order_id quantity item_name "
                   "choice_description item_price [sku choices]")
      ->required();
  play->add_option("--kiosks", line.play.kiosks, "How many")
      ->capture_default_str()
      ->check(CLI::Range(1, 200));
  play->add_option("--rate", line.play.rate, "Orders a second; else as fast as they are answered");
  play->add_option("--pay", line.pay, "card: at the kiosk; counter: at a till")
      ->capture_default_str()
      ->check(CLI::IsMember({"card", "counter"}));
  play->add_option("--kds", line.play.kitchen, "Kitchen screens that check each order")
      ->capture_default_str()
      ->check(CLI::Range(0, 50));
  play->add_option("--screens", line.play.screens, "Kitchen screens that only receive");
  play->add_option("--limit", line.play.limit, "Only the first so many orders");
  play->add_option("--with-menu", line.with_menu, "Import this menu file first");
  play->add_option("--report", line.report_file, "Write what was measured as JSON");
  play->add_option("--currency", line.currency, "Of the file's prices")->capture_default_str();
  play->add_flag("--finish", line.play.finish, "Bump and serve every order");
  play->add_flag("--through-crashes", line.play.through_crashes,
                 "Wait for a hub that is gone and send the same ids again");
  add_hub_options(play, line);
  add_relay_options(play, line);
  play->callback([&line] { line.run = [&line] { return run_play(line); }; });
}

void add_latency(CLI::App& app, Line& line) {
  CLI::App* latency = app.add_subcommand(
      "latency", "Kiosk to kitchen screen, at a rate, with orders drawn from the hub's menu");
  latency->add_option("--rate", line.latency.rate, "Orders a second")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 2'000.0));
  latency->add_option("--seconds", line.latency.seconds, "How long")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 3'600.0));
  latency
      ->add_option("--screens", line.latency.screens, "Kitchen screens, with the one that measures")
      ->capture_default_str()
      ->check(CLI::Range(1, 200));
  latency->add_option("--seed", line.latency.seed, "Of the orders")->capture_default_str();
  latency->add_option("--report", line.report_file, "Write what was measured as JSON");
  latency->add_flag("--finish", line.play.finish, "Bump and serve every order");
  add_hub_options(latency, line);
  latency->callback([&line] { line.run = [&line] { return run_latency(line); }; });
}

void add_files(CLI::App& app, Line& line) {
  CLI::App* menu = app.add_subcommand("menu", "Print a menu made of what an orders file sold");
  menu->add_option("--orders", line.orders_file, "TSV")->required();
  menu->add_option("--currency", line.currency, "Of its prices")->capture_default_str();
  menu->callback([&line] { line.run = [&line] { return run_menu(line); }; });
  CLI::App* sample = app.add_subcommand("sample", "Print a day of orders drawn from a menu");
  sample->add_option("--menu", line.menu_file, "JSON or CSV")->required();
  sample->add_option("--orders", line.sample_orders, "How many")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  sample->add_option("--seed", line.seed, "The same seed gives the same day")
      ->capture_default_str();
  sample->callback([&line] { line.run = [&line] { return run_sample(line); }; });
  CLI::App* screens = app.add_subcommand("screens", "Connect idle screens and stay");
  screens->add_option("--screens", line.play.screens, "How many")
      ->required()
      ->check(CLI::Range(1, 250));
  screens->add_option("--seconds", line.seconds, "How long")->capture_default_str();
  add_hub_options(screens, line);
  screens->callback([&line] { line.run = [&line] { return run_screens(line); }; });
  CLI::App* cloud =
      app.add_subcommand("compare-cloud", "Compare the hub's books with the relay's, both running");
  add_hub_options(cloud, line);
  add_relay_options(cloud, line);
  cloud->callback([&line] { line.run = [&line] { return run_compare_cloud(line); }; });
  CLI::App* watch = app.add_subcommand(
      "stock-watch", "Connect kiosks and say when each change of stock has reached all of them");
  watch->add_option("--screens", line.play.screens, "How many")
      ->required()
      ->check(CLI::Range(1, 250));
  add_hub_options(watch, line);
  watch->callback([&line] { line.run = [&line] { return run_stock_watch(line); }; });
  CLI::App* sold_out = app.add_subcommand(
      "sold-out-watch", "A till that marks what stdin says, and screens that acknowledge it");
  sold_out->add_option("--screens", line.play.screens, "How many")
      ->required()
      ->check(CLI::Range(1, 250));
  add_hub_options(sold_out, line);
  sold_out->callback([&line] { line.run = [&line] { return run_sold_out_watch(line); }; });
}

}  // namespace

int main(int argc, char** argv) {
  Line line;
  CLI::App app("larder-replay: plays a day of orders and compares it with the hub's books",
               "larder-replay");
  app.require_subcommand(1);
  add_play(app, line);
  add_latency(app, line);
  add_files(app, line);
  // `larder-replay --hub H --orders FILE` means `play`.
  std::vector<std::string> words(argv + 1, argv + argc);
  const bool names_none = !words.empty() && words[0].rfind("--", 0) == 0 && words[0] != "--help";
  if (names_none) words.insert(words.begin(), "play");
  std::reverse(words.begin(), words.end());
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  const Result<int> done = line.run();
  if (done) return *done;
  std::cerr << "larder-replay: " << done.error().message() << " (" << code_name(done.error().code())
            << ")\n";
  return 1;
}
