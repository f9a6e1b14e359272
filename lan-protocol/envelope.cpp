#include "lan-protocol/envelope.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "lan-protocol/checksum.hpp"
#include "lan-protocol/compress.hpp"

namespace larder {
namespace {

constexpr std::size_t kHeaderBytes = 40;
constexpr std::size_t kChecksumAt = 36;
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kZstd = 1, kCatchUp = 4, kLast = 8;  // 2 is kept for a dictionary
constexpr std::int64_t kMicrosPerMilli = 1'000;

std::string_view magic(EnvelopeKind kind) { return kind == EnvelopeKind::Up ? "LRU1" : "LRD1"; }

template <typename Number>
void append(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    out.push_back(static_cast<char>((number >> (8 * i)) & 0xFF));
  }
}

// Seven bits a byte, the lowest first, the top bit says that more follows (as in protobuf).
void append_varint(std::string& out, std::uint64_t number) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(0x80 | (number & 0x7F)));
    number >>= 7;
  }
  out.push_back(static_cast<char>(number));
}

std::uint64_t zigzag(std::int64_t number) {
  return (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63);
}

std::int64_t unzigzag(std::uint64_t number) {
  return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
}

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_(bytes) {}
  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }

  template <typename Number>
  Number number() {
    const std::string_view bytes = take(sizeof(Number));
    Number out = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      out = static_cast<Number>(
          out |
          static_cast<Number>(static_cast<Number>(static_cast<std::uint8_t>(bytes[i])) << (8 * i)));
    }
    return out;
  }

  std::uint64_t varint() {
    std::uint64_t out = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = number<std::uint8_t>();
      if (failed_) return 0;
      out |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return out;
    }
    failed_ = true;
    return 0;
  }

  std::string_view rest() const { return rest_; }

  std::string_view take(std::size_t bytes) {
    if (failed_ || bytes > rest_.size()) {
      failed_ = true;
      return {};
    }
    const std::string_view out = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return out;
  }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

std::string raw_body(const Envelope& envelope, std::int64_t base_millis) {
  std::string raw;
  std::size_t bytes = envelope.head.size();
  for (const Record& record : envelope.records) bytes += record.payload.size() + 16;
  raw.reserve(bytes);
  std::int64_t before = base_millis * kMicrosPerMilli;
  for (const Record& record : envelope.records) {
    std::string front;
    append(front, record.type);
    append_varint(front, 1);
    // Wraps like the reader's sum: a time is data, however far it is from the one before.
    append_varint(front,
                  zigzag(static_cast<std::int64_t>(static_cast<std::uint64_t>(record.at.micros) -
                                                   static_cast<std::uint64_t>(before))));
    before = record.at.micros;
    append_varint(raw, front.size() + record.payload.size());
    raw += front;
    raw += record.payload;
  }
  if (envelope.kind == EnvelopeKind::Up) {
    raw.append(envelope.head.begin(), envelope.head.end());
  }
  return raw;
}

struct Header {
  std::uint8_t flags = 0;
  std::uint16_t count = 0;
  std::uint64_t epoch = 0;
  std::uint64_t first = 0;
  std::uint64_t base_millis = 0;
  std::uint32_t raw_bytes = 0;
};

Refused broken(const char* what) { return refuse(Code::Corrupt, std::string("envelope: ") + what); }

Result<Header> read_header(std::string_view bytes, EnvelopeKind kind) {
  if (bytes.size() < kHeaderBytes) return broken("shorter than its header");
  if (bytes.size() > kLoneRecordBytesMax) {
    return refuse(Code::TooLarge,
                  "envelope: more than " + std::to_string(kLoneRecordBytesMax) + " bytes");
  }
  Bytes in(bytes);
  if (in.take(4) != magic(kind)) return broken("another kind of message");
  if (in.number<std::uint8_t>() != kVersion) {
    return refuse(Code::Unsupported, "envelope: written by a later version");
  }
  Header header;
  header.flags = in.number<std::uint8_t>();
  header.count = in.number<std::uint16_t>();
  header.epoch = in.number<std::uint64_t>();
  header.first = in.number<std::uint64_t>();
  header.base_millis = in.number<std::uint64_t>();
  header.raw_bytes = in.number<std::uint32_t>();
  const auto sum = in.number<std::uint32_t>();
  std::string summed(bytes.substr(0, kChecksumAt));
  summed += bytes.substr(kHeaderBytes);
  if (crc32c(summed) != sum) return broken("its checksum does not fit");
  if ((header.flags & ~(kZstd | kCatchUp | kLast)) != 0) {
    return refuse(Code::Unsupported, "envelope: a flag of a later version");
  }
  if (header.count == 0) return broken("holds nothing");
  if (header.count > kEnvelopeRecordsMax || header.raw_bytes > kEnvelopeRawBytesMax ||
      (header.count > 1 && bytes.size() > kEnvelopeBytesMax)) {
    return refuse(Code::TooLarge, "envelope: over its limits; send it in parts");
  }
  if (header.epoch > UINT32_MAX) return broken("an epoch out of range");
  if (header.first == 0 || header.first > UINT64_MAX - header.count) {
    return broken("a number out of range");
  }
  if (header.base_millis > static_cast<std::uint64_t>(INT64_MAX / kMicrosPerMilli)) {
    return broken("a time out of range");
  }
  return header;
}

