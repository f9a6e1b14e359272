// The ports of the hub's rules: what the hub needs from the world. Adapters live in the sister
// rooms, fakes in tests/support. Threads: Journal is called on the writer thread only, the rest on
// the network thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "edge/app/identity.hpp"
#include "lan-protocol/digest.hpp"
#include "lan-protocol/uplink.hpp"

namespace larder::edge {

using Digest = Sha256;

// Bytes that many owners share: encoded once.
using Bytes = std::shared_ptr<const std::string>;

// Where the journal stands.
struct Head {
  Epoch epoch = 0;
  Seq seq = 0;
  Digest hash{};
};

struct StoredEvent {
  Epoch epoch = 0;
  Seq seq = 0;
  Digest hash{};  // chain()
  Bytes data;     // {"at":..,"cmd":..,"by":..,"event":..,"body":..}
};

// The answer to a command, kept so that the same id gets the same bytes again.
struct StoredAnswer {
  CommandId id;
  Digest body{};  // body_digest(): SHA-256 of verb and canonical args
  TimePoint at;
  Bytes reply;
};

// What one fsync makes durable. Events are in order of seq and follow the journal's head without a
// gap.
struct Group {
  std::vector<StoredEvent> events;
  std::vector<StoredAnswer> answers;
  // Events that this store once had and has back: they keep their epochs and numbers.
  bool is_import = false;
};

struct Snapshot {
  Epoch epoch = 0;
  Seq seq = 0;
  Digest hash{};       // head hash at seq
  Digest state{};      // SHA-256 of `ledger`
  std::string ledger;  // to_snapshot() bytes
};

// How much room there is on the disk.
enum class Room {
  Enough,
  Scarce,  // what is set aside for a full disk is in use: only what was begun should be finished
};

struct BackupTaken {
  std::string file;
  Seq seq = 0;
  Digest hash{};
};

class Journal {
 public:
  virtual ~Journal() = default;
  // All of the group or nothing, on disk when it returns, and how much room there is now. On a full
  // disk what is set aside for that is used first. StorageFull: that is used up as well, nothing
  // was written; any other failure is final (an fsync is never tried again).
  virtual Result<Room> commit(const Group& group) = 0;
  // Sets aside again, when there is room for it, what a full disk used up. Cheap.
  virtual Room room() = 0;
  // Events with seq > after, in order, at most `limit`.
  virtual Result<std::vector<StoredEvent>> read(Seq after, std::size_t limit) = 0;
  virtual Result<std::optional<StoredAnswer>> answer(const CommandId& id) = 0;
  virtual Result<void> keep(const Snapshot& snapshot) = 0;
  // A backup is copied in short steps between groups: begin, then continue until it is taken (a
  // value) or refused. Busy: another one is under way. Should the disk fill up meanwhile, the
  // backup is given up, not a group.
  virtual Result<void> begin_backup(const std::string& name) = 0;
  virtual Result<std::optional<BackupTaken>> continue_backup() = 0;
  // Called when the writer has nothing to do, and now and then when it is never idle: checkpoint,
  // retention. Short steps. `idle`: now is a good moment, between two small groups or longer.
  virtual Result<void> maintain(bool idle, TimePoint now) = 0;
  // Notes how far the relay has acknowledged the events: for status and retention after a restart,
  // never as the authority (that is the relay's answer to the next hello).
  virtual Result<void> keep_acked(Seq acked) = 0;
  // From here on only imports and the beginning of an epoch above all that is known are written.
  // With Doubt::None: it was a false alarm, the epoch goes on.
  virtual Result<void> keep_doubt(const KeptDoubt& doubt) = 0;
};

// What a Journal found at start.
struct Recovered {
  std::optional<Snapshot> snapshot;  // the newest that passes its own hash
  std::vector<StoredEvent> tail;     // events after it, chain verified
  Epoch epoch = 0;                   // of the head; 0 when empty
  Epoch epoch_floor = 0;             // in doubt: the next epoch is above it
  Seq seq = 0;
  Digest hash{};           // of the head; zeros when empty
  HubId hub;               // who this hub is; a copy on another machine is given a name of its own
  std::vector<HubId> was;  // whom the file belonged to before
  StoreId store;
  Seq uplink_acked = 0;   // as far as keep_acked() noted
  bool restored = false;  // the file came from a backup
  KeptDoubt doubt;        // on: a new epoch must begin, and not before it is settled
  Room room = Room::Enough;
  std::vector<std::uint64_t>
      answer_keys;  // first 8 bytes of SHA-256 of every kept command id, little-endian
};

class Clock {
 public:
  virtual ~Clock() = default;
  // Wall time and business day in the store's zone. Never goes back within a process.
  virtual Now now() = 0;
  // Since start, by a clock that nobody sets.
  virtual Duration steady() = 0;
  // The moment that a person means by the clock on the store's wall; without a date the next such
  // after `after`. In a gap of the zone's clock the end of it, of two the first.
  virtual TimePoint moment_of(const LocalTime& told, TimePoint after) = 0;
};

// Hands groups to the writer thread and answers back on the network thread, in order.
class Writer {
 public:
  virtual ~Writer() = default;
  // One group at a time: the next call only after `done` was called.
  virtual void commit(std::shared_ptr<const Group> group,
                      std::function<void(Result<Room>)> done) = 0;
  // Runs between groups on the writer thread; `job` must not touch the network thread's objects.
  virtual void run(std::function<std::function<void()>(Journal&)> job) = 0;
};

// Compares PINs with what is kept of them. That takes tens of milliseconds, so it happens
// elsewhere.
class PinCheck {
 public:
  virtual ~PinCheck() = default;
  // `done` is called once, later, on the network thread.
  virtual void check(std::string hash, std::string pin, std::function<void(bool)> done) = 0;
};

// One connected screen, as the hub sees it. send() queues; a full queue cuts the session (1013) and
// calls Hub::closed later.
class Session {
 public:
  virtual ~Session() = default;
  virtual void send(Bytes frame) = 0;
  // After what is queued: a close frame with this code, then the socket.
  virtual void close(std::uint16_t code, std::string reason) = 0;
};

// How the cloud is reached, for the screens and the operator. The shop sells on, whatever it says.
struct CloudState {
  enum class Lost {
    Nothing,
    Internet,  // the broker cannot be reached
    Relay,     // the broker is there, the relay does not answer, or takes nothing from this hub
  };
  Lost lost = Lost::Internet;
  TimePoint since;              // of `lost`
  std::string reason;           // a sentence, empty when all is well
  Seq acked = 0;                // durable at the relay, all up to here
  Seq behind = 0;               // events that are not
  TimePoint oldest_unsent;      // of the first of them; zero: none
  bool needs_a_person = false;  // frozen, a stale epoch, another machine under the same name
};

constexpr std::string_view wire_name(CloudState::Lost lost) {
  if (lost == CloudState::Lost::Nothing) return "";
  return lost == CloudState::Lost::Internet ? "internet" : "relay";
}

// What the hub tells its operator: figures for /metrics and sentences for the log.
class Telemetry {
 public:
  virtual ~Telemetry() = default;
  // One command answered; `code` is "ok" or a code name.
  virtual void command(std::string_view verb, std::string_view code) = 0;
  virtual void group(std::size_t commands, std::size_t events, Duration commit) = 0;
  // Something refused before the rules were asked ("bad_json", "http_431", "auth").
  virtual void refusal(std::string_view reason) = 0;
  // A card number in a text of an order was masked before it was kept.
  virtual void masked() = 0;
  struct Gauges {
    Epoch epoch = 0;
    Seq seq = 0;
    std::size_t open_orders = 0;
    std::size_t in_flight = 0;
    std::size_t low_stock = 0;       // SKUs at or under their warning threshold
    std::size_t critical_stock = 0;  // of those, at or under the critical one
    bool storage_full = false;
    std::size_t losses = 0;  // epochs of which a screen has seen more than the books have
    std::array<std::size_t, 4> sessions_by_role{};  // by Role
    std::size_t sessions_unauthenticated = 0;
    std::optional<CloudState> cloud;  // none: this hub has no uplink
  };
  virtual std::string expose(const Gauges& gauges) = 0;
  virtual void note(std::string_view sentence) = 0;
  virtual void warn(std::string_view sentence) = 0;
};

enum class IpFamily { Any, Four, Six };

struct Announcement {
  std::string instance;  // "Larder Hub - Sample store"
  std::uint16_t port = 0;
  IpFamily family = IpFamily::Any;  // announced over this one alone
  std::vector<std::pair<std::string, std::string>> txt;
};

class Announcer {
 public:
  virtual ~Announcer() = default;
  // Keeps announcing until destroyed, through restarts of the responder. Never fails: absence is a
  // state.
  virtual void announce(const Announcement& announcement) = 0;
  // "off", "waiting", "registering", "announced as <name>"; for status and metrics.
  virtual std::string state() const = 0;
};

// Who is told what the link to the cloud does. Network thread.
class LinkWatcher {
 public:
  virtual ~LinkWatcher() = default;
  // Connected and listening. What was under way before may or may not have arrived: ask.
  virtual void link_up() = 0;
  virtual void link_down(const std::string& why) = 0;
  virtual void arrived(const std::string& topic, const std::string& payload) = 0;
  // The broker does not take a message of ours: a right is missing there. The connection stays.
  virtual void refused(const std::string& why) = 0;
  // The broker has taken something: there is room in the window. Says nothing about the relay.
  virtual void window_moved() = 0;
};

struct Outgoing {
  std::string topic;
  std::string payload;
  bool is_sure = true;  // MQTT QoS 1, else 0
  bool is_retained = false;
};

// The connection to the broker of the cloud. It connects, and connects again when it is lost, by
// itself. It queues nothing: who publishes keeps what is not yet acknowledged by the relay.
class Link {
 public:
  virtual ~Link() = default;
  // Once. `watcher` must live as long as the link.
  virtual void start(LinkWatcher& watcher) = 0;
  // False: not connected, or the window is full; nothing was taken.
  virtual bool publish(Outgoing message) = 0;
  // Says goodbye and connects no more. `last` is published first, when it still can be.
  virtual void stop(Outgoing last) = 0;
};

// Told of the events of each group once they are on disk, in order.
class Follower {
 public:
  virtual ~Follower() = default;
  virtual void committed(const std::vector<StoredEvent>& events) = 0;
};

// The cloud as the hub sees it.
class Cloud : public Follower {
 public:
  virtual CloudState state() const = 0;
  // `answered` is called once, later, on the network thread. Unavailable: no answer came.
  virtual void ask(BooksQuestion question, std::function<void(Result<BooksAnswer>)> answered) = 0;
};

}  // namespace larder::edge
