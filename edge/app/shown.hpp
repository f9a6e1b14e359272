// Shown: which screen has shown which change of what can be sold. The hub tells every screen; only
// the screen knows when a person can read it, and says so (`seen`, PROTOCOL.md section 12).
// Life: with the Hub, on the network thread; in memory only, a restart begins anew. Limits: the
// latest change of each SKU and channel, kUnseenChangesMax of them; one entry for each device.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/ledger/device.hpp"
#include "edge/app/gate.hpp"
#include "lan-protocol/messages.hpp"
#include "lan-protocol/topics.hpp"

namespace larder::edge {

// Something ran out, or is back: by hand or by quantity, everywhere or on one channel.
struct SoldOutChange {
  SkuId sku;
  bool is_sold_out = false;
  Seq seq = 0;
  TimePoint at;
  ChannelCode channel = {};  // empty: everywhere
};

class Shown {
 public:
  // A screen signed in; the connection it had before counts no more.
  void joined(SessionKey key, const Device& device, Now now);
  void left(SessionKey key, Now now);
  void forget(const DeviceId& device);
  void follows(SessionKey key, TopicSet topics);
  // What it shows is whole up to there.
  void seen(SessionKey key, Topic topic, Seq seq);
  // Is on disk, and on its way to the screens.
  void changed(const SoldOutChange& change, Duration steady);

  // Every change that somebody still waits for, the newest first.
  std::vector<UnseenChange> unseen(BusinessDay today) const;
  // What the tills are told: what is sold out since more than kUnseenPatienceSeconds, and the
  // screens that speak and have not shown it. Empty when that is what they were told last.
  std::optional<std::string> news(Duration steady, BusinessDay today);
  // What they were told last; empty when it was nothing.
  const std::string& last_news() const { return last_news_; }

 private:
  struct Entry {
    DeviceId device;
    std::string name;
    Role role = Role::Kiosk;
    SessionKey session = 0;  // 0: away
    TimePoint since;         // connected or away
    BusinessDay day;         // on which it was last connected
    TopicSet topics = 0;     // of those in question
    bool speaks = false;     // it has said `seen` on this connection
    std::array<Seq, kTopics> shown{};
  };
  struct Change {
    SoldOutChange what;
    Duration told;
  };

  Entry* of(SessionKey key);
  bool has_shown(const Entry& entry, Seq seq) const;
  std::vector<UnseenScreen> waiting_for(const Change& change, BusinessDay today) const;

  std::map<DeviceId, Entry> entries_;
  std::unordered_map<SessionKey, DeviceId> sessions_;
  std::deque<Change> changes_;  // the newest last
  std::string last_news_;
};

}  // namespace larder::edge
