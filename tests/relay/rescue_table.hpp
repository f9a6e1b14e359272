// RescueTable: a store with 30 events at the relay, and hubs that are copies of its, restored, or
// new. The base of the tests of rescues.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "relay/app/relay_desk.hpp"
#include "tests/relay/relay_house.hpp"

namespace larder::relay {

class RescueTable : public ::testing::Test {
 protected:
  RescueTable() {
    hub->machine = "machine-a";
    hub->happen(30);
    hub->connect();
    house.settle({hub.get()});
  }
  // As its disk, copied when the journal had `events`, comes up elsewhere.
  std::unique_ptr<ScriptedHub> copy(std::size_t events, const std::string& machine,
                                    const std::string& name = "") {
    auto made = house.hub("s1");
    made->events.assign(hub->events.begin(), hub->events.begin() + static_cast<long>(events));
    made->hashes.assign(hub->hashes.begin(), hub->hashes.begin() + static_cast<long>(events));
    made->epochs.assign(hub->epochs.begin(), hub->epochs.begin() + static_cast<long>(events));
    made->machine = machine;
    made->answers_books = false;  // a hub in recovery answers nobody
    made->boot = "boot-of-" + machine + name;
    if (!name.empty()) {
      made->was = {hub->hub};
      made->hub = HubId(name);
    }
    return made;
  }
  // The hub that was there is switched off, and the broker has noticed.
  void leaves(ScriptedHub& gone) {
    house.give(gone.store, UplinkTopic::Presence, encode(Presence{false, 1, "", {}}));
  }
  RescueAnswer ask(ScriptedHub& who, const std::string& code = "") {
    who.ask_rescue(RescueQuestion::Ask::Head, code);
    house.settle({&who});
    EXPECT_FALSE(who.rescue_answers.empty());
    return who.rescue_answers.empty() ? RescueAnswer{} : who.rescue_answers.back();
  }
  // Fetches until it has all; how many messages that took.
  int fetch(ScriptedHub& who, Seq up_to) {
    int messages = 0;
    while (who.last() < up_to && messages < 100) {
      who.lost_events.clear();
      who.ask_rescue(RescueQuestion::Ask::Events);
      house.settle({&who});
      if (who.lost_events.empty()) return -1;
      ++messages;
      const auto envelope = decode_envelope(who.lost_events.back(), EnvelopeKind::Up);
      if (!envelope || envelope->first != who.last() + 1) return -1;
      for (const Record& record : envelope->records) {
        const Sha256 before = who.head();
        who.events.push_back(record.payload);
        who.epochs.push_back(envelope->epoch);
        who.hashes.push_back(chain(before, envelope->epoch, who.last(), record.payload));
      }
      EXPECT_EQ(who.head(), envelope->head);
    }
    return messages;
  }
  void begins_epoch(ScriptedHub& who, Epoch epoch) {
    who.epoch = epoch;
    who.happen(1);
    who.acked = who.last() - 1;
    who.connect();
    house.settle({&who});
  }
  // A person has looked: the hub of record goes on.
  void lets_go_on() {
    RelayDesk desk{*house.relay, RelayDesk::Ports{house.clock, house.shards, house.telemetry},
                   [] { return std::string(); }};
    desk.unfreeze(StoreId("s1"), "hq:alice", [](Result<void>) {});
    house.settle({hub.get()});
  }
  bool is_frozen() { return house.rows("s1").mark.is_frozen; }

  RelayHouse house;
  std::unique_ptr<ScriptedHub> hub = house.hub("s1");
};

}  // namespace larder::relay
