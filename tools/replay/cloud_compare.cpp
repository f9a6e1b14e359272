#include "tools/replay/cloud_compare.hpp"

#include <map>
#include <set>
#include <thread>

#include "tools/client/client.hpp"
#include "tools/client/fields.hpp"
#include "tools/client/http.hpp"

namespace larder::replay {
namespace {

using client::number_of;
using client::text_of;

constexpr auto kAskEvery = std::chrono::milliseconds(100);

// HQ's API of one store.
class RelayDesk {
 public:
  RelayDesk(const CloudOptions& options, std::string store)
      : options_(options), store_(std::move(store)) {}

  // The `data` of an answer.
  Result<Json> get(const std::string& rest) const {
    client::HttpRequest request;
    request.host = options_.relay.host;
    request.port = options_.relay.port;
    request.target = "/api/v1/hq/stores/" + store_ + rest;
    request.headers.emplace_back("Authorization", "Bearer " + options_.token);
    const auto answer = client::ask_http(request);
    if (!answer) return pass_on(answer);
    if (answer->status == 404) return refuse(Code::NotFound, "the relay does not know " + store_);
    auto json = parse_json(answer->body, client::kHubJson);
    const Json* data = json ? json->find("data") : nullptr;
    if (answer->status != 200 || data == nullptr) {
      return refuse(Code::Unavailable, "the relay answered " + std::to_string(answer->status) +
                                           " to " + request.target + ": " + answer->body);
    }
    return *data;
  }

  // Until the relay has `head`, or patience is over: what it has.
  Result<Seq> wait_for(Seq head) const {
    const auto give_up = std::chrono::steady_clock::now() + options_.patience;
    for (;;) {
      const auto store = get("");
      if (!store && store.error().code() != Code::NotFound) return pass_on(store);
      const Json* view = store ? store->find("store") : nullptr;
      const Seq up_to = view == nullptr ? 0 : static_cast<Seq>(number_of(*view, "up_to"));
      if (up_to >= head || std::chrono::steady_clock::now() > give_up) return up_to;
      std::this_thread::sleep_for(kAskEvery);
    }
  }

 private:
  const CloudOptions& options_;
  std::string store_;
};

// The relay's own sentences; they name the events.
Result<void> compare_days(const RelayDesk& desk, const Books& books, CloudFindings& found) {
  std::map<std::int64_t, std::int64_t> orders_of_day;
  for (const auto& [id, booked] : books.orders) ++orders_of_day[number_of(booked.order, "day")];
  for (const auto& [day, orders] : orders_of_day) {
    const std::string name = "day " + std::to_string(day);
    const auto statement = desk.get("/statement?day=" + std::to_string(day));
    if (!statement) return pass_on(statement);
    ++found.days;
    for (const Json& sentence : client::list_of(*statement, "differences")) {
      const std::string* text = sentence.as<std::string>();
      if (text != nullptr) found.differences.push_back({"", name + ": " + *text});
    }
    if (!client::flag_of(*statement, "equal")) {
      found.differences.push_back({"", name + ": the relay's statement says the books differ"});
    }
    const Json* relay = statement->find("relay");
    const std::int64_t there = relay == nullptr ? -1 : number_of(*relay, "orders");
    if (there != orders) {
      found.differences.push_back({"", name + ": the relay has " + std::to_string(there) +
                                           " orders, the journal " + std::to_string(orders)});
    }
  }
  return {};
}

Result<void> compare_orders(const RelayDesk& desk, const Books& books, CloudFindings& found) {
  const auto last = desk.get("/orders?limit=50");
  if (!last) return pass_on(last);
  const JsonArray* rows = last->as<JsonArray>();
  if (rows == nullptr) rows = &client::list_of(*last, "items");
  std::set<std::string> seen;
  for (const Json& row : *rows) {
    const std::string id = text_of(row, "order");
    if (!seen.insert(id).second) found.differences.push_back({id, "is twice at the relay"});
    const auto booked = books.orders.find(id);
    if (booked == books.orders.end()) {
      found.differences.push_back({id, "is at the relay, but not in the journal"});
    } else if (number_of(row, "total_minor") != number_of(booked->second.order, "total")) {
      found.differences.push_back({id, "has another total at the relay"});
    }
  }
  if (rows->size() < std::min<std::size_t>(50, books.orders.size())) {
    found.differences.push_back(
        {"", "the relay shows " + std::to_string(rows->size()) + " of its last orders, too few"});
  }
  return {};
}

Result<void> compare_stock(const RelayDesk& desk, const JsonArray& levels, CloudFindings& found) {
  const auto stock = desk.get("/stock");
  if (!stock) return pass_on(stock);
  const JsonArray* rows = stock->as<JsonArray>();
  if (rows == nullptr) rows = &client::list_of(*stock, "items");
  std::map<std::string, const Json*> by_sku;
  for (const Json& row : *rows) by_sku[text_of(row, "sku")] = &row;
  for (const Json& level : levels) {
    const std::string sku = text_of(level, "sku");
    ++found.skus;
    const auto there = by_sku.find(sku);
    if (there == by_sku.end()) {
      found.differences.push_back({"", "the relay has no stock of " + sku});
      continue;
    }
    const Json& row = *there->second;
    const bool limited = text_of(level, "type") == "limited";
    if (text_of(row, "type") != text_of(level, "type") ||
        text_of(row, "status") != text_of(level, "status") ||
        client::tenths_of(row, "held") != client::tenths_of(level, "held") ||
        (limited && client::tenths_of(row, "available") != client::tenths_of(level, "available"))) {
      found.differences.push_back({"", "the stock of " + sku + " at the relay is " +
                                           client::to_text(row) + ", at the hub " +
                                           client::to_text(level)});
    }
  }
  return {};
}

}  // namespace

Result<CloudFindings> compare_cloud(const PlayOptions& hub, const CloudOptions& relay) {
  client::Network network;
  client::ClientOptions options;
  options.host = hub.hub.host;
  options.port = hub.hub.port;
  options.token = hub.admin_token;
  options.name = "larder-replay";
  client::Client admin(network, options);
  admin.start();
  const Result<client::Hello> hello = admin.wait_ready();
  if (!hello) return pass_on(hello);
  Result<Books> books = read_books(admin, [](Seq, Seq) {});
  if (!books) return pass_on(books);
  const client::Reply levels = admin.ask("stock.list", "{}");
  if (!levels.ok) return refuse(ctl::code_of(levels.code), levels.message);

  CloudFindings found;
  found.head = books->head;
  found.orders = books->orders.size();
  found.differences = books->differences;
  const RelayDesk desk(relay, hello->store);
  const Result<Seq> up_to = desk.wait_for(books->head);
  if (!up_to) return pass_on(up_to);
  if (*up_to < books->head) {
    found.differences.push_back({"", "the relay has the events up to " + std::to_string(*up_to) +
                                         ", the hub's journal up to " +
                                         std::to_string(books->head)});
    return found;
  }
  Result<void> done = compare_days(desk, *books, found);
  if (done) done = compare_orders(desk, *books, found);
  if (done) done = compare_stock(desk, client::list_of(levels.result, "stock"), found);
  if (!done) return pass_on(done);
  return found;
}

}  // namespace larder::replay