Result<Record> read_record(Bytes& in, std::int64_t& before) {
  const std::uint64_t bytes = in.varint();
  Bytes one(in.take(bytes));
  Record record;
  record.type = one.number<std::uint16_t>();
  if (one.varint() != 1 || one.failed()) return broken("a record out of order");
  // Wraps instead of overflowing: a time is data, not a promise.
  before = static_cast<std::int64_t>(static_cast<std::uint64_t>(before) +
                                     static_cast<std::uint64_t>(unzigzag(one.varint())));
  record.at = TimePoint{before};
  if (in.failed() || one.failed()) return broken("a record is cut short");
  record.payload = std::string(one.rest());
  return record;
}

Sha256 read_head(std::string_view bytes) {
  Sha256 head{};
  std::transform(bytes.begin(), bytes.end(), head.begin(),
                 [](char byte) { return static_cast<std::uint8_t>(byte); });
  return head;
}

// Numbers are for ever: a name is only ever added at the end.
constexpr std::array<std::string_view, 28> kEventNumbers = {
    "epoch.begun",    "day.opened",     "menu.imported",    "device.added",
    "device.revoked", "stock.changed",  "hold.locked",      "hold.moved",
    "hold.confirmed", "hold.released",  "order.placed",     "order.paid",
    "order.accepted", "order.served",   "order.cancelled",  "order.voided",
    "ticket.changed", "hq.word_taken",  "order.discounted", "order.line_voided",
    "staff.added",    "staff.removed",  "day.closed",       "lease.granted",
    "lease.settled",  "lease.recalled", "stock.oversold",   "oversell.resolved",
};

}  // namespace

Result<std::string> encode_envelope(const Envelope& envelope) {
  const std::size_t count = envelope.records.size();
  if (count == 0) return broken("holds nothing");
  if (count > kEnvelopeRecordsMax) return refuse(Code::TooLarge, "envelope: too many records");
  const std::int64_t base_millis =
      std::max<std::int64_t>(0, envelope.records.front().at.micros / kMicrosPerMilli);
  const std::string raw = raw_body(envelope, base_millis);
  if (raw.size() > kEnvelopeRawBytesMax) return refuse(Code::TooLarge, "envelope: too large");
  const std::string body = compress(raw);
  std::string out(magic(envelope.kind));
  append(out, kVersion);
  append(out, static_cast<std::uint8_t>(kZstd | (envelope.is_catch_up ? kCatchUp : 0) |
                                        (envelope.is_last ? kLast : 0)));
  append(out, static_cast<std::uint16_t>(count));
  append(out, std::uint64_t{envelope.epoch});
  append(out, std::uint64_t{envelope.first});
  append(out, static_cast<std::uint64_t>(base_millis));
  append(out, static_cast<std::uint32_t>(raw.size()));
  append(out, crc32c(out + body));
  out += body;
  if (out.size() > (count > 1 ? kEnvelopeBytesMax : kLoneRecordBytesMax)) {
    return refuse(Code::TooLarge, "envelope: over its limits; send it in parts");
  }
  return out;
}

Result<Envelope> decode_envelope(std::string_view bytes, EnvelopeKind kind) {
  const Result<Header> header = read_header(bytes, kind);
  if (!header) return pass_on(header);
  std::string unpacked;
  std::string_view raw = bytes.substr(kHeaderBytes);
  if ((header->flags & kZstd) != 0) {
    Result<std::string> whole = decompress(raw, header->raw_bytes);
    if (!whole) return pass_on(whole);
    unpacked = std::move(*whole);
    raw = unpacked;
  }
  Envelope envelope;
  envelope.kind = kind;
  envelope.is_catch_up = (header->flags & kCatchUp) != 0;
  envelope.is_last = (header->flags & kLast) != 0;
  envelope.epoch = static_cast<Epoch>(header->epoch);
  envelope.first = header->first;
  Bytes in(raw);
  std::int64_t before = static_cast<std::int64_t>(header->base_millis) * kMicrosPerMilli;
  for (std::uint16_t i = 0; i < header->count; ++i) {
    Result<Record> record = read_record(in, before);
    if (!record) return pass_on(record);
    envelope.records.push_back(std::move(*record));
  }
  if (kind == EnvelopeKind::Up) envelope.head = read_head(in.take(envelope.head.size()));
  if (in.failed() || !in.at_end()) return broken("bytes that belong to nothing");
  return envelope;
}

std::uint16_t event_number(std::string_view event_name) {
  const auto found = std::find(kEventNumbers.begin(), kEventNumbers.end(), event_name);
  return found == kEventNumbers.end()
             ? std::uint16_t{0}
             : static_cast<std::uint16_t>(found - kEventNumbers.begin() + 1);
}

std::string_view event_name_of(std::uint16_t number) {
  return number == 0 || number > kEventNumbers.size() ? std::string_view()
                                                      : kEventNumbers.at(number - 1U);
}

Result<EventFront> event_front(std::string_view data) {
  constexpr std::string_view kAt = R"({"at":)";
  constexpr std::string_view kEvent = R"(,"event":")";
  EventFront front;
  if (!data.starts_with(kAt)) return refuse(Code::Corrupt, "event: does not begin with its time");
  const char* begin = data.data() + kAt.size();
  const auto [end, error] = std::from_chars(begin, data.data() + data.size(), front.at.micros);
  // Before it stand ids alone, which hold no quotes.
  const std::size_t name = data.find(kEvent);
  if (error != std::errc() || name == std::string_view::npos) {
    return refuse(Code::Corrupt, "event: has no name");
  }
  const std::string_view rest = data.substr(name + kEvent.size());
  front.event = rest.substr(0, rest.find('"'));
  return front;
}

}  // namespace larder
