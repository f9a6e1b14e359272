// The hub's snapshot of its books: bytes that are taken are the books' own, and nothing else is.
#include "core/ledger/snapshot.hpp"

#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace larder;
  const std::string text(fuzz::text_of(bytes, size));
  const Result<Ledger> ledger = from_snapshot(text);
  if (!ledger) {
    const Code code = ledger.error().code();
    fuzz::require(code == Code::Corrupt || code == Code::NewerSchema || is_earlier_snapshot(text),
                  "a snapshot that cannot be read is damaged or of another version");
    fuzz::require_tellable(ledger.error());
    return 0;
  }
  const std::string written = to_snapshot(*ledger);
  const Result<Ledger> again = from_snapshot(written);
  fuzz::require(again.has_value(), "what we write we read");
  fuzz::require(to_snapshot(*again) == written, "the same books give the same bytes");
  return 0;
}
