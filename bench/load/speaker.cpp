#include "bench/load/speaker.hpp"

#include <array>
#include <utility>

namespace larder::bench {

MakeSpeaker speaker_of(std::string_view server) {
  using Row = std::pair<std::string_view, std::unique_ptr<Speaker> (*)(const Introduction&)>;
  constexpr std::array kServers = {
      Row{"larder", speak_larder},     Row{"redis", speak_redis},
      Row{"postgres", speak_postgres}, Row{"mariadb", speak_mariadb},
      Row{"relay", speak_relay},       Row{"relay-steps", speak_relay_steps}};
  for (const auto& [name, speak] : kServers) {
    if (name == server) return speak;
  }
  return nullptr;
}

std::string command_id(const Introduction& who, std::uint64_t number) {
  return who.run + "-" + std::to_string(who.number) + "-" + std::to_string(number);
}

}  // namespace larder::bench
