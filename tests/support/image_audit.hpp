// The auditor of what a power cut leaves: opens an image with the real journal, as the next start
// would, and holds it against the record of the busy minute. Answers a sentence that says what is
// wrong; an empty one when nothing is. Thread: any, each with its own folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "tests/support/busy_minute.hpp"

namespace larder::edge {

struct Audit {
  std::size_t at = 0;  // operations of the minute that were made before the cut
  // Once more during the recovery, at an operation chosen by this seed; 0: no second cut.
  std::uint64_t second_cut = 0;
  Cut cut = Cut::Mixed;
};

// `folder` is empty or absent, and is left as the audit ended.
std::string audit_image(const BusyMinute& minute, const DiskImage& image, const Audit& audit,
                        const std::filesystem::path& folder);

// The same for what lies in the folder: a restart of the process rather than of the machine. When
// `rest` is set, the rest of the minute is played and must end where the record ends.
struct Restart {
  std::size_t step = 0;         // that was under way
  std::size_t acked_group = 0;  // that must be there
  bool is_upgraded = false;
  bool plays_rest = false;
};
std::string audit_restart(const BusyMinute& minute, const Restart& restart,
                          const std::filesystem::path& folder);

// What a lying disk may leave: a start that refuses, or a beginning of the minute, whole.
std::string audit_after_lies(const BusyMinute& minute, const DiskImage& image,
                             const std::filesystem::path& folder, bool is_upgraded,
                             bool& is_refused);

}  // namespace larder::edge
