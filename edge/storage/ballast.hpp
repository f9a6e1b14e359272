// Ballast: space set aside on a good day, so that a full disk still lets a few last groups be
// written. Life: with the Journal. Thread: the writer.
#pragma once

#include <cstdint>
#include <filesystem>

namespace larder::edge {

inline constexpr std::uint64_t kBallastBytes = 32ULL * 1024 * 1024;
// Taking the last free blocks for the ballast would make the very trouble that it is for.
inline constexpr std::uint64_t kBallastRoomFactor = 3;

class Ballast {
 public:
  Ballast(std::filesystem::path directory, std::uint64_t bytes);
  // Puts the file there when it is absent and the disk has room for it several times over. Failing
  // is a state, not an error.
  void set_aside();
  // Gives the space back to the disk. False when there was none to give.
  bool release();
  // What must be free before it is set aside, and what others should leave free.
  std::uint64_t room_wanted() const { return bytes_ * kBallastRoomFactor; }
  bool is_wanted() const { return bytes_ > 0; }
  bool is_set_aside() const { return is_set_aside_; }

 private:
  std::filesystem::path file_;
  std::uint64_t bytes_;
  bool is_set_aside_ = false;
};

}  // namespace larder::edge
