#include "tests/support/disk_model.hpp"

#include <algorithm>
#include <utility>

namespace larder::edge {
namespace {

constexpr std::uint64_t kSector = 512;
constexpr std::uint64_t kPage = 4096;

void put(std::string& bytes, std::uint64_t offset, std::string_view piece) {
  if (bytes.size() < offset + piece.size()) bytes.resize(offset + piece.size(), '\0');
  std::copy(piece.begin(), piece.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

// A boundary of `unit` strictly inside the range; its begin when there is none.
std::uint64_t boundary_in(std::uint64_t begin, std::uint64_t end, std::uint64_t unit,
                          Fates& fates) {
  const std::uint64_t first = begin / unit + 1;
  const std::uint64_t last = (end - 1) / unit;
  if (last < first) return begin;
  return (first + fates.below(last - first + 1)) * unit;
}

}  // namespace

std::string folder_of(std::string_view name) {
  const auto slash = name.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(name.substr(0, slash));
}

DiskModel::DiskModel(const DiskImage& durable) {
  for (const auto& [name, bytes] : durable) {
    auto file = std::make_shared<File>();
    file->durable = bytes;
    live_[name] = file;
    durable_[name] = file;
  }
}

DiskModel::File& DiskModel::file(const std::string& name) {
  auto& found = live_[name];
  if (!found) {  // opened without being made here: its name has yet to become durable
    found = std::make_shared<File>();
    name_changes_.push_back({DiskOp::Kind::Create, name, "", found});
  }
  return *found;
}

void DiskModel::apply(const DiskOp& op) {
  switch (op.kind) {
    case DiskOp::Kind::Write:
      file(op.name).pending.push_back(
          {false, op.offset, std::make_shared<const std::string>(op.bytes)});
      return;
    case DiskOp::Kind::Truncate:
      file(op.name).pending.push_back({true, op.offset, nullptr});
      return;
    case DiskOp::Kind::Sync:
      settle(file(op.name));
      return;
    case DiskOp::Kind::Forget:
      file(op.name).pending.clear();
      return;
    case DiskOp::Kind::SyncFolder: {
      std::vector<NameChange> others;
      for (const NameChange& change : name_changes_) {
        if (folder_of(change.name) == op.name) {
          settle(durable_, change);
        } else {
          others.push_back(change);
        }
      }
      name_changes_ = std::move(others);
      return;
    }
    case DiskOp::Kind::Create:
      static_cast<void>(file(op.name));
      return;
    case DiskOp::Kind::Rename:
    case DiskOp::Kind::Remove:
      change_name(op);
      return;
  }
}

void DiskModel::change_name(const DiskOp& op) {
  const auto found = live_.find(op.name);
  if (found == live_.end()) return;
  name_changes_.push_back({op.kind, op.name, op.to, found->second});
  if (op.kind == DiskOp::Kind::Rename) live_[op.to] = found->second;
  live_.erase(op.name);
}

void DiskModel::settle(File& file) {
  for (const Pending& op : file.pending) apply_whole(file.durable, op);
  file.pending.clear();
}

void DiskModel::settle(Names& names, const NameChange& change) {
  switch (change.kind) {
    case DiskOp::Kind::Create:
      names[change.name] = change.file;
      return;
    case DiskOp::Kind::Rename:
      names.erase(change.name);
      names[change.to] = change.file;
      return;
    default:
      names.erase(change.name);
  }
}

void DiskModel::apply_whole(std::string& bytes, const Pending& op) {
  if (op.is_truncate) {
    bytes.resize(op.offset, '\0');
  } else {
    put(bytes, op.offset, *op.bytes);
  }
}

void DiskModel::apply_by_fate(std::string& bytes, const Pending& op, Fates& fates) {
  const std::uint64_t fate = fates.below(6);
  if (fate == 0) return;  // dropped
  if (op.is_truncate || fate <= 2) return apply_whole(bytes, op);
  const std::uint64_t end = op.offset + op.bytes->size();
  const std::uint64_t unit = fate == 3 ? kPage : kSector;
  const std::uint64_t cut = boundary_in(op.offset, end, unit, fates);
  if (cut == op.offset) return apply_whole(bytes, op);
  const std::string_view all(*op.bytes);
  const std::uint64_t head = cut - op.offset;
  if (fate == 5) {  // the length had arrived, the blocks behind the cut had not
    put(bytes, op.offset, all.substr(0, head));
    put(bytes, cut, std::string(all.size() - head, '\0'));
  } else if (fates.below(2) == 0) {
    put(bytes, op.offset, all.substr(0, head));
  } else {
    put(bytes, cut, all.substr(head));
  }
}

// Media without powersafe overwrite rewrite whole sectors: a power cut meanwhile takes with it what
// shares a sector with the bytes that were being written.
void DiskModel::damage_neighbours(std::string& bytes, const Pending& op, Fates& fates) {
  if (op.is_truncate || op.bytes->empty() || fates.below(2) == 0) return;
  const std::uint64_t unit = fates.below(2) == 0 ? kSector : kPage;
  const std::uint64_t end = op.offset + op.bytes->size();
  const auto spoil = [&](std::uint64_t from, std::uint64_t to) {
    for (; from < std::min<std::uint64_t>(to, bytes.size()); ++from) {
      bytes[from] = static_cast<char>(fates.below(256));
    }
  };
  spoil(op.offset / unit * unit, op.offset);
  spoil(end, (end + unit - 1) / unit * unit);
}

std::string DiskModel::bytes_after(const File& file, Fates& fates) {
  std::string bytes = file.durable;
  if (fates.cut == Cut::NothingMore) return bytes;
  std::vector<const Pending*> order;
  for (const Pending& op : file.pending) order.push_back(&op);
  if (fates.cut == Cut::Everything) {
    for (const Pending* op : order) apply_whole(bytes, *op);
    return bytes;
  }
  // Out of order: now and then an operation overtakes one before it.
  for (std::size_t at = 1; at < order.size(); ++at) {
    if (fates.below(6) == 0) std::swap(order[at], order[fates.below(at)]);
  }
  for (const Pending* op : order) {
    if (fates.cut == Cut::Damaging) damage_neighbours(bytes, *op, fates);
    apply_by_fate(bytes, *op, fates);
  }
  return bytes;
}

DiskImage DiskModel::after_power_cut(Fates& fates) const {
  Names names = durable_;
  for (const NameChange& change : name_changes_) {
    const bool arrives =
        fates.cut == Cut::Everything || (fates.cut != Cut::NothingMore && fates.below(2) == 0);
    if (arrives) settle(names, change);
  }
  DiskImage image;
  for (const auto& [name, file] : names) image[name] = bytes_after(*file, fates);
  return image;
}

std::size_t DiskModel::unsynced() const {
  std::size_t count = name_changes_.size();
  for (const auto& [name, file] : live_) count += file->pending.size();
  return count;
}

}  // namespace larder::edge
