// Where the messages between hub and relay travel.
#include <array>
#include <cctype>
#include <optional>

#include "core/base/text.hpp"
#include "lan-protocol/checksum.hpp"
#include "lan-protocol/uplink.hpp"

namespace larder {
namespace {

constexpr std::string_view kRoot = "larder/v1/p";

struct TopicRow {
  UplinkTopic topic;
  std::string_view tail;
};
constexpr std::array kTopicRows = {
    TopicRow{UplinkTopic::Hello, "up/hello"},   TopicRow{UplinkTopic::Events, "up/ev"},
    TopicRow{UplinkTopic::WordsAck, "up/dack"}, TopicRow{UplinkTopic::Tell, "up/tell"},
    TopicRow{UplinkTopic::Ack, "dn/ack"},       TopicRow{UplinkTopic::Words, "dn/cmd"},
    TopicRow{UplinkTopic::Ask, "dn/ask"},       TopicRow{UplinkTopic::Lost, "dn/ev"},
    TopicRow{UplinkTopic::Presence, "st"},
};

std::string partition_root(unsigned partition) {
  return std::string(kRoot) + static_cast<char>('0' + partition / 10) +
         static_cast<char>('0' + partition % 10) + "/";
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<StoreId> store_of(std::string_view word) {
  std::string text;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] != '%') {
      text.push_back(word[i]);
      continue;
    }
    if (i + 2 >= word.size()) return std::nullopt;
    const auto high = hex_digit(word[i + 1]);
    const auto low = hex_digit(word[i + 2]);
    if (!high || !low) return std::nullopt;
    text.push_back(static_cast<char>(*high * 16 + *low));
    i += 2;
  }
  if (!is_id(text)) return std::nullopt;
  return StoreId(std::move(text));
}

}  // namespace

unsigned partition_of(const StoreId& store) { return crc32c(store.text()) % kPartitions; }

std::string topic_word(const StoreId& store) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string word;
  for (const char c : store.text()) {
    if (c != '/' && c != '+' && c != '#' && c != '%') {
      word.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    word.push_back('%');
    word.push_back(kDigits[byte / 16]);
    word.push_back(kDigits[byte % 16]);
  }
  return word;
}

std::string topic_of(const StoreId& store, UplinkTopic topic) {
  std::string text = partition_root(partition_of(store)) + topic_word(store) + "/";
  for (const TopicRow& row : kTopicRows) {
    if (row.topic == topic) text += row.tail;
  }
  return text;
}

Result<TopicPlace> read_topic(std::string_view topic) {
  const auto none = [] { return refuse(Code::NotFound, "no topic of ours"); };
  if (!topic.starts_with(kRoot) || topic.size() < kRoot.size() + 4) return none();
  const std::string_view rest = topic.substr(kRoot.size());
  if (std::isdigit(static_cast<unsigned char>(rest[0])) == 0 ||
      std::isdigit(static_cast<unsigned char>(rest[1])) == 0 || rest[2] != '/') {
    return none();
  }
  TopicPlace place;
  place.partition = static_cast<unsigned>((rest[0] - '0') * 10 + (rest[1] - '0'));
  const std::string_view after = rest.substr(3);
  const std::size_t slash = after.find('/');
  if (slash == std::string_view::npos) return none();
  auto store = store_of(after.substr(0, slash));
  if (!store || partition_of(*store) != place.partition) return none();
  place.store = std::move(*store);
  for (const TopicRow& row : kTopicRows) {
    if (row.tail != after.substr(slash + 1)) continue;
    place.topic = row.topic;
    return place;
  }
  return none();
}

std::vector<std::string> relay_filters(unsigned partition) {
  const std::string root = partition_root(partition);
  return {root + "+/up/#", root + "+/st"};
}

std::vector<std::string> hub_filters(const StoreId& store) {
  const unsigned partition = partition_of(store);
  return {partition_root(partition) + topic_word(store) + "/dn/#", relay_presence_topic(partition)};
}

std::string relay_presence_topic(unsigned partition) { return partition_root(partition) + "relay"; }

}  // namespace larder
