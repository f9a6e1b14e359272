#include "tools/replay/fleet.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tools/client/fields.hpp"

namespace larder::replay {
namespace {

using client::Instant;
using client::Link;
using std::chrono::duration;
using std::chrono::steady_clock;

constexpr auto kTick = std::chrono::milliseconds(200);

double milliseconds_between(Instant from, Instant to) {
  return duration<double, std::milli>(to - from).count();
}

client::Counters sum_of(const std::vector<std::unique_ptr<client::Client>>& clients) {
  client::Counters sum;
  for (const auto& one : clients) {
    const client::Counters counters = one->counters();
    sum.connects += counters.connects;
    sum.event_frames += counters.event_frames;
    sum.event_bytes += counters.event_bytes;
    sum.gaps += counters.gaps;
    sum.snapshots += counters.snapshots;
    sum.resumes += counters.resumes;
    sum.refused_for_now += counters.refused_for_now;
  }
  return sum;
}

}  // namespace

void Fleet::fail(std::string sentence) {
  constexpr std::size_t kFailuresMax = 1'000;
  if (failures_.size() < kFailuresMax) failures_.push_back(std::move(sentence));
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + place, values.end());
  return values[static_cast<std::size_t>(place)];
}

Fleet::Fleet(client::Network& network, Plan& plan, FleetOptions options)
    : network_(network), plan_(plan), options_(std::move(options)) {}

Fleet::~Fleet() {
  closing_ = true;
  // All at once: one by one each would wait for its own turn on the network thread.
  network_.run_and_wait([this] {
    kiosks_.clear();
    tills_.clear();
    cooks_.clear();
    life_.reset();
    kitchen_.clear();
    screens_.clear();
  });
}

Result<void> Fleet::open_all(std::vector<std::unique_ptr<client::Client>>& clients,
                             const std::vector<std::string>& tokens, const std::string& name,
                             bool reads) {
  for (const std::string& token : tokens) {
    client::ClientOptions options;
    options.host = options_.host;
    options.port = options_.port;
    options.token = token;
    options.name = name;
    options.reconnect = options_.through_crashes;
    options.read_events = reads;
    clients.push_back(std::make_unique<client::Client>(network_, options));
    const std::string what = name + " " + std::to_string(clients.size());
    clients.back()->on_link([this, what](Link link, const std::string& why) {
      if (link == Link::Stopped && !closing_) fail(what + " lost its connection: " + why);
    });
  }
  for (const auto& one : clients) one->start();
  for (const auto& one : clients) {
    const Result<client::Hello> ready = one->wait_ready(std::chrono::seconds(20));
    if (!ready) return pass_on(ready);
  }
  return {};
}

