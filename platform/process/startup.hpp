// What a process sets right about itself before it opens anything. Called once, first in main, on
// the only thread.
#pragma once

#include <cstddef>

namespace larder {

// Opens /dev/null on descriptors 0, 1 and 2 where they are closed, so that no database or socket
// gets a number that stray output is written to. False when that is not possible.
bool fill_standard_streams();

// A reader that went away is an error of that one write, not a signal that ends the hub.
void ignore_broken_pipes();

// An allocation that fails ends the process at once with its own exit code: nothing goes on half
// done, and what was acknowledged is on disk.
void end_without_memory();

// Raises the soft limit of open files towards `wanted` as far as the hard limit allows; answers
// what it is now.
std::size_t raise_open_files(std::size_t wanted);

}  // namespace larder
