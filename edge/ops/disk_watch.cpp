#include "edge/ops/disk_watch.hpp"

#include <sys/statvfs.h>

#include <array>

namespace larder::edge {
namespace {

constexpr Duration kLookEvery = Duration::seconds(60);
constexpr std::array kMarks = {80, 60};  // percent, the highest first
constexpr int kWellBelow = 5;            // so that a disk on the mark is not said every minute

}  // namespace

DiskWatch::Look DiskWatch::of_directory(std::filesystem::path directory) {
  return [directory = std::move(directory)]() -> std::optional<int> {
    struct statvfs found {};
    if (::statvfs(directory.c_str(), &found) != 0 || found.f_blocks == 0) return std::nullopt;
    // As df has it: what the owner alone may use counts as used.
    const std::uint64_t taken = found.f_blocks - found.f_bfree;
    const std::uint64_t all = taken + found.f_bavail;
    return all == 0 ? 100 : static_cast<int>((taken * 100 + all - 1) / all);
  };
}

std::optional<std::string> DiskWatch::tick(Duration steady) {
  if (next_look_ && steady < *next_look_) return std::nullopt;
  next_look_ = steady + kLookEvery;
  used_ = look_();
  if (!used_) return std::nullopt;
  return judge(*used_);
}

std::optional<std::string> DiskWatch::judge(int used) {
  if (used < said_ - kWellBelow) said_ = 0;
  for (const int mark : kMarks) {
    if (used < mark) continue;
    if (mark <= said_) return std::nullopt;
    said_ = mark;
    return "the disk is " + std::to_string(used) +
           " % full; orders are taken until it is full: make room on it (old backups?)";
  }
  return std::nullopt;
}

}  // namespace larder::edge
