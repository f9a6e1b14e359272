#include "tools/replay/play.hpp"

#include <cmath>
#include <iostream>
#include <thread>

#include "lan-protocol/codec.hpp"
#include "tools/client/fields.hpp"
#include "tools/replay/crew.hpp"
#include "tools/replay/sample_day.hpp"

namespace larder::replay {
namespace {

// A device may send kCommandsPerSecond; fewer leave room for the clock's unevenness.
constexpr double kOrdersPerKiosk = 15.0;
// Each order takes about three commands to finish.
constexpr std::size_t kCooksPerKiosk = 3;

client::ClientOptions admin_options(const PlayOptions& options) {
  client::ClientOptions admin;
  admin.host = options.hub.host;
  admin.port = options.hub.port;
  admin.token = options.admin_token;
  admin.name = "larder-replay";
  admin.reconnect = options.through_crashes;
  return admin;
}

class Bar {
 public:
  explicit Bar(bool shown) : shown_(shown) {}
  ~Bar() {
    if (shown_) std::cerr << "\r\033[K";
  }
  void draw(const char* what, std::size_t done, std::size_t all) const {
    if (!shown_ || all == 0) return;
    constexpr std::size_t kWidth = 40;
    const std::size_t filled = std::min(kWidth, done * kWidth / all);
    std::cerr << '\r' << what << " [" << std::string(filled, '#')
              << std::string(kWidth - filled, '.') << "] " << done << "/" << all << "\033[K"
              << std::flush;
  }

