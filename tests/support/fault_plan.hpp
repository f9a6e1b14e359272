// FaultPlan: which call of a disk fails, how, and for how long. Calls of a kind are counted in the
// order in which they are made, so that "the k-th write" is the same one in every run. Thread: any
// (the owner locks). Limits: one fault at a time.
#pragma once

#include <optional>
#include <string>

namespace larder::edge {

enum class Fault {
  None,
  Full,             // a write finds no room; the first sectors of it are there
  WriteError,       // EIO, the first sectors are there
  SyncError,        // EIO; what was written may or may not be on the disk
  SyncDropped,      // EIO, and the pages are dropped: the next sync succeeds without them
  FolderSyncError,  // a name may not be durable
  ReadError,
  ShortRead,  // fewer bytes than asked for
  TruncateError,
  SizeError,  // fstat fails
  LockError,
  ShmMapError,
  ShmLockError,
  DeleteError,
  RenameError,
  CannotOpen,
  NoMemory,  // any call that may allocate
};

enum class Lasting { Once, FromThenOn };

enum class Call {
  Open,
  Read,
  Write,
  Truncate,
  Sync,
  FolderSync,
  Size,
  Lock,
  ShmMap,
  ShmLock,
  Delete,
  Rename,
};

class FaultPlan {
 public:
  // The next `after` calls that the fault could strike pass; the one behind them fails. Only files
  // whose name contains `word`.
  void arm(Fault fault, int after, Lasting lasting, const std::string& word);
  void heal() { fault_ = Fault::None; }
  bool has_struck() const { return has_struck_; }
  // The fault that strikes this call, if one does.
  std::optional<Fault> strike(Call call, const char* name);

 private:
  Fault fault_ = Fault::None;
  int left_ = 0;
  Lasting lasting_ = Lasting::Once;
  std::string word_;
  bool has_struck_ = false;
};

// For a message: "write error".
const char* name_of(Fault fault);
// What SQLite is told.
int sqlite_code(Fault fault);

}  // namespace larder::edge
