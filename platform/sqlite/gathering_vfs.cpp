#include "platform/sqlite/gathering_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <new>
#include <string>

namespace larder::sql {
namespace {

// Of sqlite.org/fileformat2.html, section 4: the -wal's header and where it says how long a page
// is, a frame's header and where it says that the frame ends a transaction.
constexpr int kHeaderBytes = 32, kPageSizeAt = 8;
constexpr int kFrameHeaderBytes = 24, kPagesAtCommit = 4;

struct Vfs {
  sqlite3_vfs shown;  // first: SQLite hands back a pointer to it
  sqlite3_vfs* base;
  std::string name;
};

// What a -wal has in hand.
struct Gathered {
  std::unique_ptr<std::max_align_t[]> memory;
  sqlite3_file* real = nullptr;
  std::string bytes;
  sqlite3_int64 at = 0;          // of the first of them
  sqlite3_int64 lost_from = -1;  // what was taken and could not be written; -1: nothing
  sqlite3_int64 ended_at = -1;   // where the frame began that ended a transaction last
  std::uint32_t page_bytes = 0;  // 0: not known yet
  // What was written last: of what ends a transaction the page, the header; anything else.
  enum class Last { Other, LastHeader, LastPage } last = Last::Other;
  bool is_put_off = false;
};

struct WalFile {
  sqlite3_file base;
  Gathered* gathered;
};

Gathered& of(sqlite3_file* file) { return *reinterpret_cast<WalFile*>(file)->gathered; }
sqlite3_file* real_of(sqlite3_file* file) { return of(file).real; }

int write_out(Gathered& wal) {
  if (wal.bytes.empty()) return SQLITE_OK;
  const int size = static_cast<int>(wal.bytes.size());
  const int code = wal.real->pMethods->xWrite(wal.real, wal.bytes.data(), size, wal.at);
  if (code != SQLITE_OK) wal.lost_from = wal.at;
  wal.bytes.clear();
  return code;
}

std::uint32_t number_at(const void* bytes, int at) {
  const auto* const first = static_cast<const std::uint8_t*>(bytes) + at;
  return std::uint32_t{first[0]} << 24U | std::uint32_t{first[1]} << 16U |
         std::uint32_t{first[2]} << 8U | first[3];
}

// The header is written when a -wal begins, and read when it is found.
void learn(Gathered& wal, const void* bytes, int size, sqlite3_int64 offset) {
  if (offset == 0 && size >= kHeaderBytes) wal.page_bytes = number_at(bytes, kPageSizeAt);
}

// A piece of a page may be as long as a frame's header: the padding of a commit is cut where its
// sync is. Frames begin where frames begin.
bool begins_frame(const Gathered& wal, int size, sqlite3_int64 offset) {
  if (size != kFrameHeaderBytes) return false;
  const auto frame = static_cast<sqlite3_int64>(wal.page_bytes) + kFrameHeaderBytes;
  return wal.page_bytes == 0 || (offset - kHeaderBytes) % frame == 0;
}

int close_wal(sqlite3_file* file) {
  Gathered* const wal = &of(file);
  const int wrote = write_out(*wal);
  const int code = wal->real->pMethods->xClose(wal->real);
  delete wal;
  file->pMethods = nullptr;
  return wrote != SQLITE_OK ? wrote : code;
}

int read_wal(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
  Gathered& wal = of(file);
  if (const int code = write_out(wal); code != SQLITE_OK) return code;
  if (wal.lost_from >= 0 && offset + size > wal.lost_from) return SQLITE_IOERR_READ;
  const int code = wal.real->pMethods->xRead(wal.real, into, size, offset);
  if (code == SQLITE_OK) learn(wal, into, size, offset);
  return code;
}

// Whether the file must have it all after this write: a commit ends, or its padding does, which is
// cut in two where the sync is.
bool ends_commit(Gathered& wal, const void* from, int size, sqlite3_int64 offset) {
  using Last = Gathered::Last;
  if (offset == 0) {
    learn(wal, from, size, offset);
    wal.last = Last::Other;
    return false;
  }
  if (begins_frame(wal, size, offset)) {
    const bool will_end = number_at(from, kPagesAtCommit) != 0;
    wal.last = will_end ? Last::LastHeader : Last::Other;
    // A commit over pages it had spilled makes the checksums anew: headers without pages.
    return will_end && offset == wal.ended_at;
  }
  if (wal.last == Last::Other) return false;
  if (wal.last == Last::LastHeader) wal.ended_at = offset - kFrameHeaderBytes;
  wal.last = Last::LastPage;
  return true;
}

int write_wal(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  Gathered& wal = of(file);
  // Only a frame is written again: a page alone is written over where it was before the loss.
  const bool begins = offset == 0 || begins_frame(wal, size, offset);
  if (wal.lost_from >= 0 && (offset > wal.lost_from || !begins)) return SQLITE_IOERR_WRITE;
  wal.lost_from = -1;
  const bool follows = offset == wal.at + static_cast<sqlite3_int64>(wal.bytes.size());
  const bool fits = wal.bytes.size() + static_cast<std::size_t>(size) <= kGatheredBytesMax;
  if (!follows || !fits) {
    if (const int code = write_out(wal); code != SQLITE_OK) return code;
  }
  if (wal.bytes.empty()) wal.at = offset;
  wal.bytes.append(static_cast<const char*>(from), static_cast<std::size_t>(size));
  return ends_commit(wal, from, size, offset) ? write_out(wal) : SQLITE_OK;
}

int truncate_wal(sqlite3_file* file, sqlite3_int64 size) {
  Gathered& wal = of(file);
  if (const int code = write_out(wal); code != SQLITE_OK) return code;
  return wal.real->pMethods->xTruncate(wal.real, size);
}

int sync_wal(sqlite3_file* file, int flags) {
  Gathered& wal = of(file);
  if (const int code = write_out(wal); code != SQLITE_OK) return code;
  // Of a -wal that begins anew the header must be on the disk before its frames: not put off.
  if (wal.is_put_off && wal.last == Gathered::Last::LastPage) return SQLITE_OK;
  return wal.real->pMethods->xSync(wal.real, flags);
}

int size_of_wal(sqlite3_file* file, sqlite3_int64* size) {
  Gathered& wal = of(file);
  if (const int code = write_out(wal); code != SQLITE_OK) return code;
  return wal.real->pMethods->xFileSize(wal.real, size);
}

int lock_wal(sqlite3_file* file, int level) {
  return real_of(file)->pMethods->xLock(real_of(file), level);
}

int unlock_wal(sqlite3_file* file, int level) {
  return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

int check_lock(sqlite3_file* file, int* reserved) {
  return real_of(file)->pMethods->xCheckReservedLock(real_of(file), reserved);
}

int control_wal(sqlite3_file* file, int what, void* argument) {
  return real_of(file)->pMethods->xFileControl(real_of(file), what, argument);
}

int sector_size(sqlite3_file* file) { return real_of(file)->pMethods->xSectorSize(real_of(file)); }

int device_traits(sqlite3_file* file) {
  return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

// Version 1: a -wal is neither shared memory nor mapped.
const sqlite3_io_methods kMethods = {
    1,        close_wal,  read_wal,   write_wal,   truncate_wal, sync_wal,      size_of_wal,
    lock_wal, unlock_wal, check_lock, control_wal, sector_size,  device_traits, nullptr,
    nullptr,  nullptr,    nullptr,    nullptr,     nullptr};

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out) {
  sqlite3_vfs* const base = reinterpret_cast<Vfs*>(vfs)->base;
  if ((flags & SQLITE_OPEN_WAL) == 0) return base->xOpen(base, path, file, flags, out);
  file->pMethods = nullptr;
  auto wal = std::make_unique<Gathered>();
  const auto bytes = static_cast<std::size_t>(base->szOsFile);
  wal->memory = std::make_unique<std::max_align_t[]>(bytes / sizeof(std::max_align_t) + 1);
  wal->real = reinterpret_cast<sqlite3_file*>(wal->memory.get());
  const int code = base->xOpen(base, path, wal->real, flags, out);
  if (wal->real->pMethods == nullptr) return code;
  if (code != SQLITE_OK) {
    (void)wal->real->pMethods->xClose(wal->real);
    return code;
  }
  wal->bytes.reserve(kGatheredBytesMax);
  file->pMethods = &kMethods;
  reinterpret_cast<WalFile*>(file)->gathered = wal.release();
  return code;
}

}  // namespace

void put_off_sync(sqlite3* database, bool is_put_off) {
  sqlite3_file* log = nullptr;
  sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log != nullptr && log->pMethods == &kMethods) of(log).is_put_off = is_put_off;
}

// One for each default VFS that the process has had: a test may put its own below.
const char* gathering_vfs() {
  static std::mutex mutex;
  static std::deque<Vfs> made;
  const std::lock_guard lock(mutex);
  sqlite3_vfs* const base = sqlite3_vfs_find(nullptr);
  if (base == nullptr) return nullptr;
  for (const Vfs& one : made) {
    if (one.base == base) return one.name.c_str();
  }
  Vfs& vfs = made.emplace_back();
  vfs.base = base;
  vfs.name = std::string("gathering-") + base->zName;
  vfs.shown = *base;
  vfs.shown.zName = vfs.name.c_str();
  vfs.shown.pNext = nullptr;
  vfs.shown.szOsFile = std::max(base->szOsFile, static_cast<int>(sizeof(WalFile)));
  vfs.shown.xOpen = open_file;
  return sqlite3_vfs_register(&vfs.shown, 0) == SQLITE_OK ? vfs.name.c_str() : nullptr;
}

}  // namespace larder::sql