Result<void> Fleet::open() {
  Result<void> done = open_all(kiosks_, options_.kiosks, "kiosk", true);
  if (done) done = open_all(tills_, options_.tills, "till", true);
  if (done) done = open_all(cooks_, options_.cooks, "cook", true);
  if (done) done = open_all(screens_, options_.screens, "screen", false);
  if (!done) return done;
  for (const auto& screen : screens_) screen->subscribe("kitchen", {});
  // The screen that measures comes last: what it sees, the others have been sent already.
  done = open_all(kitchen_, options_.kitchen, "kitchen screen", true);
  if (!done) return done;
  shown_.resize(kitchen_.size());
  for (std::size_t i = 0; i < kitchen_.size(); ++i) follow_kitchen(i);
  const auto deadline = steady_clock::now() + std::chrono::seconds(20);
  for (const auto* group : {&kitchen_, &screens_}) {
    for (const auto& one : *group) {
      while (one->counters().snapshots == 0) {
        if (steady_clock::now() > deadline)
          return refuse(Code::Unavailable, "a kitchen screen got no snapshot within 20 s");
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    }
  }
  return {};
}

FleetOutcome Fleet::play(const std::function<void(const Progress&)>& tick) {
  begun_ = ended_ = steady_clock::now();
  network_.run_soon([this] {
    if (options_.rate > 0) return send_due();
    for (std::size_t kiosk = 0; kiosk < kiosks_.size(); ++kiosk) send_next(kiosk);
  });
  std::size_t seen = 0;
  Instant moved = steady_clock::now();
  for (;;) {
    std::this_thread::sleep_for(kTick);
    tick(progress_);
    const std::size_t now = progress_.answered + progress_.shown;
    if (now != seen) {
      seen = now;
      moved = steady_clock::now();
    }
    bool done = progress_.answered == plan_.sales.size() && finishing_ == 0;
    if (done) network_.run_and_wait([&] { done = is_everything_shown(); });
    if (done || steady_clock::now() - moved > options_.stuck_after) break;
    bool broken = false;
    network_.run_and_wait([&] { broken = !options_.through_crashes && !failures_.empty(); });
    if (broken) break;
  }
  FleetOutcome outcome;
  network_.run_and_wait([&] { collect(outcome); });
  outcome.kitchen = sum_of(kitchen_);
  outcome.screens = sum_of(screens_);
  outcome.kiosks = sum_of(kiosks_);
  return outcome;
}

// As fast as possible: a kiosk sends its next order when its last one is answered.
void Fleet::send_next(std::size_t kiosk) {
  if (options_.rate > 0 || next_ >= plan_.sales.size()) return;
  send(kiosk, next_++);
}

// At a rate: every order at its own due time, whatever became of those before it.
void Fleet::send_due() {
  if (closing_) return;
  const auto due = [this](std::size_t sale) {
    return begun_ + std::chrono::duration_cast<steady_clock::duration>(
                        duration<double>(static_cast<double>(sale) / options_.rate));
  };
  for (Instant now = steady_clock::now(); next_ < plan_.sales.size() && due(next_) <= now;
       now = steady_clock::now()) {
    late_ms_.push_back(milliseconds_between(due(next_), now));
    send(next_ % kiosks_.size(), next_);
    ++next_;
  }
  if (next_ < plan_.sales.size())
    network_.run_at(due(next_), [this, life = std::weak_ptr<int>(life_)] {
      if (life.lock()) send_due();
    });
}

void Fleet::send(std::size_t kiosk, std::size_t place) {
  Sale& sale = plan_.sales[place];
  sale.was_sent = true;
  sale.sent = steady_clock::now();
  kiosks_[kiosk]->command(
      sale.command, "order.place", sale.args,
      [this, kiosk, place](const client::Reply& reply) { placed(kiosk, place, reply); });
}

void Fleet::placed(std::size_t kiosk, std::size_t place, const client::Reply& reply) {
  if (closing_) return;
  Sale& sale = plan_.sales[place];
  sale.reply = reply;
  sale.hub_order = client::text_of(reply.result, "order");
  if (!sale.hub_order.empty()) plan_.by_order[sale.hub_order] = place;
  if (const auto found = unclaimed_.find(sale.hub_order); found != unclaimed_.end())
    finish(found->second);
  if (reply.ok && plan_.pay == Pay::Card) accepted_.insert(sale.hub_order);
  if (reply.ok && plan_.pay == Pay::Counter)
    pay(place);
  else
    over(place);
  send_next(kiosk);
}

void Fleet::pay(std::size_t place) {
  Sale& sale = plan_.sales[place];
  JsonWriter args;
  args.begin_object().member("order", sale.hub_order).key("payment").begin_object();
  args.member("tender", "cash").member("amount", sale.total).member("reference", "");
  args.end_object().end_object();
  tills_[place % tills_.size()]->command(sale.pay_command, "order.pay", args.text(),
                                         [this, place](const client::Reply& reply) {
                                           if (closing_) return;
                                           Sale& paid = plan_.sales[place];
                                           paid.pay_reply = reply;
                                           if (reply.ok) accepted_.insert(paid.hub_order);
                                           over(place);
                                         });
}

void Fleet::over(std::size_t place) {
  plan_.sales[place].is_over = true;
  ended_ = steady_clock::now();
  ++progress_.answered;
}

bool Fleet::is_everything_shown() const {
  return std::all_of(shown_.begin(), shown_.end(), [this](const std::set<std::string>& seen) {
    return std::includes(seen.begin(), seen.end(), accepted_.begin(), accepted_.end());
  });
}

void Fleet::collect(FleetOutcome& outcome) const {
  outcome.seconds = duration<double>(ended_ - begun_).count();
  outcome.failures = failures_;
  outcome.late_ms = late_ms_;
  for (const Sale& sale : plan_.sales) {
    // An order that the hub asked to wait counts from when it was sent again; one that was sent
    // again after a lost connection counts from the first time.
    const bool waited = sale.reply.retried > 0 && sale.reply.resent == 0;
    const Instant sent = waited ? sale.reply.sent : sale.sent;
    if (sale.was_sent && !sale.reply.text.empty())
      outcome.answer_ms.push_back(milliseconds_between(sent, sale.reply.received));
    if (sale.was_shown) outcome.shown_ms.push_back(milliseconds_between(sent, sale.shown));
  }
  for (std::size_t screen = 0; screen < shown_.size(); ++screen)
    for (const std::string& order : accepted_)
      if (!shown_[screen].contains(order))
        outcome.failures.push_back("order " + order + " was never shown on kitchen screen " +
                                   std::to_string(screen + 1));
}

}  // namespace larder::replay
