// Words: HQ's words on their way down. A word is durable in the store's shard before it is sent; at
// most kWordWindow are under way to one store, resent from the hub's words_applied + 1 on hello and
// after kWordsAgain without an answer. The hub's WordsAck moves the window; a word is done for good
// when the hub's own event about it is durable here. A word whose time is over is sent all the
// same: the hub answers `expired`, so that numbers have no gaps.
// Life: from start to shutdown. Thread: the loop. Limit: kAwaitedWordsMax that somebody waits for.
#pragma once

#include <list>
#include <set>
#include <utility>

#include "relay/app/desk.hpp"
#include "relay/app/streams.hpp"

namespace larder::relay {

class Words {
 public:
  struct Ports {
    Clock& clock;
    Shards& shards;
    Inlet& inlet;
    Telemetry& telemetry;
    Streams& streams;
  };
  explicit Words(Ports ports) : ports_(ports) {}
  Words(const Words&) = delete;
  Words& operator=(const Words&) = delete;

  // `done` when it is durable. TooLarge when no envelope could carry it.
  void issue(const NewWord& word, Done<IssuedWord> done);
  // A word that was made durable with rows of its own: it goes down from here.
  void issued(const IssuedWord& word, const StoreId& store);
  // See Desk::await_word.
  void await(const StoreId& store, Seq number, Duration patience, Done<IssuedWord> done);

  // What the hub says: at hello (its durable truth), and quickly in between.
  void hello(StoreStream& stream, Seq applied);
  void acked(StoreStream& stream, Seq applied);
  // Events about the words after `before` were committed.
  void applied(StoreStream& stream, Seq before);
  void tick();

 private:
  struct Awaited {
    StoreId store;
    Seq number = 0;
    Duration until;
    Done<IssuedWord> done;
    IssuedWord as_seen;  // answered when patience ends
    bool is_read = false;
  };
  using Waiters = std::list<Awaited>;

  void pump(StoreStream& stream);
  void fetch(StoreStream& stream);
  void fetched(const StoreId& store, Seq after, Result<std::vector<IssuedWord>> words);
  void send(StoreStream& stream);
  void send_records(const StoreStream& stream, Envelope envelope);
  void read_awaited(const StoreId& store, Seq number);
  void settle(const StoreId& store, const IssuedWord& word);

  Ports ports_;
  Waiters waiters_;
  std::set<StoreId> outstanding_;  // stores with words in the window
  Duration look_at_;
};

}  // namespace larder::relay
