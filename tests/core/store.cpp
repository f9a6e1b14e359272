#include "tests/core/store.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "core/ledger/snapshot.hpp"

namespace larder::test {
namespace {

Sku sku(const std::string& id, std::int64_t price, const std::string& variant = "") {
  return {SkuId(id), Text{variant, ""}, Money::minor(price)};
}

Item item(const std::string& id, const std::string& name, const std::string& station,
          std::vector<Sku> skus) {
  Item made;
  made.id = ItemId(id);
  made.category = CategoryId("food");
  made.name = Text{name, ""};
  made.station = StationId(station);
  made.skus = std::move(skus);
  return made;
}

OptionGroup bread() {
  OptionGroup group;
  group.id = GroupId("bread");
  group.name = Text{"Bread", "面包"};
  group.options = {
      {OptionId("rye"), Text{"Rye", "黑麦"}, Money::minor(50), SkuId("loaf")},
      {OptionId("white"), Text{"White", ""}, Money::minor(0), SkuId()},
  };
  return group;
}

OptionGroup doneness() {
  OptionGroup group;
  group.id = GroupId("doneness");
  group.name = Text{"Doneness", ""};
  group.min_choices = 1;
  group.options = {
      {OptionId("rare"), Text{"Rare", ""}, Money(), SkuId()},
      {OptionId("done"), Text{"Well done", ""}, Money(), SkuId()},
  };
  return group;
}

Item meal_item() {
  Item combo = item("meal", "Meal", "grill", {sku("meal", 1300)});
  combo.option_groups = {GroupId("bread")};
  combo.parts = {
      {PartId("main"),
       Text{"Main", ""},
       {{SkuId("burger-s"), Money()}, {SkuId("burger-l"), Money::minor(200)}}},
      {PartId("drink"),
       Text{"Drink", ""},
       {{SkuId("cola"), Money()}, {SkuId("bottle"), Money::minor(-50)}}},
  };
  return combo;
}

}  // namespace

Menu sample_menu() {
  Menu menu;
  menu.currency = *Currency::parse("EUR");
  menu.stations = {{StationId("grill"), Text{"Grill", "烤架"}},
                   {StationId("bar"), Text{"Bar", ""}}};
  menu.categories = {{CategoryId("food"), Text{"Food", "食物"}}};
  menu.option_groups = {bread(), doneness()};
  Item soup = item("soup", "Soup of the day", "grill", {sku("soup", 590)});
  soup.name.zh = "汤";
  soup.option_groups = {GroupId("bread")};
  Item burger = item("burger", "Burger", "grill",
                     {sku("burger-s", 900, "small"), sku("burger-l", 1100, "large")});
  burger.option_groups = {GroupId("doneness")};
  Item loaf = item("loaf", "Loaf", "bar", {sku("loaf", 100)});
  loaf.channels.bits = 0;
  Item wine = item("wine", "Wine", "bar", {sku("wine", 700)});
  wine.channels.bits = 1U << static_cast<unsigned>(Channel::Pos);
  menu.items = {soup,
                burger,
                item("cola", "Cola", "bar", {sku("cola", 250)}),
                item("bottle", "Bottle of water", "", {sku("bottle", 200)}),
                loaf,
                wine,
                meal_item()};
  return menu;
}

Catalog sample_catalog() { return *Catalog::build(sample_menu()); }

LineRequest line(const std::string& sku, std::int32_t count) {
  LineRequest request;
  request.sku = SkuId(sku);
  request.quantity = Quantity::units(count);
  return request;
}

LineRequest burger(const std::string& sku, const std::string& doneness) {
  LineRequest request = line(sku);
  request.options = {{GroupId("doneness"), OptionId(doneness)}};
  return request;
}

LineRequest meal(const std::string& main, const std::string& drink) {
  LineRequest request = line("meal");
  request.parts = {{PartId("main"), SkuId(main)}, {PartId("drink"), SkuId(drink)}};
  return request;
}

const std::string kPinHash =
    "$argon2id$v=19$m=19456,t=2,p=1$" + std::string(22, 's') + "$" + std::string(43, 'h');

Payment card(std::int64_t amount) { return {Tender::Card, Money::minor(amount), "sim-1"}; }
Payment cash(std::int64_t amount) { return {Tender::Cash, Money::minor(amount), ""}; }
Quantity units(std::int32_t count) { return Quantity::units(count); }

Store::Store() {
  now = {TimePoint{1'795'254'300'000'000}, BusinessDay{20261121}};
  must(hub, BeginEpoch{"first start"});
  must(admin, ImportMenu{sample_menu()});
}

Result<Outcome> Store::run(const Asker& asker, const Command& command) {
  const std::string before = to_snapshot(ledger);
  const Result<Decision> decision = decide(ledger, asker, command, now);
  EXPECT_EQ(to_snapshot(ledger), before) << "decide() changed the books";
  if (!decision) {
    EXPECT_FALSE(decision.error().message().empty());
    return pass_on(decision);
  }
  last_first_ = journal.size();
  for (const Event& event : decision->events) {
    apply(ledger, event, now.at, asker.staff);
    journal.push_back({event, now.at, asker.staff});
  }
  EXPECT_EQ(ledger.seq, journal.size());
  return decision->outcome;
}

Outcome Store::must(const Asker& asker, const Command& command) {
  const Result<Outcome> outcome = run(asker, command);
  if (!outcome) throw std::runtime_error("refused: " + outcome.error().message());
  return *outcome;
}

Code Store::refused(const Asker& asker, const Command& command) {
  const Result<Outcome> outcome = run(asker, command);
  if (outcome) throw std::runtime_error("accepted: " + story(last_events()));
  return outcome.error().code();
}

void Store::count(const std::string& sku, std::int32_t available) {
  must(till, CountStock{SkuId(sku), Quantity::units(available), std::nullopt});
}

std::vector<Event> Store::last_events() const {
  std::vector<Event> events;
  for (std::size_t i = last_first_; i < journal.size(); ++i) events.push_back(journal[i].event);
  return events;
}

PlaceOrder takeaway(std::vector<LineRequest> lines) {
  PlaceOrder command;
  command.lines = std::move(lines);
  return command;
}

PlaceOrder paid_by_card(std::vector<LineRequest> lines, std::int64_t total) {
  PlaceOrder command = takeaway(std::move(lines));
  command.payment = card(total);
  return command;
}

PlaceOrder fired_at_table(std::vector<LineRequest> lines, const std::string& table) {
  PlaceOrder command = takeaway(std::move(lines));
  command.service = Service::DineIn;
  command.table = table;
  command.fire = true;
  return command;
}

std::string story(const std::vector<Event>& events) {
  static constexpr const char* kNames[] = {
      "EpochBegun",    "DayOpened",     "MenuImported",    "DeviceAdded",     "DeviceRevoked",
      "StockChanged",  "HoldLocked",    "HoldMoved",       "HoldConfirmed",   "HoldReleased",
      "OrderPlaced",   "OrderPaid",     "OrderAccepted",   "OrderServed",     "OrderCancelled",
      "OrderVoided",   "TicketChanged", "OrderDiscounted", "OrderLineVoided", "StaffAdded",
      "StaffRemoved",  "DayClosed",     "WordTaken",       "LeaseGranted",    "LeaseSettled",
      "LeaseRecalled", "StockOversold", "OversellResolved"};
  static_assert(std::size(kNames) == std::variant_size_v<Event>);
  std::string text;
  for (const Event& event : events) {
    text += (text.empty() ? "" : " ") + std::string(kNames[event.index()]);
  }
  return text;
}

Ledger replay(const std::vector<Entry>& journal, Ledger from) {
  for (const Entry& entry : journal) apply(from, entry.event, entry.at, entry.staff);
  return from;
}

}  // namespace larder::test
