// The golden files: bytes that the protocol promised, and what must become of them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace larder::golden {

// "bad.bad_quantity.zero.json" in "commands/order.place": what should become of `text`.
struct File {
  std::string path;    // for failures
  std::string folder;  // "order.place"
  std::string kind;    // good, loose, bad, refused, result
  std::string code;    // of bad and refused
  std::string text;    // without the newline at the end
};

std::filesystem::path root();
// All files under root()/`part`, in order of path. Throws when there are none.
std::vector<File> files(const std::string& part);
// The bytes of one file, without the newline at the end.
std::string text_of(const std::string& path);

}  // namespace larder::golden
