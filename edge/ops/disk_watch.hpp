// DiskWatch: says in time that the disk of the data directory fills up, long before it is full: the
// journal keeps what the cloud has not taken, and a shop that is offline for weeks needs the room.
// Lives from main() to shutdown; network thread.
// Limits: looks once a minute; says each mark once, and again only after the disk was well below.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "core/base/time.hpp"

namespace larder::edge {

class DiskWatch {
 public:
  // How full the disk is, 0 to 100; none when that cannot be known.
  using Look = std::function<std::optional<int>()>;
  static Look of_directory(std::filesystem::path directory);

  explicit DiskWatch(Look look) : look_(std::move(look)) {}

  // To be called often. A sentence for the operator when a mark was passed.
  std::optional<std::string> tick(Duration steady);
  // As it was looked at last; none before the first look.
  std::optional<int> used_percent() const { return used_; }

 private:
  std::optional<std::string> judge(int used);

  Look look_;
  std::optional<int> used_;
  std::optional<Duration> next_look_;
  int said_ = 0;  // the highest mark that was said and still holds
};

}  // namespace larder::edge
