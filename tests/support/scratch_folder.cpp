#include "tests/support/scratch_folder.hpp"

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <system_error>

#include "edge/storage/disk.hpp"

namespace larder::edge {
namespace {

// Thousands of syncs on a busy disk take minutes and prove nothing more: what is lost at a power
// cut is decided by the model, not by the machine.
std::filesystem::path place() {
  constexpr std::uint64_t kRoom = 1ULL << 30U;
  const std::filesystem::path memory = "/dev/shm";
  return free_bytes(memory) >= kRoom ? memory : std::filesystem::temp_directory_path();
}

}  // namespace

ScratchFolder::ScratchFolder() {
  std::string name = (place() / "larder-disk-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code failed;
  std::filesystem::remove_all(path_, failed);
}

}  // namespace larder::edge
