// Events as the journal has them: what is read comes back from its own bytes, as an event of the
// books and as a frame for the screens. What is not is damage or a later version, never a crash.
#include "lan-protocol/codec.hpp"
#include "lan-protocol/envelope.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace larder::fuzz {
namespace {

void try_frame(const StampedEvent& event, std::string_view data) {
  const std::array<Seq, kTopics> previous = {1, 2, 3, 4, 5};
  const std::string frame = write_event(1, 9, topics_of(event.event), previous, data);
  const std::string_view one[] = {frame};
  const Result<Json> read = parse_json(write_events(one), JsonLimits{32, 8'000'000, 1'024 * 1'024});
  require(read.has_value(), "a screen can read the event");
}

void try_event(std::string_view data) {
  const Result<StampedEvent> event = decode_event(data);
  if (!event) {
    require(event.error().code() == Code::Corrupt || event.error().code() == Code::NewerSchema,
            "an event that cannot be read is damaged or of a later version");
    return require_tellable(event.error());
  }
  const std::string bytes = encode_event(*event);
  const Result<StampedEvent> again = decode_event(bytes);
  require(again.has_value(), "what we write we read");
  require(*again == *event, "what we write is the event that we read");
  require(encode_event(*again) == bytes, "canonical bytes are one");
  const Result<EventFront> front = event_front(bytes);
  require(front.has_value() && front->at == event->at && front->event == event_name(event->event),
          "the front of an event says what it is");
  require(event_number(front->event) != 0, "an event that we write has a number");
  try_frame(*event, bytes);
}

}  // namespace
}  // namespace larder::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view data = larder::fuzz::text_of(bytes, size);
  larder::fuzz::try_event(data);
  const auto front = larder::event_front(data);
  if (!front) larder::fuzz::require_tellable(front.error());
  return 0;
}
