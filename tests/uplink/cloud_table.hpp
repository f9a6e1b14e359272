// A cloud to lay the uplink on: a journal with a hub's gate in front of it, a link that loses,
// doubles, reorders and forgets as it is told, and a relay that keeps the rules of UPLINK.md and
// says which of them were broken.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "edge/uplink/backoff.hpp"
#include "edge/uplink/uplink.hpp"
#include "lan-protocol/envelope.hpp"
#include "tests/support/fakes.hpp"

namespace larder::edge {

// The hub's side: a journal, read when the writer is stepped.
class JournalGate final : public CloudGate {
 public:
  Head head() const override { return head_; }
  Seq words_applied() const override { return words; }
  void read_events(Seq after, std::size_t limit,
                   std::function<void(Result<std::vector<StoredEvent>>)> got) override;
  void keep_acked(Seq acked) override { kept.push_back(acked); }
  void take_words(std::vector<NumberedWord> taken, std::function<void(Seq)> done) override;
  void day_books(BusinessDay day, std::function<void(Result<DayBooks>)> got) override;
  void stock_books(const SkuId& after, const std::vector<SkuId>& skus,
                   std::function<void(StockBooks)> got) override;
  void event_hashes(Seq from, Seq to,
                    std::function<void(Result<std::vector<std::string>>)> got) override;
  RecoveryView recovery() const override { return RecoveryView{doubted, was, false}; }
  void doubt(const KeptDoubt& raised) override {
    doubted = raised;
    doubts.push_back(raised);
  }
  void import_events(std::vector<StoredEvent> lost, std::function<void(Result<Seq>)> done) override;
  void settle_doubt(Epoch above, const std::string& reason, bool is_unverified) override;

  // Commits `count` events of `bytes` each in one group.
  std::vector<StoredEvent> commit(std::size_t count, std::size_t bytes = 0, TimePoint at = {});
  void begin_epoch(Epoch epoch) { epoch_ = epoch; }
  // As a restored backup would: what came later is gone.
  void roll_back_to(Seq seq);
  // Events up to here are in the journal no more.
  void let_go(Seq up_to) { gone_ = up_to; }
  void settle();

  KeptDoubt doubted;
  std::vector<HubId> was;
  std::vector<KeptDoubt> doubts;  // as they were raised
  std::string settled;            // why the new epoch began
  bool is_unverified = false;
  std::vector<Seq> kept;
  std::vector<NumberedWord> taken_words;
  Seq words = 0;
  std::size_t reads = 0;
  std::size_t largest_read = 0;
  std::vector<StoredEvent> events;

 private:
  Epoch epoch_ = 1;
  Head head_;
  Seq gone_ = 0;
  std::deque<std::function<void()>> jobs_;
};

// A broker between two sides that can be made as bad as the world is.
class BadLink final : public Link {
 public:
  void start(LinkWatcher& watcher) override { watcher_ = &watcher; }
  bool publish(Outgoing message) override;
  void stop(Outgoing last) override { said_goodbye.push_back(std::move(last)); }

  void come_up();
  void go_down(const std::string& why = "cut");
  // The broker takes what was published: the window moves, and the messages are handed on.
  std::vector<Outgoing> take();
  void bring(const std::string& topic, const std::string& payload) {
    if (is_up && watcher_ != nullptr) watcher_->arrived(topic, payload);
  }

  bool is_up = false;
  std::size_t window = 16;
  std::vector<Outgoing> said_goodbye;
  std::size_t most_in_flight = 0;
  std::function<void(std::vector<Outgoing>&)> spoil = [](auto&) {};  // between broker and relay

 private:
  LinkWatcher* watcher_ = nullptr;
  std::vector<Outgoing> in_flight_;
};

// The relay, by the book.
class BookishRelay {
 public:
  struct Kept {
    Epoch epoch = 0;
    Seq seq = 0;
    std::string data;
  };
  struct Batch {
    Epoch epoch = 0;
    Seq first = 0, last = 0;
    bool is_catch_up = false, is_last = false;
  };

  // What the hub sent; the answers are collected in `answers`.
  void arrived(const Outgoing& message);

  std::uint16_t credit = 8;
  Ack::State state = Ack::State::Ok;
  std::string reason;
  HubId keeper;  // said in every Ack
  bool is_mute = false;
  Epoch epoch = 0;
  std::vector<Kept> log;  // gap-free
  Sha256 head{};
  std::vector<Hello> hellos;
  std::vector<Batch> batches;  // all that came, taken or not
  std::vector<Presence> presences;
  std::vector<std::string> breaches;  // rules that the hub broke
  std::vector<std::string> tells;
  std::vector<Seq> words_acked;
  std::vector<std::string> answers;  // acks, as JSON
  Seq up_to() const { return log.size(); }
  // As after a restored backup of the relay.
  void roll_back_to(Seq seq);
  void answer();

 private:
  void take(const Envelope& envelope);
  bool may_send_ = false;
  std::vector<Sha256> hashes_;
};

class CloudTable {
 public:
  CloudTable();
  // Link up, hello, answer.
  void connect();
  // What is under way goes where it goes, until nothing more moves. Time stands.
  void settle();
  // Time passes in steps of 10 ms, and everything moves.
  void pass(Duration time);
  std::vector<StoredEvent> commit(std::size_t count, std::size_t bytes = 0);
  void make(Seq acked);
  void ack(Seq up_to);

  FakeClock clock;
  QuietTelemetry telemetry;
  JournalGate gate;
  BadLink link;
  BookishRelay relay;
  double chance = 0.5;
  std::unique_ptr<Uplink> uplink;
  const StoreId store{"s1"};
};

}  // namespace larder::edge
