#include "tests/support/faulty_disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

namespace larder::edge {
namespace {

std::mutex& registry_mutex() {
  static std::mutex mutex;
  return mutex;
}

std::vector<FaultyDisk*>& registry() {
  static std::vector<FaultyDisk*> disks;
  return disks;
}

std::string bytes_in(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

FaultyDisk::FaultyDisk(const std::filesystem::path& folder)
    : folder_(std::filesystem::weakly_canonical(folder).string() + "/"),
      initial_(image_of(folder)) {
  for (const auto& [name, bytes] : initial_) known_.insert(name);
  install_faulty_vfs();
  const std::lock_guard lock(registry_mutex());
  registry().push_back(this);
}

FaultyDisk::~FaultyDisk() {
  const std::lock_guard lock(registry_mutex());
  std::erase(registry(), this);
}

FaultyDisk* FaultyDisk::of(std::string_view path) {
  const std::lock_guard lock(registry_mutex());
  for (FaultyDisk* disk : registry()) {
    const std::string_view folder(disk->folder_);
    if (path.starts_with(folder) || path == folder.substr(0, folder.size() - 1)) return disk;
  }
  return nullptr;
}

std::string FaultyDisk::name_of(std::string_view path) const {
  return path.size() < folder_.size() ? std::string() : std::string(path.substr(folder_.size()));
}

void FaultyDisk::arm(Fault fault, int after, Lasting lasting, const std::string& word) {
  const std::lock_guard lock(mutex_);
  plan_.arm(fault, after, lasting, word);
}

void FaultyDisk::heal() {
  const std::lock_guard lock(mutex_);
  plan_.heal();
}

bool FaultyDisk::has_struck() const {
  const std::lock_guard lock(mutex_);
  return plan_.has_struck();
}

void FaultyDisk::lie() {
  const std::lock_guard lock(mutex_);
  is_lying_ = true;
}

void FaultyDisk::unplug() {
  const std::lock_guard lock(mutex_);
  is_unplugged_ = true;
}

void FaultyDisk::plug_in() {
  const std::lock_guard lock(mutex_);
  is_unplugged_ = false;
}

bool FaultyDisk::is_unplugged() const {
  const std::lock_guard lock(mutex_);
  return is_unplugged_;
}

std::size_t FaultyDisk::operations() const {
  const std::lock_guard lock(mutex_);
  return trace_.size();
}

std::vector<DiskOp> FaultyDisk::trace() const {
  const std::lock_guard lock(mutex_);
  return trace_;
}

int FaultyDisk::shared_memory_calls() const {
  const std::lock_guard lock(mutex_);
  return shared_memory_calls_;
}

DiskImage FaultyDisk::after_power_cut(Fates fates) const {
  DiskModel model(initial_);
  for (const DiskOp& op : trace()) model.apply(op);
  return model.after_power_cut(fates);
}

std::optional<Fault> FaultyDisk::strike(Call call, const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (call == Call::ShmMap || call == Call::ShmLock) ++shared_memory_calls_;
  return plan_.strike(call, name.c_str());
}

void FaultyDisk::record(DiskOp op) {
  const std::lock_guard lock(mutex_);
  using Kind = DiskOp::Kind;
  if (is_lying_ && (op.kind == Kind::Sync || op.kind == Kind::SyncFolder)) return;
  if (op.kind == Kind::Create && !known_.insert(op.name).second) return;
  if (op.kind == Kind::Remove) known_.erase(op.name);
  if (op.kind == Kind::Rename) {
    known_.erase(op.name);
    known_.insert(op.to);
  }
  trace_.push_back(std::move(op));
}

DiskImage image_of(const std::filesystem::path& folder) {
  DiskImage image;
  std::error_code absent;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, absent)) {
    if (!entry.is_regular_file()) continue;
    image[std::filesystem::relative(entry.path(), folder).string()] = bytes_in(entry.path());
  }
  return image;
}

void write_image(const DiskImage& image, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
  for (const auto& [name, bytes] : image) {
    const auto file = folder / name;
    std::filesystem::create_directories(file.parent_path());
    const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    // Zeros at the end (a file that grows in steps) are a hole, not bytes.
    const auto used = bytes.find_last_not_of('\0') + 1;
    if (made < 0 || ::write(made, bytes.data(), used) != static_cast<ssize_t>(used) ||
        ::ftruncate(made, static_cast<off_t>(bytes.size())) != 0) {
      std::abort();
    }
    ::close(made);
  }
}

}  // namespace larder::edge
