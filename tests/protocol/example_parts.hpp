// Random values of the parts that events and commands are made of. Each draws from the generator
// that is running: only to be called inside rc::gen::exec.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "core/ledger/commands.hpp"
#include "core/ledger/events.hpp"

namespace larder::examples {

std::string some_id();

template <typename IdType>
IdType id() {
  return IdType(some_id());
}

template <typename IdType>
IdType id_or_empty() {
  return *rc::gen::arbitrary<bool>() ? id<IdType>() : IdType();
}

template <typename Enum>
Enum one_of(Enum last) {
  return static_cast<Enum>(*rc::gen::inRange(0, static_cast<int>(last) + 1));
}

template <typename Make>
auto several(Make make) {
  std::vector<decltype(make())> values;
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) values.push_back(make());
  return values;
}

std::string some_text();
bool flag();
std::uint32_t number32();
std::uint64_t number63();
TimePoint time();
LocalTime local_time();
Money money();
Quantity quantity();
Quantity line_quantity();
Text text();
OrderState order_state();
Channel channel();
Service service();
std::vector<bool> flags();
Permissions permissions();
Discount discount();
Tally tally();
TenderTally tender_tally();
DayFigures figures();
ChannelAccount account();
StockLevel level();
Movement movement();
Demand demand();
Payment payment();
Hold hold();
ChosenOption chosen_option();
ChosenPart chosen_part();
OrderLine order_line();
TicketLine ticket_line();
Ticket ticket();
Order order();
Device device();
Item item();
Menu any_menu();
LineRequest line_request();
std::vector<LineRequest> line_requests();
std::string reason();

}  // namespace larder::examples
