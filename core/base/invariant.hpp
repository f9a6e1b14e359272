// What must hold whatever a client sends. A broken one ends the process, in release too: books that
// contradict themselves must not be served, and start-up is the way back.
#pragma once

namespace larder {

// Ends the process with `what` as its last words when `holds` is false.
void invariant(bool holds, const char* what) noexcept;

}  // namespace larder
