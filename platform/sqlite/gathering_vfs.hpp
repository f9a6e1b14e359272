// A VFS that gathers what SQLite writes to a -wal. SQLite writes each frame in two calls, 24 bytes
// and a page; here the frames of a transaction go to the file in few calls, and are there when its
// commit returns: the bytes, their order and the syncs are the same. All other files are those of
// the process's default VFS. Source: sqlite.org/vfs.html, sqlite.org/walformat.html.
// Life: for ever, as SQLite demands of a VFS. Thread: any; a file belongs to its connection.
// Limits: kGatheredBytesMax held for a -wal (a page has no more); one connection that writes it, as
// with locking_mode=EXCLUSIVE. Errors: a write that failed late fails whatever is
// written or read behind it, until the transaction is undone and its place is written again.
#pragma once

#include <cstddef>

struct sqlite3;

namespace larder::sql {

inline constexpr std::size_t kGatheredBytesMax = 64 * 1024;

// The name to open a database with. Null when there is no default VFS to build on.
const char* gathering_vfs();

// Whether a transaction's end leaves its -wal unsynced from now on: whoever says yes syncs the file
// before anybody is told. What SQLite syncs beside that (a -wal that begins anew, a checkpoint) is
// synced as ever. Nothing happens to a database that was opened with another VFS.
void put_off_sync(sqlite3* database, bool is_put_off);

}  // namespace larder::sql
