// The frames around commands, queries and events (PROTOCOL.md sections 2 to 5), read and written.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "lan-protocol/digest.hpp"
#include "lan-protocol/json.hpp"
#include "lan-protocol/topics.hpp"

namespace larder {

// g++ 12 takes a scoped enumerator for a shadow of the type `Command`.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
enum class MessageType {
  Auth,
  Command,
  Query,
  Subscribe,
  Unsubscribe,
  Ping,
  SignIn,
  SignOut,
  Seen
};
#pragma GCC diagnostic pop

// A client's message, its envelope checked (types, unknown members, id and token shape), its args
// not yet.
struct ClientMessage {
  MessageType type = MessageType::Ping;
  std::string id;
  std::string verb;
  std::string store;  // empty: not named
  std::string token;
  StaffId staff;    // of sign_in
  std::string pin;  // of sign_in: 4 to 8 digits; never logged, never kept
  std::string client;
  std::int64_t protocol = 1;
  Topic topic = Topic::Menu;
  struct Place {
    Epoch epoch = 0;
    Seq seq = 0;
  };
  std::optional<Place> since;  // of subscribe; of seen, what is shown
  // The highest place of a hub's journal that this client has seen.
  struct Witness {
    HubId hub;  // empty: the one it speaks to
    Epoch epoch = 0;
    Seq seq = 0;
    std::optional<Sha256> head;  // the chain's hash there, when it was told
  };
  std::optional<Witness> witness;  // of auth
  Json args;
};

Result<ClientMessage> read_client_message(std::string_view text);
// The id of a message that cannot be read, when it has a usable one; else empty. For error replies.
std::string id_in(std::string_view text);

// How long a refusal that passes asks the client to wait, where nothing better is known.
inline constexpr std::int64_t kRetryMs = 250;
std::string write_error(const Error& error);  // {"type":"error",..}
std::string write_refusal(std::string_view id, Epoch epoch, Seq seq,
                          const Error& error,  // {"type":"reply","ok":false,..}
                          std::int64_t retry_ms = kRetryMs);
std::string write_reply(std::string_view id, Epoch epoch, Seq seq, std::string_view result_json);
std::string write_pong(std::string_view id, TimePoint at);
std::string write_snapshot(std::string_view id, Topic topic, Epoch epoch, Seq seq, Seq last,
                           TimePoint at, std::string_view view_json);
std::string write_resumed(std::string_view id, Topic topic, Epoch epoch, Seq seq, Seq last);
// The link that is down between the hub and the cloud, as the screens are told; empty: none is, or
// this hub has no cloud.
struct CloudNotice {
  std::string_view lost;  // "internet" "relay"
  TimePoint since;
};
// Why the hub sells nothing now, and how far its books are from what others have seen; an empty
// `why`: it does.
struct RecoveryNotice {
  std::string_view why;     // "restored" "other_machine" "behind" "forked" "taken_over" "takeover"
  std::string_view reason;  // a sentence
  TimePoint since;
  Seq known = 0;  // the last event that others are known to have
};
// A full disk, a cloud that is out of reach and a recovery are said in every heartbeat; when all is
// well nothing is. `head_hash`: of the chain at `seq`, in hex; a client keeps it as a witness.
std::string write_heartbeat(Epoch epoch, Seq seq, TimePoint at,
                            const std::array<Seq, kTopics>& last, bool is_storage_full = false,
                            const CloudNotice& cloud = {}, std::string_view head_hash = {},
                            const RecoveryNotice& recovery = {});

// Who may sign in at a till, and who is: the names, not what proves them.
struct StaffNotice {
  const std::map<StaffId, Staff>& staff;
  const Staff* signed_in = nullptr;  // null: nobody
  int idle_s = 0;
  std::string_view reason = {};  // why somebody was signed out: "idle", "removed", or ""
};
std::string write_staff_notice(const StaffNotice& notice);

// A screen that has not shown a change of what can be sold.
struct UnseenScreen {
  enum class State {
    Waiting,  // connected, and it has not said that it shows it
    Away,     // not connected, and it was today
    Unknown,  // connected, and it has never said what it shows
  };
  DeviceId device;
  std::string name;
  Role role = Role::Kiosk;
  State state = State::Waiting;
  TimePoint since;
};
struct UnseenChange {
  SkuId sku;
  ChannelCode channel;  // empty: everywhere
  bool is_sold_out = false;
  Seq seq = 0;
  TimePoint at;
  std::vector<UnseenScreen> waiting;
};
void write_unseen(JsonWriter& out, std::span<const UnseenChange> changes);  // [{"sku":..}..]
std::string write_unseen_notice(std::span<const UnseenChange> changes);

// One event as the screens see it: the journal's bytes with epoch, seq and prev spliced in front.
std::string write_event(Epoch epoch, Seq seq, TopicSet topics,
                        const std::array<Seq, kTopics>& previous, std::string_view data);
// {"type":"events","events":[..]}
std::string write_events(std::span<const std::string_view> events);

}  // namespace larder
