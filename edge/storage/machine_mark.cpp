#include "edge/storage/machine_mark.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <fstream>
#include <map>
#include <sstream>
#include <system_error>

#include "lan-protocol/digest.hpp"

namespace larder::edge {
namespace {

constexpr std::size_t kPartDigits = 16;

std::string first_line(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

void add(std::string& mark, char kind, const std::string& said) {
  if (said.empty()) return;
  if (!mark.empty()) mark += ' ';
  mark += kind;
  mark += ':';
  mark += hex(sha256(said)).substr(0, kPartDigits);
}

// Of the whole disk, also when the file system is on a partition of it. A file system without a
// device of its own (in memory, over the network, layered) has none.
std::string disk_serial(const std::filesystem::path& directory) {
  struct stat found {};
  if (::stat(directory.c_str(), &found) != 0 || major(found.st_dev) == 0) return {};
  std::ostringstream place;
  place << "/sys/dev/block/" << major(found.st_dev) << ':' << minor(found.st_dev);
  std::error_code failed;
  std::filesystem::path device = std::filesystem::canonical(place.str(), failed);
  if (failed) return {};
  if (std::filesystem::exists(device / "partition", failed)) device = device.parent_path();
  for (const char* name : {"wwid", "device/wwid", "device/serial", "serial"}) {
    const std::string serial = first_line(device / name);
    if (!serial.empty()) return serial;
  }
  return {};
}

std::map<char, std::string> parts_of(const std::string& mark) {
  std::map<char, std::string> parts;
  std::istringstream words(mark);
  for (std::string word; words >> word;) {
    if (word.size() > 2 && word[1] == ':') parts[word[0]] = word.substr(2);
  }
  return parts;
}

}  // namespace

std::string machine_mark(const std::filesystem::path& data_directory,
                         const std::filesystem::path& said) {
  std::string mark;
  if (!said.empty()) add(mark, 'f', first_line(said));
  if (!mark.empty()) return mark;
  add(mark, 'u', first_line("/sys/class/dmi/id/product_uuid"));
  add(mark, 'm', first_line("/etc/machine-id"));
  add(mark, 'd', disk_serial(data_directory));
  return mark;
}

bool is_same_machine(const std::string& kept, const std::string& now) {
  const auto before = parts_of(kept);
  for (const auto& [kind, part] : parts_of(now)) {
    const auto found = before.find(kind);
    if (found != before.end() && found->second != part) return false;
  }
  return true;
}

std::string with_parts_of(const std::string& kept, const std::string& now) {
  auto parts = parts_of(now);
  parts.merge(parts_of(kept));
  std::string mark;
  for (const auto& [kind, part] : parts) {
    if (!mark.empty()) mark += ' ';
    mark += kind;
    mark += ':' + part;
  }
  return mark;
}

}  // namespace larder::edge
