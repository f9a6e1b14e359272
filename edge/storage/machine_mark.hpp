// The mark of a machine: what tells it from the one that a disk, or an image of one, was copied to.
// Parts that anybody may read, each hashed: "u:" the firmware's UUID, "m:" /etc/machine-id, "d:"
// the serial number of the disk under the data directory. A machine without any has an empty mark
// and is not bound.
#pragma once

#include <filesystem>
#include <string>

namespace larder::edge {

// `said`: a file that names the machine in place of what the hardware says; empty: none. A file
// that cannot be read leaves the mark to the hardware.
std::string machine_mark(const std::filesystem::path& data_directory,
                         const std::filesystem::path& said = {});

// Same: no part that both marks have differs. A part that could be read by one start and not by
// another (root, a service user) says nothing.
bool is_same_machine(const std::string& kept, const std::string& now);

// What is known of one machine: the parts of `now`, and those that only an earlier start could
// read.
std::string with_parts_of(const std::string& kept, const std::string& now);

}  // namespace larder::edge
