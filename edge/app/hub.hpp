// Hub: owner of the Ledger and of the order in which things happen.
// received -> decode -> submit -> decide -> apply -> batch -> commit -> publish, reply. Nothing
// leaves before its commit. Life: on the network thread from main() to shutdown; not thread-safe.
// The writer thread sees only sealed groups. Limits: kInFlightCommandsMax commands between submit
// and reply (then Overloaded), kBatchCommandsMax in a group, kBehindLookUpMax of one device while
// the journal is asked for an id of its (then Busy).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/ledger/ledger.hpp"
#include "edge/app/answers.hpp"
#include "edge/app/batch.hpp"
#include "edge/app/cloud_gate.hpp"
#include "edge/app/gate.hpp"
#include "edge/app/ports.hpp"
#include "edge/app/recent.hpp"
#include "edge/app/screens.hpp"
#include "edge/app/shown.hpp"
#include "edge/app/sign_ins.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/messages.hpp"
#include "lan-protocol/verbs.hpp"

namespace larder::edge {

struct HubSettings {
  StoreId store;
  HubId hub;
  std::string name;
  std::string zone;
  std::string version;
  std::string currency;  // a menu in another is refused; empty: the menu says it
  std::string accent = "#c2410c";
  int late_seconds = 300;
  int very_late_seconds = 480;
  int staff_idle_seconds = kStaffIdleSeconds;
  double commands_per_second = kCommandsPerSecond;
  double command_burst = kCommandBurst;
};

struct HubPorts {
  Clock& clock;
  Writer& writer;
  Telemetry& telemetry;
  PinCheck& pins;
  // A commit failed: the process must end. Called once.
  std::function<void(const Error&)> fatal;
};

class Hub final : public Gate, public CloudGate {
 public:
  Hub(HubSettings settings, HubPorts ports, Ledger ledger, Head head,
      std::vector<std::uint64_t> answer_keys, Room room = Room::Enough, KeptDoubt doubt = {},
      std::vector<HubId> was = {});

  // A command of the hub's own (first device, a new epoch).
  Result<void> run_own(const Command& command);
  // Once a quarter of a second: heartbeat, expired holds, the business day's turn.
  void tick();
  // No more commands; `drained` is called when everything accepted is on disk and a snapshot is
  // kept.
  void stop(std::function<void()> drained);

  const Ledger& ledger() const { return ledger_; }
  const Head& committed() const { return committed_; }

  SessionKey opened(Session& session, const std::string& address) override;
  void closed(SessionKey key) override;
  void received(SessionKey key, std::string_view text) override;
  bool is_authenticated(SessionKey key) const override;
  HttpAnswer health() override;
  HttpAnswer metrics() override;
  void import_menu(const std::string& bearer, const std::string& command_id, std::string body,
                   std::function<void(HttpAnswer)> answer) override;
  void count_refusal(std::string_view reason) override;

  // Who is told of committed events from now on and asked about the cloud; null: nobody.
  void follow(Cloud* cloud);
  Head head() const override { return committed_; }
  Seq words_applied() const override { return words_committed_; }
  void read_events(Seq after, std::size_t limit,
                   std::function<void(Result<std::vector<StoredEvent>>)> got) override;
  void keep_acked(Seq acked) override;
  void take_words(std::vector<NumberedWord> words, std::function<void(Seq)> taken) override;
  void day_books(BusinessDay day, std::function<void(Result<DayBooks>)> got) override;
  void stock_books(const SkuId& after, const std::vector<SkuId>& skus,
                   std::function<void(StockBooks)> got) override;
  void event_hashes(Seq from, Seq to,
                    std::function<void(Result<std::vector<std::string>>)> got) override;

  // hub_recovery.cpp
  RecoveryView recovery() const override;
  void doubt(const KeptDoubt& raised) override;
  void import_events(std::vector<StoredEvent> events,
                     std::function<void(Result<Seq>)> done) override;
  void settle_doubt(Epoch above, const std::string& reason, bool is_unverified) override;

 private:
  using Reply = std::function<void(Bytes)>;
  struct Submission {
    Asker asker;
    CommandId id;
    std::string_view verb;
    Command command;
    Digest body{};
    Reply reply;
  };

  // Commands (hub.cpp).
  void submit(Submission submission);
  void take_up(Submission submission);
  void look_up(Submission submission);
  void submit_waiting(const DeviceId& device);
  bool is_revoked(const DeviceId& device) const;
  void submit_new(Submission submission);
  void answer_again(const StoredAnswer& answer, const Submission& submission);
  void keep_answer(const Submission& submission, Bytes reply, Batch& batch);
  void refuse(const Submission& submission, const Error& error);
  void turn_back(const Submission& submission, const Error& error);
  Seq record(const std::vector<Event>& events, const CommandId& command, const Asker& asker,
             const Now& now, Batch& batch);
  void put_in(StoredEvent stored, const Event& event, Batch& batch);
  Now now_in_books();
  void read_local_time(Command& command, const Now& now);

  // The pipeline (hub_pipeline.cpp).
  Batch& open_batch();
  void when_committed(std::function<void()> release);
  void pump();
  void commit_front();
  void release(Batch& batch);
  void on_committed(Result<Room> outcome, Duration now);
  void add_snapshot(Batch& batch);
  void obey(const Event& event);

