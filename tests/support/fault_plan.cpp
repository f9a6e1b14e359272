#include "tests/support/fault_plan.hpp"

#include <sqlite3.h>

#include <cstring>

namespace larder::edge {
namespace {

bool can_strike(Fault fault, Call call) {
  switch (fault) {
    case Fault::None:
      return false;
    case Fault::Full:
    case Fault::WriteError:
      return call == Call::Write;
    case Fault::SyncError:
    case Fault::SyncDropped:
      return call == Call::Sync;
    case Fault::FolderSyncError:
      return call == Call::FolderSync;
    case Fault::ReadError:
    case Fault::ShortRead:
      return call == Call::Read;
    case Fault::TruncateError:
      return call == Call::Truncate;
    case Fault::SizeError:
      return call == Call::Size;
    case Fault::LockError:
      return call == Call::Lock;
    case Fault::ShmMapError:
      return call == Call::ShmMap;
    case Fault::ShmLockError:
      return call == Call::ShmLock;
    case Fault::DeleteError:
      return call == Call::Delete;
    case Fault::RenameError:
      return call == Call::Rename;
    case Fault::CannotOpen:
      return call == Call::Open;
    case Fault::NoMemory:
      return call == Call::Open || call == Call::Read || call == Call::Write;
  }
  return false;
}

}  // namespace

void FaultPlan::arm(Fault fault, int after, Lasting lasting, const std::string& word) {
  fault_ = fault;
  left_ = after;
  lasting_ = lasting;
  word_ = word;
  has_struck_ = false;
}

std::optional<Fault> FaultPlan::strike(Call call, const char* name) {
  if (!can_strike(fault_, call)) return std::nullopt;
  if (!word_.empty() && (name == nullptr || std::strstr(name, word_.c_str()) == nullptr)) {
    return std::nullopt;
  }
  if (left_ > 0) {
    --left_;
    return std::nullopt;
  }
  if (has_struck_ && lasting_ == Lasting::Once) return std::nullopt;
  has_struck_ = true;
  return fault_;
}

const char* name_of(Fault fault) {
  switch (fault) {
    case Fault::None:
      return "no fault";
    case Fault::Full:
      return "disk full";
    case Fault::WriteError:
      return "write error";
    case Fault::SyncError:
      return "sync error";
    case Fault::SyncDropped:
      return "sync error, pages dropped";
    case Fault::FolderSyncError:
      return "folder sync error";
    case Fault::ReadError:
      return "read error";
    case Fault::ShortRead:
      return "short read";
    case Fault::TruncateError:
      return "truncate error";
    case Fault::SizeError:
      return "size error";
    case Fault::LockError:
      return "lock error";
    case Fault::ShmMapError:
      return "shared memory error";
    case Fault::ShmLockError:
      return "shared memory lock error";
    case Fault::DeleteError:
      return "delete error";
    case Fault::RenameError:
      return "rename error";
    case Fault::CannotOpen:
      return "cannot open";
    case Fault::NoMemory:
      return "no memory";
  }
  return "";
}

int sqlite_code(Fault fault) {
  switch (fault) {
    case Fault::None:
      return SQLITE_OK;
    case Fault::Full:
      return SQLITE_FULL;
    case Fault::WriteError:
      return SQLITE_IOERR_WRITE;
    case Fault::SyncError:
    case Fault::SyncDropped:
      return SQLITE_IOERR_FSYNC;
    case Fault::FolderSyncError:
      return SQLITE_IOERR_DIR_FSYNC;
    case Fault::ReadError:
      return SQLITE_IOERR_READ;
    case Fault::ShortRead:
      return SQLITE_IOERR_SHORT_READ;
    case Fault::TruncateError:
      return SQLITE_IOERR_TRUNCATE;
    case Fault::SizeError:
      return SQLITE_IOERR_FSTAT;
    case Fault::LockError:
      return SQLITE_IOERR_LOCK;
    case Fault::ShmMapError:
      return SQLITE_IOERR_SHMMAP;
    case Fault::ShmLockError:
      return SQLITE_IOERR_SHMLOCK;
    case Fault::DeleteError:
      return SQLITE_IOERR_DELETE;
    case Fault::RenameError:
      return SQLITE_IOERR;
    case Fault::CannotOpen:
      return SQLITE_CANTOPEN;
    case Fault::NoMemory:
      return SQLITE_IOERR_NOMEM;
  }
  return SQLITE_ERROR;
}

}  // namespace larder::edge
