// The VFS under a FaultyDisk: the machine's own, with every call passed by the disk first, which
// may strike it, and noted there when it changed a file. Files of no FaultyDisk pass untouched.
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <string>
#include <utility>

#include "tests/support/faulty_disk.hpp"

namespace larder::edge {
namespace {

sqlite3_vfs* real_vfs = nullptr;
sqlite3_vfs faulty_vfs;

struct Seen {
  FaultyDisk* disk = nullptr;  // null: not one of ours
  std::string name;
  // As in SQLite's own unix VFS: the first sync of a new journal or -wal syncs its folder too.
  bool must_sync_folder = false;
};

// SQLite allocates this, and the real file right behind it.
struct File {
  sqlite3_file base;
  Seen* seen;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* as_file(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* real_of(sqlite3_file* file) { return as_file(file)->real(); }
Seen& seen_of(sqlite3_file* file) { return *as_file(file)->seen; }

// The code of the fault that strikes, SQLITE_OK for none.
int struck(sqlite3_file* file, Call call) {
  Seen& seen = seen_of(file);
  if (seen.disk == nullptr) return SQLITE_OK;
  if (seen.disk->is_unplugged()) return SQLITE_IOERR;
  const auto fault = seen.disk->strike(call, seen.name);
  return fault ? sqlite_code(*fault) : SQLITE_OK;
}

void note(sqlite3_file* file, DiskOp op) {
  Seen& seen = seen_of(file);
  if (seen.disk == nullptr) return;
  op.name = seen.name;
  seen.disk->record(std::move(op));
}

int close_file(sqlite3_file* file) {
  const int code = real_of(file)->pMethods->xClose(real_of(file));
  delete as_file(file)->seen;
  as_file(file)->seen = nullptr;
  return code;
}

int read_file(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
  const int code = struck(file, Call::Read);
  if (code == SQLITE_OK) return real_of(file)->pMethods->xRead(real_of(file), into, size, offset);
  if (code == SQLITE_IOERR_SHORT_READ) {
    const int half = size / 2;
    (void)real_of(file)->pMethods->xRead(real_of(file), into, half, offset);
    char* rest = static_cast<char*>(into) + half;
    std::fill(rest, rest + (size - half), '\0');  // as SQLite demands of every VFS
  }
  return code;
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
  const int code = struck(file, Call::Write);
  if (seen_of(file).disk != nullptr && seen_of(file).disk->is_unplugged()) return code;
  // What fails in the middle has written whole sectors.
  const int part = code == SQLITE_OK ? size : size / 2 / 512 * 512;
  if (part == 0) return code;
  const int wrote = real_of(file)->pMethods->xWrite(real_of(file), from, part, offset);
  if (wrote != SQLITE_OK) return wrote;
  note(file, {DiskOp::Kind::Write,
              {},
              {},
              static_cast<std::uint64_t>(offset),
              std::string(static_cast<const char*>(from), static_cast<std::size_t>(part))});
  return code;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  const int code = struck(file, Call::Truncate);
  if (code != SQLITE_OK) return code;
  const int cut = real_of(file)->pMethods->xTruncate(real_of(file), size);
  if (cut != SQLITE_OK) return cut;
  // A file that grows in steps (SQLITE_FCNTL_CHUNK_SIZE) also shrinks in steps.
  (void)real_of(file)->pMethods->xFileSize(real_of(file), &size);
  note(file, {DiskOp::Kind::Truncate, {}, {}, static_cast<std::uint64_t>(size), {}});
  return SQLITE_OK;
}

int sync_real(sqlite3_file* file, int flags) {
  Seen& seen = seen_of(file);
  if (seen.disk == nullptr) return real_of(file)->pMethods->xSync(real_of(file), flags);
  if (seen.disk->is_unplugged()) return SQLITE_IOERR;
  if (const auto fault = seen.disk->strike(Call::Sync, seen.name)) {
    if (*fault == Fault::SyncDropped) note(file, {DiskOp::Kind::Forget, {}, {}, 0, {}});
    return sqlite_code(*fault);
  }
  note(file, {DiskOp::Kind::Sync, {}, {}, 0, {}});
  if (!std::exchange(seen.must_sync_folder, false)) return SQLITE_OK;
  if (const auto fault = seen.disk->strike(Call::FolderSync, seen.name)) return sqlite_code(*fault);
  seen.disk->record({DiskOp::Kind::SyncFolder, folder_of(seen.name), {}, 0, {}});
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  const int code = struck(file, Call::Size);
  return code == SQLITE_OK ? real_of(file)->pMethods->xFileSize(real_of(file), size) : code;
}

int lock_file(sqlite3_file* file, int level) {
  const int code = struck(file, Call::Lock);
  return code == SQLITE_OK ? real_of(file)->pMethods->xLock(real_of(file), level) : code;
}

int unlock_file(sqlite3_file* file, int level) {
  return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

int check_lock(sqlite3_file* file, int* reserved) {
  return real_of(file)->pMethods->xCheckReservedLock(real_of(file), reserved);
}

// A hint of the size to come lets the real file grow.
int control_file(sqlite3_file* file, int what, void* argument) {
  if (what != SQLITE_FCNTL_SIZE_HINT || seen_of(file).disk == nullptr) {
    return real_of(file)->pMethods->xFileControl(real_of(file), what, argument);
  }
  if (const int code = struck(file, Call::Write); code != SQLITE_OK) return code;
  sqlite3_int64 before = 0;
  sqlite3_int64 after = 0;
  (void)real_of(file)->pMethods->xFileSize(real_of(file), &before);
  const int code = real_of(file)->pMethods->xFileControl(real_of(file), what, argument);
  (void)real_of(file)->pMethods->xFileSize(real_of(file), &after);
  if (after != before) {
    note(file, {DiskOp::Kind::Truncate, {}, {}, static_cast<std::uint64_t>(after), {}});
  }
  return code;
}

int sector_size(sqlite3_file* file) { return real_of(file)->pMethods->xSectorSize(real_of(file)); }

int device_traits(sqlite3_file* file) {
  return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** mapped) {
  const int code = struck(file, Call::ShmMap);
  if (code != SQLITE_OK) return code;
  return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, mapped);
}

int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  const int code = struck(file, Call::ShmLock);
  if (code != SQLITE_OK) return code;
  return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

void barrier_shared(sqlite3_file* file) { real_of(file)->pMethods->xShmBarrier(real_of(file)); }

int unmap_shared(sqlite3_file* file, int remove) {
  return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

const sqlite3_io_methods kMethods = {2,
                                     close_file,
                                     read_file,
                                     write_file,
                                     truncate_file,
                                     sync_real,
                                     file_size,
                                     lock_file,
                                     unlock_file,
                                     check_lock,
                                     control_file,
                                     sector_size,
                                     device_traits,
                                     map_shared,
                                     lock_shared,
                                     barrier_shared,
                                     unmap_shared,
                                     nullptr,
                                     nullptr};

int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out) {
  File* opened = as_file(file);
  opened->base.pMethods = nullptr;
  auto seen = std::make_unique<Seen>();
  seen->disk = path != nullptr ? FaultyDisk::of(path) : nullptr;
  bool is_new = false;
  if (seen->disk != nullptr) {
    seen->name = seen->disk->name_of(path);
    if (seen->disk->is_unplugged()) return SQLITE_CANTOPEN;
    if (const auto fault = seen->disk->strike(Call::Open, seen->name)) return sqlite_code(*fault);
    is_new = ::access(path, F_OK) != 0;
  }
  const int code = real_vfs->xOpen(real_vfs, path, opened->real(), flags, out);
  if (opened->real()->pMethods == nullptr) return code;
  const int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
  seen->must_sync_folder = is_new && (flags & journals) != 0;
  opened->base.pMethods = &kMethods;
  opened->seen = seen.release();
  if (code == SQLITE_OK && (flags & SQLITE_OPEN_READWRITE) != 0) {
    note(file, {DiskOp::Kind::Create, {}, {}, 0, {}});
  }
  return code;
}

int delete_file(sqlite3_vfs*, const char* path, int sync_folder) {
  FaultyDisk* disk = FaultyDisk::of(path);
  if (disk == nullptr) return real_vfs->xDelete(real_vfs, path, sync_folder);
  if (disk->is_unplugged()) return SQLITE_IOERR_DELETE;
  const std::string name = disk->name_of(path);
  if (const auto fault = disk->strike(Call::Delete, name)) return sqlite_code(*fault);
  const int code = real_vfs->xDelete(real_vfs, path, 0);
  if (code != SQLITE_OK) return code;
  disk->record({DiskOp::Kind::Remove, name, {}, 0, {}});
  if (sync_folder == 0) return SQLITE_OK;
  if (const auto fault = disk->strike(Call::FolderSync, name)) return sqlite_code(*fault);
  disk->record({DiskOp::Kind::SyncFolder, folder_of(name), {}, 0, {}});
  return SQLITE_OK;
}

}  // namespace

void install_faulty_vfs() {
  static std::once_flag once;
  std::call_once(once, [] {
    real_vfs = sqlite3_vfs_find(nullptr);
    if (real_vfs == nullptr) std::abort();
    faulty_vfs = *real_vfs;
    faulty_vfs.zName = "faulty";
    faulty_vfs.pNext = nullptr;
    faulty_vfs.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
    faulty_vfs.xOpen = open_file;
    faulty_vfs.xDelete = delete_file;
    sqlite3_vfs_register(&faulty_vfs, 1);
  });
}

}  // namespace larder::edge
