// What the hub knows of its screens' eyes, and whom it tells: the screens that have not shown a
// change, and the items that run low.
#include <utility>

#include "edge/app/hub.hpp"

namespace larder::edge {

namespace {

Bytes share(std::string bytes) { return std::make_shared<const std::string>(std::move(bytes)); }

std::string low_sentence(const Movement& movement, Alert alert) {
  return movement.sku.text() + " runs low: " + movement.after.available.text() + " left, the " +
         (alert == Alert::Critical ? "critical" : "warning") + " threshold is " +
         (alert == Alert::Critical ? movement.after.critical : movement.after.warning).text();
}

// Where it can be sold at all, can it be on this channel?
bool can_sell(const StockLevel& level, const ChannelCode& channel) {
  const ChannelAccount* const account = find_account(level, channel);
  if (account != nullptr && account->status == StockStatus::SoldOut) return false;
  return level.type == StockType::Unlimited || !most_for(level, channel).is_zero();
}

}  // namespace

// Of an event that was just recorded; what it means for screens counts when it is on the disk.
void Hub::watch_stock(const Event& event, TimePoint at, Batch& batch) {
  for (const Movement& movement : movements_of(event)) {
    const Alert before = alert_of(movement.before), after = alert_of(movement.after);
    if (after > before) ports_.telemetry.warn(low_sentence(movement, after));
    const bool was = is_sellable(movement.before), is = is_sellable(movement.after);
    const SoldOutChange change{movement.sku, !is, decided_.seq, at};
    if (was != is) tell_changed(change, batch);
    if (is) watch_channels(movement, was, change, batch);
  }
}

// What is on sale in the shop and not on each of its channels. What is back everywhere may still be
// out on one.
void Hub::watch_channels(const Movement& movement, bool was_sellable, SoldOutChange change,
                         Batch& batch) {
  if (movement.before.channels.empty() && movement.after.channels.empty()) return;
  for (const char* code : {"pos", "kiosk", "emenu"}) {
    change.channel = ChannelCode(code);
    const bool was = !was_sellable || can_sell(movement.before, change.channel);
    change.is_sold_out = !can_sell(movement.after, change.channel);
    if (was == change.is_sold_out) tell_changed(change, batch);
  }
}

void Hub::tell_changed(const SoldOutChange& change, Batch& batch) {
  batch.releases.push_back([this, change]() { shown_.changed(change, ports_.clock.steady()); });
}

void Hub::take_seen(SessionKey key, const ClientMessage& message) {
  const ClientMessage::Place& place = *message.since;
  if (place.epoch != committed_.epoch) return;  // of a journal that went on without it
  if (place.seq > committed_.seq) {
    ports_.telemetry.refusal(code_name(Code::BadRequest));
    screens_.send(key, share(write_error(Error(Code::BadRequest, "seq: there is no such event"))));
    return;
  }
  shown_.seen(key, message.topic, place.seq);
}

void Hub::tell_unseen() {
  const auto news = shown_.news(ports_.clock.steady(), ledger_.day);
  if (!news) return;
  const Bytes frame = share(*news);
  for (const auto& [key, screen] : screens_.all()) {
    if (screen.authenticated && screen.role == Role::Till) screens_.send(key, frame);
  }
}

}  // namespace larder::edge