 private:
  bool shown_;
};

Result<void> mint(Crew& crew, const PlayOptions& options, FleetOptions& fleet) {
  const auto add = [&](const char* name, const char* role, std::size_t count,
                       std::vector<std::string>& tokens) -> Result<void> {
    if (count == 0) return {};
    Result<std::vector<std::string>> minted = crew.add(name, role, count);
    if (!minted) return pass_on(minted);
    tokens = std::move(*minted);
    return {};
  };
  const std::size_t tills = options.pay == Pay::Counter ? options.kiosks : 0;
  const std::size_t cooks = options.finish ? options.kiosks * kCooksPerKiosk : 0;
  Result<void> done = add("kiosk", "kiosk", options.kiosks, fleet.kiosks);
  if (done) done = add("till", "till", tills, fleet.tills);
  if (done) done = add("cook", "kds", cooks, fleet.cooks);
  if (done) done = add("screen", "kds", options.screens, fleet.screens);
  if (done) done = add("kitchen", "kds", options.kitchen, fleet.kitchen);
  return done;
}

FleetOptions fleet_options(const PlayOptions& options) {
  FleetOptions fleet;
  fleet.host = options.hub.host;
  fleet.port = options.hub.port;
  fleet.rate = options.rate;
  fleet.through_crashes = options.through_crashes;
  // A hub that comes back may first have to wait for its disk.
  if (options.through_crashes) fleet.stuck_after = std::chrono::seconds(300);
  return fleet;
}

void count_answers(const Plan& plan, Report& report) {
  for (const Sale& sale : plan.sales) {
    if (sale.reply.ok) ++report.acknowledged;
    report.resent += sale.reply.resent + sale.pay_reply.resent;
    report.retried += sale.reply.retried + sale.pay_reply.retried;
  }
}

Result<void> check_books(client::Client& admin, const Plan& plan, const Crew& crew, Seq from,
                         const PlayOptions& options, Report& report) {
  const Bar bar(options.progress);
  const Result<Books> books =
      read_books(admin, [&](Seq at, Seq head) { bar.draw("reading the journal", at, head); });
  if (!books) return pass_on(books);
  report.events = books->events;
  report.head = books->head;
  report.head_hash = books->head_hash;
  const auto is_ours = [&](const std::string& device) { return crew.has(device); };
  std::vector<Difference> found = compare(plan, *books, from, is_ours);
  const client::Reply list = admin.ask("order.list", R"({"open":false})", std::chrono::seconds(60));
  if (!list.ok) return refuse(ctl::code_of(list.code), list.message);
  for (Difference& one : compare_list(plan, client::list_of(list.result, "orders")))
    found.push_back(std::move(one));
  for (Difference& one : found) report.differences.push_back(std::move(one));
  return {};
}

}  // namespace

Result<Report> play(const std::vector<FileOrder>& orders, const PlayOptions& options,
                    const std::string& mode) {
  client::Network network;
  client::Client admin(network, admin_options(options));
  admin.start();
  const Result<client::Hello> ready = admin.wait_ready();
  if (!ready) return pass_on(ready);
  const client::Reply status = admin.ask("hub.status", "{}");
  if (!status.ok) return refuse(ctl::code_of(status.code), status.message);
  const auto from = static_cast<Seq>(client::number_of(status.result, "seq"));

  Plan plan = make_plan(orders, options.pay, options.limit);
  Crew crew(admin, options.prefix);
  FleetOptions fleet_with = fleet_options(options);
  Result<void> done = mint(crew, options, fleet_with);
  if (!done) return pass_on(done);

  Report report;
  report.mode = mode;
  report.orders = plan.sales.size();
  report.lines = plan.lines();
  report.total = plan.total();
  {
    Fleet fleet(network, plan, std::move(fleet_with));
    done = fleet.open();
    if (!done) return pass_on(done);
    const Bar bar(options.progress);
    report.outcome = fleet.play([&](const Progress& progress) {
      bar.draw("playing", progress.answered, plan.sales.size());
    });
  }
  count_answers(plan, report);
  for (const std::string& failure : report.outcome.failures)
    report.differences.push_back({"", failure});
  if (options.compare_books) done = check_books(admin, plan, crew, from, options, report);
  if (!options.keep_devices) crew.revoke_all();
  if (!done) return pass_on(done);
  return report;
}

Result<Report> measure_latency(PlayOptions options, const LatencyOptions& latency) {
  std::vector<FileOrder> day;
  {
    client::Network network;
    client::Client admin(network, admin_options(options));
    admin.start();
    const Result<client::Hello> ready = admin.wait_ready();
    if (!ready) return pass_on(ready);
    const client::Reply reply = admin.ask("menu.export", "{}");
    if (!reply.ok) return refuse(ctl::code_of(reply.code), reply.message);
    const Json* json = reply.result.find("menu");
    const Result<Menu> menu = decode_menu(json == nullptr ? Json() : *json);
    if (!menu) return pass_on(menu);
    const auto orders = static_cast<std::size_t>(std::lround(latency.rate * latency.seconds));
    day = sample_day(*menu, orders, latency.seed);
  }
  if (day.empty()) return refuse(Code::BadMenu, "the hub's menu has nothing that a kiosk may sell");
  options.rate = latency.rate;
  options.kiosks = static_cast<std::size_t>(std::ceil(latency.rate / kOrdersPerKiosk));
  options.kitchen = 1;
  options.screens = latency.screens > 0 ? latency.screens - 1 : 0;
  return play(day, options, "latency");
}

Result<void> hold_screens(const PlayOptions& options, double seconds) {
  client::Network network;
  client::Client admin(network, admin_options(options));
  admin.start();
  const Result<client::Hello> ready = admin.wait_ready();
  if (!ready) return pass_on(ready);
  Crew crew(admin, options.prefix);
  const Result<std::vector<std::string>> tokens = crew.add("screen", "kds", options.screens);
  if (!tokens) return pass_on(tokens);
  std::vector<std::unique_ptr<client::Client>> screens;
  for (const std::string& token : *tokens) {
    client::ClientOptions screen = admin_options(options);
    screen.token = token;
    screen.read_events = false;
    screens.push_back(std::make_unique<client::Client>(network, screen));
    screens.back()->start();
  }
  for (const auto& screen : screens) {
    const Result<client::Hello> live = screen->wait_ready();
    if (!live) return pass_on(live);
    screen->subscribe("kitchen", {});
    screen->subscribe("menu", {});
  }
  std::cout << screens.size() << " screens follow the kitchen and the menu" << std::endl;
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  if (!options.keep_devices) crew.revoke_all();
  return {};
}

}  // namespace larder::replay
