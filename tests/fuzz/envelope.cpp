// The envelope between hub and relay. The first byte says what is tried: bytes as they come, or a
// header and a body that are then compressed and summed as a sender would, so that what stands
// behind the checksum is reached too.
#include "lan-protocol/envelope.hpp"

#include "lan-protocol/checksum.hpp"
#include "lan-protocol/compress.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace larder::fuzz {
namespace {

constexpr std::size_t kHeaderBytes = 40, kRawBytesAt = 32, kChecksumAt = 36;

std::string little_endian(std::uint32_t number) {
  std::string out;
  for (unsigned i = 0; i < 4; ++i) out.push_back(static_cast<char>((number >> (8 * i)) & 0xFF));
  return out;
}

// Whoever made the fuzzed header and body made the rest well.
std::string signed_by_a_sender(std::string_view input, bool is_compressed) {
  std::string header(input.substr(0, kHeaderBytes));
  const std::string_view raw = input.substr(kHeaderBytes);
  const std::string body = is_compressed ? compress(raw) : std::string(raw);
  header[5] = static_cast<char>(is_compressed ? header[5] | 1 : header[5] & ~1);
  header.replace(kRawBytesAt, 4, little_endian(static_cast<std::uint32_t>(raw.size())));
  header.replace(kChecksumAt, 4, little_endian(crc32c(header.substr(0, kChecksumAt) + body)));
  return header + body;
}

void try_envelope(std::string_view bytes, EnvelopeKind kind) {
  const Result<Envelope> envelope = decode_envelope(bytes, kind);
  if (!envelope) return require_tellable(envelope.error());
  require(envelope->kind == kind, "an envelope is of its kind");
  require(!envelope->records.empty() && envelope->records.size() <= kEnvelopeRecordsMax,
          "an envelope holds 1 to 512 records");
  require(envelope->first > 0 && envelope->last() >= envelope->first, "its numbers follow");
  const Result<std::string> written = encode_envelope(*envelope);
  if (!written) return require_tellable(written.error());
  const Result<Envelope> again = decode_envelope(*written, kind);
  require(again.has_value() && *again == *envelope, "an envelope comes back as it was sent");
  for (const Record& record : envelope->records) {
    const Result<EventFront> front = event_front(record.payload);
    if (!front) require_tellable(front.error());
  }
}

}  // namespace
}  // namespace larder::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace larder;
  if (size < 1 + fuzz::kHeaderBytes) return -1;
  const std::uint8_t how = bytes[0];
  const std::string_view input = fuzz::text_of(bytes + 1, size - 1);
  const EnvelopeKind kind = (how & 1) == 0 ? EnvelopeKind::Up : EnvelopeKind::Down;
  if ((how & 2) == 0) {
    fuzz::try_envelope(input, kind);
  } else {
    fuzz::try_envelope(fuzz::signed_by_a_sender(input, (how & 4) != 0), kind);
  }
  return 0;
}
