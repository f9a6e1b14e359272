// WebFiles: the pages a daemon serves, read into memory once at start. Immutable after load();
// network thread.
// A path is looked up, never joined to a directory, so nothing outside the web root can be asked
// for. Limits: kFileBytesMax a file, kFilesBytesMax together.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace larder {

struct WebFile {
  std::shared_ptr<const std::string> bytes;
  std::string etag;  // strong, in quotes
  std::string content_type;
  bool immutable = false;  // the name holds a hash of the content
};

class WebFiles {
 public:
  static constexpr std::size_t kFileBytesMax = 8U * 1024 * 1024;
  static constexpr std::size_t kFilesBytesMax = 24U * 1024 * 1024;

  // Every regular file below `root` whose path has no part that begins with a dot. BadConfig when
  // there is no such directory or it holds too much. An empty `root`: no files.
  static Result<WebFiles> load(const std::string& root);

  // `path` without query, decoded: "/kiosk/" finds kiosk/index.html. Null when there is none.
  const WebFile* find(std::string_view path) const;
  // Is there an index.html below this path without a slash at its end?
  bool is_directory(std::string_view path) const;

 private:
  Result<void> add(const std::string& file, std::string path);

  std::map<std::string, WebFile, std::less<>> files_;
  std::size_t bytes_ = 0;
};

// "%41" -> "A"; none when an escape is broken or hides a NUL or a slash.
std::optional<std::string> decoded_path(std::string_view target);
// Names that bundlers make, such as app-3FA2BC91.js: eight or more letters and digits before the
// last dot, after '-' or '.', with at least one digit.
bool has_hash(std::string_view name);

}  // namespace larder
