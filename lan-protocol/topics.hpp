// Topics: what a screen can follow, who may, and which events belong to each.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ledger/device.hpp"
#include "core/ledger/events.hpp"
#include "core/ledger/ledger.hpp"

namespace larder {

enum class Topic { Menu, Kitchen, Orders, Stock, Devices };
inline constexpr std::size_t kTopics = 5;
inline constexpr std::array<Topic, kTopics> kAllTopics = {
    Topic::Menu, Topic::Kitchen, Topic::Orders, Topic::Stock, Topic::Devices};

using TopicSet = std::uint8_t;  // bits of 1 << Topic
constexpr TopicSet topic_bit(Topic topic) {
  return static_cast<TopicSet>(1U << static_cast<unsigned>(topic));
}

std::string_view topic_name(Topic topic);
std::optional<Topic> find_topic(std::string_view name);
Roles topic_roles(Topic topic);
TopicSet topics_of(const Event& event);

// The `view` of a snapshot, canonical JSON.
std::string view_of(Topic topic, const Ledger& ledger);

}  // namespace larder
