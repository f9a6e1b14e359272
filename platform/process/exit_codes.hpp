// What the process says to its supervisor when it ends. Numbers follow sysexits.h where it has one;
// the systemd unit restarts on all but those a person must mend first (64, 65, 76, 77, 78).
#pragma once

#include "core/base/code.hpp"

namespace larder {

enum class ExitCode : int {
  Ok = 0,
  Usage = 64,         // wrong command line
  Corrupt = 65,       // the store file fails its own checks; untouched
  Unavailable = 69,   // the address is taken, or a part this needs is absent
  Internal = 70,      // a rule of the program itself is broken
  NoMemory = 71,      // the machine had none to give; what was acknowledged is on disk
  StorageFault = 74,  // a commit failed: nothing after it was acknowledged
  Locked = 75,        // another hub owns the data directory
  NewerSchema = 76,   // the store file was written by a later Larder
  Forbidden = 77,     // no permission for a file or a port
  BadConfig = 78,
};

// The exit code for a start or a run that ended with this error.
ExitCode exit_code_of(Code code);

constexpr int to_int(ExitCode code) { return static_cast<int>(code); }

}  // namespace larder
