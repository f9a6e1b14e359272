#include "tests/storage/faulty_vfs.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <cstring>

namespace larder::edge {
namespace {

struct State {
  Fault fault = Fault::None;
  int left = 0;
  Lasting lasting = Lasting::Once;
  std::string word;
  bool has_struck = false;
};

State state;
sqlite3_vfs* real_vfs = nullptr;
sqlite3_vfs faulty_vfs;

// SQLite allocates this, and the real file right behind it.
struct File {
  sqlite3_file base;
  const char* name;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* as_file(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* real_of(sqlite3_file* file) { return as_file(file)->real(); }

bool strikes(sqlite3_file* file, bool is_sync) {
  const bool meant = is_sync ? state.fault == Fault::SyncError
                             : state.fault == Fault::Full || state.fault == Fault::WriteError;
  const char* name = as_file(file)->name;
  if (!meant || name == nullptr || std::strstr(name, state.word.c_str()) == nullptr) return false;
  if (state.left-- > 0) return false;
  if (state.has_struck && state.lasting == Lasting::Once) return false;
  state.has_struck = true;
  return true;
}

int close_file(sqlite3_file* file) { return real_of(file)->pMethods->xClose(real_of(file)); }

int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  return real_of(file)->pMethods->xRead(real_of(file), to, size, at);
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  if (strikes(file, false)) return state.fault == Fault::Full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  return real_of(file)->pMethods->xWrite(real_of(file), from, size, at);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

int sync_real(sqlite3_file* file, int flags) {
  if (strikes(file, true)) return SQLITE_IOERR_FSYNC;
  return real_of(file)->pMethods->xSync(real_of(file), flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

int lock_file(sqlite3_file* file, int level) {
  return real_of(file)->pMethods->xLock(real_of(file), level);
}

int unlock_file(sqlite3_file* file, int level) {
  return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

int check_lock(sqlite3_file* file, int* reserved) {
  return real_of(file)->pMethods->xCheckReservedLock(real_of(file), reserved);
}

int control_file(sqlite3_file* file, int what, void* argument) {
  return real_of(file)->pMethods->xFileControl(real_of(file), what, argument);
}

int sector_size(sqlite3_file* file) { return real_of(file)->pMethods->xSectorSize(real_of(file)); }

int device_traits(sqlite3_file* file) {
  return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

// Version 1 has no shared memory: a store locks exclusively and needs none.
const sqlite3_io_methods kMethods = {
    1,         close_file,  read_file,  write_file,   truncate_file, sync_real,     file_size,
    lock_file, unlock_file, check_lock, control_file, sector_size,   device_traits, nullptr,
    nullptr,   nullptr,     nullptr,    nullptr,      nullptr};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
  File* opened = as_file(file);
  opened->name = name;
  opened->base.pMethods = nullptr;
  const int code = real_vfs->xOpen(real_vfs, name, opened->real(), flags, out);
  if (opened->real()->pMethods != nullptr) opened->base.pMethods = &kMethods;
  return code;
}

}  // namespace

FaultyVfs::FaultyVfs() {
  state = State{};
  real_vfs = sqlite3_vfs_find(nullptr);
  if (real_vfs == nullptr) std::abort();
  faulty_vfs = *real_vfs;
  faulty_vfs.zName = "faulty";
  faulty_vfs.pNext = nullptr;
  faulty_vfs.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
  faulty_vfs.xOpen = open_file;
  sqlite3_vfs_register(&faulty_vfs, 1);
}

FaultyVfs::~FaultyVfs() {
  sqlite3_vfs_unregister(&faulty_vfs);
  sqlite3_vfs_register(real_vfs, 1);
}

void FaultyVfs::arm(Fault fault, int after, Lasting lasting, const std::string& word) {
  state = State{fault, after, lasting, word, false};
}

void FaultyVfs::heal() { state.fault = Fault::None; }

bool FaultyVfs::has_struck() const { return state.has_struck; }

}  // namespace larder::edge
