// The envelope of what travels between a hub and the relay (UPLINK.md section 3): a header of 40
// bytes, then records, compressed. Up ("LRU1") the records are events of one epoch in order of seq,
// down ("LRD1") they are HQ's words in order of their number. Pure functions.
// Limits: kEnvelopeRecordsMax records, kEnvelopeRawBytesMax before and kEnvelopeBytesMax after
// compression; one record alone may take kLoneRecordBytesMax.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "lan-protocol/digest.hpp"

namespace larder {

inline constexpr std::size_t kEnvelopeRecordsMax = 512;
inline constexpr std::size_t kEnvelopeBytesMax = 256 * 1024;
inline constexpr std::size_t kLoneRecordBytesMax = 1024 * 1024;  // what a broker lets through
inline constexpr std::size_t kEnvelopeRawBytesMax = 16 * 1024 * 1024;

enum class EnvelopeKind { Up, Down };

struct Record {
  std::uint16_t type = 0;  // event_number() of an event, 0 for one without; 0 for a word
  TimePoint at;
  std::string payload;  // the journal's bytes of an event; the JSON of a word
  bool operator==(const Record&) const = default;
};

struct Envelope {
  EnvelopeKind kind = EnvelopeKind::Up;
  bool is_catch_up = false;  // more is waiting at the sender, and it is old
  bool is_last = false;      // nothing more is waiting
  Epoch epoch = 0;
  Seq first = 0;  // number of the first record; the others follow without a gap
  // Up: the journal's hash of the last record, so that a broken chain is seen at once. Down: zeros.
  Sha256 head{};
  std::vector<Record> records;
  bool operator==(const Envelope&) const = default;

  Seq last() const { return first + records.size() - 1; }
};

// At least one record. TooLarge: split it.
Result<std::string> encode_envelope(const Envelope& envelope);
// TooLarge, Unsupported (another version), Corrupt with what is wrong. Never more memory than the
// limits allow, whatever the header claims.
Result<Envelope> decode_envelope(std::string_view bytes, EnvelopeKind kind);

// Events by number, for the two bytes in front of each: 0 for one that has none.
std::uint16_t event_number(std::string_view event_name);
// Empty for a number this version does not know.
std::string_view event_name_of(std::uint16_t number);

// What the bytes of an event say in front, found without reading the whole: encode_event() writes
// them in this order.
struct EventFront {
  TimePoint at;
  std::string_view event;
};
// Corrupt when the bytes do not begin like an event.
Result<EventFront> event_front(std::string_view data);

}  // namespace larder
