#include "tools/replay/sold_out_watch.hpp"

#include <condition_variable>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "lan-protocol/json.hpp"
#include "tools/client/client.hpp"
#include "tools/client/fields.hpp"
#include "tools/replay/crew.hpp"

namespace larder::replay {
namespace {

constexpr std::chrono::seconds kPatience{20};
constexpr std::size_t kKiosksToOneKitchen = 4;

// One mark at a time: when each screen had its event. Filled on the Network's thread.
class Arrivals {
 public:
  void expect(const std::string& sku, const std::string& status) {
    const std::lock_guard lock(mutex_);
    sku_ = sku;
    status_ = status;
    at_.clear();
  }
  void arrived(const client::TopicEvent& event) {
    const Json* movement = event.body == nullptr ? nullptr : event.body->find("movement");
    const Json* after = movement == nullptr ? nullptr : movement->find("after");
    if (event.name != "stock.changed" || after == nullptr) return;
    const std::lock_guard lock(mutex_);
    if (client::text_of(*after, "sku") != sku_ || client::text_of(*after, "status") != status_) {
      return;
    }
    at_.push_back(event.received);
    changed_.notify_all();
  }
  std::vector<client::Instant> wait_for(std::size_t screens) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPatience, [&] { return at_.size() >= screens; });
    return at_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string sku_, status_;
  std::vector<client::Instant> at_;
};

client::ClientOptions options_for(const PlayOptions& options, const std::string& token) {
  client::ClientOptions out;
  out.host = options.hub.host;
  out.port = options.hub.port;
  out.token = token;
  out.name = "larder-replay";
  return out;
}

std::int64_t ns_of(client::Instant at) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count();
}

// Screens that show at once what they are told.
class Wall {
 public:
  Wall(client::Network& network, const PlayOptions& options, Arrivals& arrivals)
      : network_(network), options_(options), arrivals_(arrivals) {}

  Result<void> add(const std::vector<std::string>& tokens, const std::string& topic) {
    for (const std::string& token : tokens) {
      screens_.push_back(std::make_unique<client::Client>(network_, options_for(options_, token)));
      client::Client& screen = *screens_.back();
      screen.start();
      const Result<client::Hello> live = screen.wait_ready();
      if (!live) return pass_on(live);
      screen.subscribe(topic, {[&screen, topic](const client::TopicSnapshot& view) {
                                 screen.seen(topic, {view.epoch, view.seq});
                               },
                               [this, &screen, topic](const client::TopicEvent& event) {
                                 arrivals_.arrived(event);
                                 screen.seen(topic, {event.epoch, event.seq});
                               }});
      const client::Reply listening = screen.ask("order.get", R"({"order":"none"})");
      if (listening.text.empty()) return refuse(Code::Unavailable, "a screen got no answer");
    }
    return {};
  }
  std::size_t size() const { return screens_.size(); }
  void clear() { screens_.clear(); }

 private:
  client::Network& network_;
  const PlayOptions& options_;
  Arrivals& arrivals_;
  std::vector<std::unique_ptr<client::Client>> screens_;
};

Result<void> mark(client::Client& till, Arrivals& arrivals, std::size_t screens,
                  const std::string& sku, const std::string& status, std::int64_t back_at) {
  arrivals.expect(sku, status);
  JsonWriter args;
  args.begin_object().member("sku", sku).member("status", status);
  if (back_at != 0) args.member("restore", "at").member("restore_at", back_at);
  args.end_object();
  const client::Reply reply = till.ask_command(client::new_token(), "stock.mark", args.text());
  if (!reply.ok) return refuse(Code::Unavailable, "the mark was not taken: " + reply.message);
  const std::vector<client::Instant> at = arrivals.wait_for(screens);
  if (at.size() != screens) {
    return refuse(Code::Unavailable, std::to_string(at.size()) + " screens of " +
                                         std::to_string(screens) + " have it");
  }
  std::cout << R"({"sku":")" << sku << R"(","status":")" << status << R"(","sent_ns":)"
            << ns_of(reply.sent) << R"(,"arrivals_ms":[)";
  for (std::size_t i = 0; i < at.size(); ++i) {
    std::cout << (i == 0 ? "" : ",") << static_cast<double>(ns_of(at[i]) - ns_of(reply.sent)) / 1e6;
  }
  std::cout << "]}" << std::endl;
  return {};
}

Result<void> obey(client::Client& till, Arrivals& arrivals, std::size_t screens) {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string sku, status;
    std::int64_t back_at = 0;
    words >> sku >> status >> back_at;
    if (sku != "unseen") {
      Result<void> marked = mark(till, arrivals, screens, sku, status, back_at);
      if (!marked) return marked;
      continue;
    }
    const client::Reply reply = till.ask("stock.unseen", "{}");
    if (!reply.ok) return refuse(Code::Unavailable, "stock.unseen: " + reply.message);
    std::cout << client::to_text(reply.result) << std::endl;
  }
  return {};
}

}  // namespace

Result<void> watch_sold_out(const PlayOptions& options) {
  client::Network network;
  Arrivals arrivals;
  client::Client admin(network, options_for(options, options.admin_token));
  admin.start();
  const Result<client::Hello> ready = admin.wait_ready();
  if (!ready) return pass_on(ready);
  Crew crew(admin, options.prefix);
  const std::size_t kitchens = options.screens / (kKiosksToOneKitchen + 1);
  const auto kiosks = crew.add("screen", "kiosk", options.screens - kitchens);
  if (!kiosks) return pass_on(kiosks);
  const auto displays = crew.add("display", "kds", kitchens);
  if (!displays) return pass_on(displays);
  const auto tills = crew.add("till", "till", 1);
  if (!tills) return pass_on(tills);
  Wall wall(network, options, arrivals);
  Result<void> done = wall.add(*kiosks, "menu");
  if (done) done = wall.add(*displays, "stock");
  client::Client till(network, options_for(options, tills->front()));
  till.start();
  const Result<client::Hello> till_ready = till.wait_ready();
  if (done && !till_ready) done = pass_on(till_ready);
  if (done) {
    std::cout << "ready" << std::endl;
    done = obey(till, arrivals, wall.size());
  }
  wall.clear();
  if (!options.keep_devices) crew.revoke_all();
  return done;
}

}  // namespace larder::replay
