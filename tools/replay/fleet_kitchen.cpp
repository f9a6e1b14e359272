// What the kitchen screens of a Fleet see, and the cooks who finish it.
#include "tools/client/fields.hpp"
#include "tools/replay/fleet.hpp"

namespace larder::replay {

void Fleet::follow_kitchen(std::size_t screen) {
  client::Follower follower;
  follower.on_snapshot = [this, screen](const client::TopicSnapshot& snapshot) {
    for (const Json& order : client::list_of(*snapshot.view, "orders")) {
      const std::string id = client::text_of(order, "order");
      const bool fresh = shown_[screen].insert(id).second;
      if (!fresh || screen != 0 || cooks_.empty()) continue;
      if (plan_.by_order.contains(id))
        finish(order);
      else
        unclaimed_[id] = order;  // somebody else's, or ours and the answer is still on its way
    }
  };
  follower.on_event = [this, screen](const client::TopicEvent& event) {
    if (event.name != "order.accepted") return;
    shown(screen, client::text_of(*event.body, "order"), &event);
    const bool ours = plan_.by_command.contains(std::string(event.command));
    if (screen == 0 && ours) finish(*event.body);
  };
  kitchen_[screen]->subscribe("kitchen", std::move(follower));
}

void Fleet::shown(std::size_t screen, const std::string& order, const client::TopicEvent* event) {
  const bool fresh = shown_[screen].insert(order).second;
  if (!fresh)
    fail("order " + order + " came twice to kitchen screen " + std::to_string(screen + 1));
  if (screen != 0) return;
  const auto found = plan_.by_command.find(std::string(event->command));
  if (found == plan_.by_command.end()) return;
  Sale& sale = plan_.sales[found->second];
  if (sale.was_shown) return;
  sale.was_shown = true;
  sale.shown = event->received;
  ++progress_.shown;
}

// Every ticket of the order bumped, one after another, then the order handed over. `shown` is what
// the kitchen screen was told of it: by an event, or by a snapshot after a crash.
void Fleet::finish(const Json& shown) {
  const std::string order = client::text_of(shown, "order");
  if (cooks_.empty() || !in_hand_.insert(order).second) return;
  auto work = std::make_shared<Work>();
  work->order = order;
  work->command = plan_.run + "-" + order;
  work->cook = in_hand_.size() % cooks_.size();
  for (const Json& ticket : client::list_of(shown, "tickets"))
    if (!client::flag_of(ticket, "bumped"))
      work->stations.push_back(client::text_of(ticket, "station"));
  ++finishing_;
  finish_step(work);
}

void Fleet::finish_step(const std::shared_ptr<Work>& work) {
  const bool serves = work->step == work->stations.size();
  JsonWriter args;
  args.begin_object().member("order", work->order);
  if (!serves) args.member("station", work->stations[work->step]);
  args.end_object();
  const std::string id = work->command + "-f" + std::to_string(work->step++);
  cooks_[work->cook]->command(
      id, serves ? "order.serve" : "ticket.bump", args.text(),
      [this, work, serves](const client::Reply& reply) {
        if (closing_) return;
        if (reply.ok && !serves) return finish_step(work);
        --finishing_;
        if (!reply.ok) fail("order " + work->order + " was not finished: " + reply.message);
      });
}

}  // namespace larder::replay
