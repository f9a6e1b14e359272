#include "relay/shards/differences.hpp"

#include <set>
#include <string_view>

#include "lan-protocol/names.hpp"

namespace larder::relay {
namespace {

class Sentences {
 public:
  void say(std::string_view what, const std::string& hub, const std::string& relay) {
    if (hub == relay) return;
    if (!text_.empty()) text_ += "; ";
    text_.append(what).append(" ").append(hub).append(" at the hub, ");
    text_.append(relay).append(" at the relay");
  }
  void say(std::string_view what, Quantity hub, Quantity relay) {
    say(what, hub.text(), relay.text());
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string restore_of(const StockLevel& level) {
  std::string text(wire_name(level.restore));
  if (level.restore == RestoreRule::At) text += " " + std::to_string(level.restore_at.micros);
  return text;
}

std::string account_of(const StockLevel& level, const ChannelCode& channel) {
  const ChannelAccount* account = find_account(level, channel);
  if (account == nullptr) return "nothing";
  return std::string(wire_name(account->status)) + ", " + account->sold.text() + " of " +
         account->quota.text() + ", weight " + std::to_string(account->weight);
}

}  // namespace

std::string difference_of(const StockLevel& hub, const StockLevel& relay) {
  Sentences out;
  out.say("sold", std::string(wire_name(hub.type)), std::string(wire_name(relay.type)));
  out.say("marked", std::string(wire_name(hub.status)), std::string(wire_name(relay.status)));
  out.say("available", hub.available, relay.available);
  out.say("held", hub.held, relay.held);
  out.say("handed to the relay", hub.leased, relay.leased);
  out.say("owed", hub.owed, relay.owed);
  out.say("comes back", restore_of(hub), restore_of(relay));
  out.say("plan", hub.plan, relay.plan);
  out.say("warning", hub.warning, relay.warning);
  out.say("critical", hub.critical, relay.critical);
  std::set<ChannelCode> channels;
  for (const ChannelAccount& account : hub.channels) channels.insert(account.channel);
  for (const ChannelAccount& account : relay.channels) channels.insert(account.channel);
  for (const ChannelCode& channel : channels) {
    out.say("channel " + channel.text() + ":", account_of(hub, channel),
            account_of(relay, channel));
  }
  return out.take();
}

std::string lent_difference(Quantity hub, Quantity relay) {
  return "the hub has handed over " + hub.text() + ", the leases kept here come to " + relay.text();
}

}  // namespace larder::relay
