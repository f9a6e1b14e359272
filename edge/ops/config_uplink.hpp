// What the keys of [uplink] say together, and of the files they name. Looked at only where the
// uplink is in use.
#pragma once

#include "edge/ops/config.hpp"
#include "platform/process/config_reader.hpp"

namespace larder::edge {

// A secret that others may read is no secret: it is refused (faults.md, case 91).
void check_uplink(const Config& config, config::Reading& reading);

}  // namespace larder::edge
