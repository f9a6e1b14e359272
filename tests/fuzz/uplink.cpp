// The small messages between hub and relay, and their topics. The first line says which: "ack
// {..}".
#include "lan-protocol/uplink.hpp"

#include "tests/fuzz/fuzz.hpp"

namespace larder::fuzz {
namespace {

template <typename Message>
void try_message(std::string_view json, Result<Message> (*decode)(std::string_view)) {
  const Result<Message> message = decode(json);
  if (!message) return require_tellable(message.error());
  const std::string written = encode(*message);
  const Result<Message> again = decode(written);
  require(again.has_value(), "what we write we read");
  require(*again == *message, "what we write is what we read");
  require(encode(*again) == written, "canonical bytes are one");
}

void try_books(std::string_view json) {
  const Result<BooksMessage> message = decode_books(json);
  if (!message) return require_tellable(message.error());
  require(message->question.has_value() != message->answer.has_value(), "one of the two");
  const std::string written =
      message->question ? encode(*message->question) : encode(*message->answer);
  const Result<BooksMessage> again = decode_books(written);
  require(again.has_value(), "what we write we read");
  require(again->question.has_value() == message->question.has_value(), "as the same of the two");
  if (message->answer) {
    require(message->answer->hashes.size() <= kHashesMax, "no more hashes than the limit");
    require(again->answer->day == message->answer->day, "with the same day");
  } else if (message->question->ask == BooksQuestion::Ask::Hashes) {
    require(message->question->from <= message->question->to &&
                message->question->to - message->question->from < kHashesMax,
            "no more hashes are asked for than the limit");
  }
}

void try_topic(std::string_view text) {
  const Result<TopicPlace> place = read_topic(text);
  if (!place) return require_tellable(place.error());
  require(place->partition < kPartitions && place->partition == partition_of(place->store),
          "a topic is in its store's partition");
  const std::string topic = topic_of(place->store, place->topic);
  const Result<TopicPlace> again = read_topic(topic);
  require(again.has_value() && again->store == place->store && again->topic == place->topic,
          "a topic that we write is the one that we read");
}

}  // namespace
}  // namespace larder::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace larder;
  const std::string_view input = fuzz::text_of(bytes, size);
  const std::size_t space = input.find(' ');
  if (space == std::string_view::npos) return -1;
  const std::string_view which = input.substr(0, space);
  const std::string_view text = input.substr(space + 1);
  if (which == "hello") {
    fuzz::try_message(text, decode_hello);
  } else if (which == "ack") {
    fuzz::try_message(text, decode_ack);
  } else if (which == "words_ack") {
    fuzz::try_message(text, decode_words_ack);
  } else if (which == "presence") {
    fuzz::try_message(text, decode_presence);
  } else if (which == "relay") {
    fuzz::try_message(text, decode_relay_presence);
  } else if (which == "word") {
    fuzz::try_message(text, decode_word);
  } else if (which == "books") {
    fuzz::try_books(text);
  } else if (which == "topic") {
    fuzz::try_topic(text);
  } else {
    return -1;
  }
  return 0;
}
