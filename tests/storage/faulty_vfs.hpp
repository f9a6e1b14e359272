// FaultyVfs: the machine's own VFS with a fault in it. While one lives, every database opened in
// this process goes through it; the k-th write (or sync) of the files whose name contains a word
// fails with a code of the test's choice, once or from then on.
#pragma once

#include <string>

namespace larder::edge {

enum class Fault { None, Full, WriteError, SyncError };
enum class Lasting { Once, FromThenOn };

class FaultyVfs {
 public:
  FaultyVfs();
  ~FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  // The next `after` writes (syncs for SyncError) pass, the one behind them fails.
  void arm(Fault fault, int after, Lasting lasting, const std::string& word = "");
  void heal();
  // True once the fault has struck.
  bool has_struck() const;
};

}  // namespace larder::edge
