// A client's message on the LAN: its envelope, within the limits of depth and number, and the id
// that a refusal is answered with.
#include "core/base/ids.hpp"
#include "core/base/text.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace larder::fuzz {
namespace {

bool is_quiet(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) return false;
  }
  return true;
}

void try_message(std::string_view text) {
  // A refusal is answered by the id, also where the rest cannot be read.
  const std::string id = id_in(text);
  require(id.size() <= kIdBytesMax && is_quiet(id), "the id of an unreadable message is an id");
  const Result<ClientMessage> message = read_client_message(text);
  if (!message) return require_tellable(message.error());
  require(message->id == id, "a message is answered under its own id");
  require(message->type != MessageType::Command || !message->id.empty(), "a command has an id");
  require_within(message->args, {});
  require(message->pin.size() <= kPinDigitsMax, "a PIN is short");
}

}  // namespace
}  // namespace larder::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  larder::fuzz::try_message(larder::fuzz::text_of(bytes, size));
  return 0;
}
