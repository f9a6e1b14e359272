// The small messages between a hub and the relay, and where they travel (UPLINK.md). JSON each;
// unknown members are passed over, so that either side may be the newer one. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "lan-protocol/digest.hpp"
#include "lan-protocol/stock_books.hpp"

namespace larder {

inline constexpr unsigned kPartitions = 64;
inline constexpr std::size_t kSmallMessageBytesMax = 64 * 1024;

// larder/v1/pPP/{store}/...
enum class UplinkTopic {
  Hello,     // up/hello  hub -> relay  QoS 1
  Events,    // up/ev     hub -> relay  QoS 1  Envelope "LRU1"
  WordsAck,  // up/dack   hub -> relay  QoS 0
  Tell,      // up/tell   hub -> relay  QoS 1  about the books, or of a hub in recovery
  Ack,       // dn/ack    relay -> hub  QoS 0
  Words,     // dn/cmd    relay -> hub  QoS 1  Envelope "LRD1"
  Ask,       // dn/ask    relay -> hub  QoS 1  about the books, or to a hub in recovery
  Lost,      // dn/ev     relay -> hub  QoS 1  Envelope "LRU1": events that a hub lost
  Presence,  // st        hub -> anybody, retained, with a last will
};

unsigned partition_of(const StoreId& store);  // crc32c(store) % kPartitions
// A store's name inside a topic: bytes that MQTT gives a meaning ('/', '+', '#', '%') become %XX.
std::string topic_word(const StoreId& store);
std::string topic_of(const StoreId& store, UplinkTopic topic);
struct TopicPlace {
  unsigned partition = 0;
  StoreId store;
  UplinkTopic topic = UplinkTopic::Hello;
};
// NotFound when it is none of ours, or its partition is not its store's.
Result<TopicPlace> read_topic(std::string_view topic);
// What a relay listens to for one partition: {"larder/v1/p07/+/up/#", "larder/v1/p07/+/st"}.
std::vector<std::string> relay_filters(unsigned partition);
// What a hub listens to: "larder/v1/p07/s1/dn/#" and the retained word of its partition's relay.
std::vector<std::string> hub_filters(const StoreId& store);
// "larder/v1/p07/relay", retained: {"relay":..,"online":..}.
std::string relay_presence_topic(unsigned partition);

// Sent on every connect, and again when nothing moves.
struct Hello {
  StoreId store;
  HubId hub;
  std::string boot;  // of this run of the hub, random: two runs of one identity differ
  Epoch epoch = 0;
  Seq last = 0;           // the journal's head
  Sha256 head{};          // its hash
  Seq first_unacked = 0;  // as far as the hub knows
  Seq words_applied = 0;  // HQ's words taken, all up to here
  std::string machine;    // what it runs on, as one word; empty: not known
  std::string code;       // HQ's, of a hub that is to keep the store from now on; empty: none
  std::string version;
  TimePoint at;  // the hub's wall clock, shown to people, never used for a decision
  bool operator==(const Hello&) const = default;
};

// Everything up to `up_to` is durable at the relay. Sent on hello, duplicate and gap at once, else
// coalesced per store.
struct Ack {
  enum class State {
    Ok,
    Reset,   // this epoch is not known here: say hello as what you are
    Stale,   // a later epoch is known: this hub must not go on under this one
    Frozen,  // a person must look; nothing more is taken from this store until then
  };
  Epoch epoch = 0;
  Seq up_to = 0;
  std::uint16_t credit = 0;  // batches that may be under way; 0: wait
  State state = State::Ok;
  std::string relay;
  std::uint64_t lease = 0;  // fencing number of the relay's hold on the partition
  std::string reason;       // a sentence, when the state is not Ok
  // Stale: whose the later epoch is. Empty: another's, or something speaks against the asker.
  HubId hub;
  bool operator==(const Ack&) const = default;
};

struct WordsAck {
  Seq applied = 0;
  bool operator==(const WordsAck&) const = default;
};

struct Presence {
  bool online = false;
  Epoch epoch = 0;
  std::string version;
  TimePoint at;
  bool operator==(const Presence&) const = default;
};

struct RelayPresence {
  std::string relay;
  bool online = false;
  bool operator==(const RelayPresence&) const = default;
};

// One thing that HQ wants done at the store: a verb of the LAN's command table, numbered per store.
// The payload of a Record of an envelope "LRD1".
struct Word {
  CommandId id;         // the same id is done once
  std::string verb;     // "stock.mark"
  std::string args;     // canonical JSON, decoded by the verb table
  std::string by;       // who at HQ, shown on screens and in the journal: "hq:alice"
  TimePoint not_after;  // on the hub's clock; zero: never too late. Later it is answered `expired`
  bool operator==(const Word&) const = default;
};

std::string encode(const Hello& hello);
std::string encode(const Ack& ack);
std::string encode(const WordsAck& ack);
std::string encode(const Presence& presence);
std::string encode(const RelayPresence& presence);
std::string encode(const Word& word);
Result<Hello> decode_hello(std::string_view json);
Result<Ack> decode_ack(std::string_view json);
Result<WordsAck> decode_words_ack(std::string_view json);
Result<Presence> decode_presence(std::string_view json);
Result<RelayPresence> decode_relay_presence(std::string_view json);
Result<Word> decode_word(std::string_view json);

// The books of one business day, as one side has them. Two sides agree when the counts and `digest`
// are equal.
struct DayBooks {
  BusinessDay day;
  Seq first = 0;  // events of the day: first to last, both included; 0 when there are none
  Seq last = 0;
  std::uint64_t events = 0;
  std::uint64_t orders = 0;
  std::int64_t total_minor = 0;
  std::uint64_t movements = 0;
  Sha256 digest{};  // hash of the chain at `last`, taken anew from the bytes that this side holds
  bool operator==(const DayBooks&) const = default;
};

// Questions and answers about the books, either way (up/tell, dn/ask). A question has an `ask`, its
// answer the same `id`.
struct BooksQuestion {
  enum class Ask { Day, Hashes, Levels };
  std::string id;
  Ask ask = Ask::Day;
  BusinessDay day;
  Seq from = 0, to = 0;  // Hashes: at most kHashesMax
  // Levels, of the relay alone: the marks of the SKUs behind `after`, or the levels of `skus`.
  SkuId after;
  std::vector<SkuId> skus;  // at most kStockLevelsMax
};
inline constexpr std::size_t kHashesMax = 500;
struct BooksAnswer {
  std::string id;
  DayBooks day;
  Seq from = 0;
  std::vector<std::string> hashes;  // 16 hex digits each: the first 8 bytes of SHA-256 of the
                                    // event's bytes; empty: not there
  std::optional<StockBooks> stock;
};
std::string encode(const BooksQuestion& question);
std::string encode(const BooksAnswer& answer);
// Which of the two it is; Corrupt when it is neither.
struct BooksMessage {
  std::optional<BooksQuestion> question;
  std::optional<BooksAnswer> answer;
};
Result<BooksMessage> decode_books(std::string_view json);

}  // namespace larder
