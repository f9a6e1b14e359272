#include "tools/replay/stock_watch.hpp"

#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tools/client/client.hpp"
#include "tools/client/fields.hpp"
#include "tools/replay/crew.hpp"

namespace larder::replay {
namespace {

// All on the Network's thread.
class Arrivals {
 public:
  explicit Arrivals(std::size_t screens) : screens_(screens) {}
  void arrived(const client::TopicEvent& event) {
    if (event.name != "stock.changed" || event.body == nullptr) return;
    if (++seen_[event.seq] < screens_) return;
    seen_.erase(event.seq);
    const Json* movement = event.body->find("movement");
    const Json* after = movement == nullptr ? nullptr : movement->find("after");
    if (after == nullptr) return;
    const auto ns =
        std::chrono::duration_cast<std::chrono::nanoseconds>(event.received.time_since_epoch())
            .count();
    std::cout << R"({"seq":)" << event.seq << R"(,"sku":")" << client::text_of(*after, "sku")
              << R"(","status":")" << client::text_of(*after, "status") << R"(","all_have_it_ns":)"
              << ns << "}" << std::endl;
  }

 private:
  std::size_t screens_;
  std::map<Seq, std::size_t> seen_;
};

client::ClientOptions options_for(const PlayOptions& options, const std::string& token) {
  client::ClientOptions out;
  out.host = options.hub.host;
  out.port = options.hub.port;
  out.token = token;
  out.name = "larder-replay";
  return out;
}

}  // namespace

Result<void> watch_stock(const PlayOptions& options) {
  client::Network network;
  Arrivals arrivals(options.screens);
  client::Client admin(network, options_for(options, options.admin_token));
  admin.start();
  const Result<client::Hello> ready = admin.wait_ready();
  if (!ready) return pass_on(ready);
  Crew crew(admin, options.prefix);
  const Result<std::vector<std::string>> tokens = crew.add("screen", "kiosk", options.screens);
  if (!tokens) return pass_on(tokens);
  std::vector<std::unique_ptr<client::Client>> screens;
  for (const std::string& token : *tokens) {
    screens.push_back(std::make_unique<client::Client>(network, options_for(options, token)));
    screens.back()->start();
  }
  for (const auto& screen : screens) {
    const Result<client::Hello> live = screen->wait_ready();
    if (!live) return pass_on(live);
    screen->subscribe("menu",
                      {{}, [&](const client::TopicEvent& event) { arrivals.arrived(event); }});
    const client::Reply listening = screen->ask("stock.list", "{}");  // answered after the snapshot
    if (listening.text.empty()) return refuse(Code::Unavailable, "a screen got no answer");
  }
  std::cout << "ready" << std::endl;
  for (std::string rest; std::getline(std::cin, rest);) continue;
  screens.clear();
  if (!options.keep_devices) crew.revoke_all();
  return {};
}

}  // namespace larder::replay