  // HQ's words (hub_words.cpp) and the statement (hub_cloud.cpp).
  bool take_word(const NumberedWord& numbered);
  void tell_unsettled(const Command& command, const Error& why);
  Result<Command> command_of(const NumberedWord& numbered, const Now& now) const;
  void keep_word(const Word& word, Batch& batch);
  void state_books(SessionKey key, const std::string& id, BusinessDay day);

  // Recovery (hub_recovery.cpp).
  Result<void> may_while_in_doubt(const Command& command) const;
  void keep_doubt();
  void hear_witness(const ClientMessage::Witness& witness);
  void compare_earlier(const ClientMessage::Witness& witness);
  void tell_loss(Epoch epoch, Seq seq, Seq end);
  void tell_fork(Epoch epoch, Seq seq);
  void look_at_screens(Duration now);
  Result<std::vector<StampedEvent>> readable(const std::vector<StoredEvent>& events) const;
  void keep_imported_answer(const StampedEvent& stamped, const StoredEvent& event, Batch& batch);
  void begin_anew(const std::string& reason, bool is_unverified);
  void rise_above_doubt();
  void end_doubt();
  RecoveryNotice recovery_notice() const;

  // What the disk can take (hub_room.cpp).
  Result<void> may_begin(const Command& command) const;
  void found_room(Room room);
  void look_for_room(Duration now);

  // Conversations (hub_sessions.cpp).
  void beat();
  void converse(SessionKey key, const ClientMessage& message);
  void greet(SessionKey key);
  void authenticate(SessionKey key, const ClientMessage& message);
  void take_command(SessionKey key, const ClientMessage& message);
  void subscribe(SessionKey key, const ClientMessage& message);
  void resume(SessionKey key, const std::string& id, Topic topic, Seq since);
  void send_snapshot(SessionKey key, const std::string& id, Topic topic);
  void unreadable(SessionKey key, std::string_view text, const Error& error);
  void send_refusal(SessionKey key, std::string_view id, const Error& error);
  const Device* device_of_token(std::string_view token) const;

  // Staff (hub_staff.cpp).
  void sign_in(SessionKey key, const ClientMessage& message);
  void end_sign_in(SessionKey key, const DeviceId& device, const std::string& id, const Staff& who,
                   bool is_right);
  void sign_out(SessionKey key, const ClientMessage& message);
  void sign_out_idle();
  void staff_changed(const StaffId& staff);
  void tell_staff(const DeviceId& device, std::string_view reason);
  StaffId staff_of(const Screen& screen) const;

  // Who has shown what, and what runs low (hub_shown.cpp).
  void watch_stock(const Event& event, TimePoint at, Batch& batch);
  void take_seen(SessionKey key, const ClientMessage& message);
  void watch_channels(const Movement& movement, bool was_sellable, SoldOutChange change,
                      Batch& batch);
  void tell_changed(const SoldOutChange& change, Batch& batch);
  void tell_unseen();

  // Queries (hub_queries.cpp).
  void take_query(SessionKey key, const ClientMessage& message);
  Result<std::string> look_up(const Screen& screen, Query query, const QueryArgs& args);
  void read_journal(SessionKey key, const std::string& id, const QueryArgs& args);
  void back_up(SessionKey key, const std::string& id, const QueryArgs& args);
  void continue_backup(SessionKey key, const std::string& id);
  std::string status() const;
  void write_losses(JsonWriter& out) const;
  void write_unsettled(JsonWriter& out) const;

  HubSettings settings_;
  HubPorts ports_;
  Ledger ledger_;   // everything decided, committed or not
  Head decided_;    // head of ledger_
  Head committed_;  // head of the disk
  Answers answers_;
  Screens screens_;
  Shown shown_;
  SignIns sign_ins_;
  RecentEvents recent_;
  std::array<Seq, kTopics> last_decided_{};    // per topic
  std::array<Seq, kTopics> last_committed_{};  // per topic
  std::deque<Batch> batches_;                  // front: on its way to the disk when committing_
  bool committing_ = false;
  Duration commit_started_;
  std::size_t in_flight_ = 0;
  // By device whose command is looked up in the journal: what it has sent since.
  std::unordered_map<DeviceId, std::deque<Submission>> behind_look_up_;
  std::size_t waiting_ = 0;  // in all of behind_look_up_
  std::unordered_map<DeviceId, Pace> paces_;
  Seq snapshot_seq_ = 0;
  Duration last_heartbeat_;
  KeptDoubt doubt_;  // on: recovery
  std::vector<HubId> was_;
  TimePoint doubt_since_;
  bool screens_agree_ = false;
  // What a screen has seen of an epoch that ended here without it.
  struct SeenLoss {
    Seq seen = 0;
    Seq end = 0;  // what is here of that epoch
    TimePoint told_at;
  };
  std::map<Epoch, SeenLoss> losses_;  // since this start
  // What the relay told of a lease that is not open here: sold from rights that nobody here knows.
  struct Unsettled {
    SettleLease told;
    std::string why;
    TimePoint at;
  };
  std::deque<Unsettled> unsettled_;           // the newest, since this start
  std::optional<Duration> cloud_lost_since_;  // while in doubt
  Room room_ = Room::Enough;
  Duration next_look_;  // for room, on a full disk
  Cloud* cloud_ = nullptr;
  Seq words_committed_ = 0;
  bool stopping_ = false;
  bool failed_ = false;
  std::function<void()> drained_;
};

}  // namespace larder::edge
