#include <algorithm>
#include <map>

#include "core/orders/pricing.hpp"

namespace larder {
namespace {

using Tickets = std::map<StationId, Ticket>;

void put(Tickets& tickets, const StationId& station, TicketLine line) {
  if (station.empty()) return;  // nothing to cook
  Ticket& ticket = tickets[station];
  ticket.station = station;
  ticket.lines.push_back(std::move(line));
}

// The part that shows the options of its combo, so that they are cooked once: the first at the
// combo's own station, else the first that is cooked at all.
const ChosenPart* part_with_options(const OrderLine& line) {
  const auto first_where = [&line](auto&& is_right) {
    const auto found = std::find_if(line.parts.begin(), line.parts.end(), is_right);
    return found != line.parts.end() ? &*found : nullptr;
  };
  const ChosenPart* own = first_where([&line](const ChosenPart& part) {
    return !part.station.empty() && part.station == line.station;
  });
  return own != nullptr ? own
                        : first_where([](const ChosenPart& part) { return !part.station.empty(); });
}

void put_parts(Tickets& tickets, const OrderLine& line) {
  const ChosenPart* const with_options = part_with_options(line);
  for (const ChosenPart& part : line.parts) {
    TicketLine work{line.line, part.sku, part.name, line.quantity, {}, line.note, false};
    if (&part == with_options) work.options = line.options;
    put(tickets, part.station, std::move(work));
  }
}

}  // namespace

std::vector<Ticket> tickets_for(const std::vector<OrderLine>& lines) {
  Tickets by_station;
  for (const OrderLine& line : lines) {
    if (line.voided) continue;
    if (!line.parts.empty()) {
      put_parts(by_station, line);
      continue;
    }
    put(by_station, line.station,
        {line.line, line.sku, line.name, line.quantity, line.options, line.note, false});
  }
  std::vector<Ticket> tickets;
  for (auto& [station, ticket] : by_station) tickets.push_back(std::move(ticket));
  return tickets;
}

}  // namespace larder
