#include "platform/web/web_files.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <utility>

#include "lan-protocol/digest.hpp"

namespace larder {

namespace {

namespace fs = std::filesystem;

struct Kind {
  std::string_view ending;
  std::string_view content_type;
};

constexpr std::array kKinds = {
    Kind{".html", "text/html; charset=utf-8"},
    Kind{".js", "text/javascript; charset=utf-8"},
    Kind{".mjs", "text/javascript; charset=utf-8"},
    Kind{".css", "text/css; charset=utf-8"},
    Kind{".json", "application/json"},
    Kind{".map", "application/json"},
    Kind{".webmanifest", "application/manifest+json"},
    Kind{".svg", "image/svg+xml"},
    Kind{".png", "image/png"},
    Kind{".jpg", "image/jpeg"},
    Kind{".jpeg", "image/jpeg"},
    Kind{".webp", "image/webp"},
    Kind{".ico", "image/x-icon"},
    Kind{".woff2", "font/woff2"},
    Kind{".mp3", "audio/mpeg"},
    Kind{".wav", "audio/wav"},
    Kind{".ogg", "audio/ogg"},
    Kind{".txt", "text/plain; charset=utf-8"},
};

std::string content_type_of(const fs::path& file) {
  std::string ending = file.extension().string();
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&ending](const Kind& kind) { return kind.ending == ending; });
  return std::string(found == kKinds.end() ? "application/octet-stream" : found->content_type);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_hidden(const fs::path& relative) {
  return std::any_of(relative.begin(), relative.end(),
                     [](const fs::path& part) { return part.string().starts_with('.'); });
}

}  // namespace

Result<WebFiles> WebFiles::load(const std::string& root) {
  WebFiles files;
  if (root.empty()) return files;
  std::error_code failed;
  for (auto entry = fs::recursive_directory_iterator(root, failed);
       !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
    const fs::path relative = entry->path().lexically_relative(root);
    if (is_hidden(relative) || !entry->is_regular_file()) continue;
    auto added = files.add(entry->path().string(), "/" + relative.generic_string());
    if (!added) return pass_on(added);
  }
  if (failed) {
    return refuse(Code::BadConfig, "The web root " + root + ": " + failed.message());
  }
  return files;
}

Result<void> WebFiles::add(const std::string& file, std::string path) {
  std::error_code failed;
  const std::uintmax_t size = fs::file_size(file, failed);
  if (failed) return refuse(Code::BadConfig, file + ": " + failed.message());
  if (size > kFileBytesMax || bytes_ + size > kFilesBytesMax) {
    return refuse(
        Code::BadConfig,
        file + " is too large, or the web root is: at most 8 MiB a file and 24 MiB together");
  }
  std::string text(static_cast<std::size_t>(size), '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(text.data(), static_cast<std::streamsize>(size));
  if (!in) return refuse(Code::BadConfig, file + " cannot be read");
  bytes_ += text.size();
  WebFile kept;
  kept.etag = '"' + hex(sha256(text)).substr(0, 32) + '"';
  kept.content_type = content_type_of(file);
  kept.immutable = has_hash(fs::path(file).filename().string());
  kept.bytes = std::make_shared<const std::string>(std::move(text));
  files_.insert_or_assign(std::move(path), std::move(kept));
  return {};
}

const WebFile* WebFiles::find(std::string_view path) const {
  const auto found =
      path.ends_with('/') ? files_.find(std::string(path) + "index.html") : files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

bool WebFiles::is_directory(std::string_view path) const {
  return files_.contains(std::string(path) + "/index.html");
}

std::optional<std::string> decoded_path(std::string_view target) {
  target = target.substr(0, target.find_first_of("?#"));
  std::string path;
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (target[i] != '%') {
      path += target[i];
      continue;
    }
    if (i + 2 >= target.size()) return std::nullopt;
    const int high = hex_value(target[i + 1]);
    const int low = hex_value(target[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    const char byte = static_cast<char>(high * 16 + low);
    if (byte == '\0' || byte == '/' || byte == '\\') return std::nullopt;
    path += byte;
    i += 2;
  }
  return path;
}

bool has_hash(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string_view stem = name.substr(0, dot);
  const std::size_t mark = stem.find_last_of("-.");
  if (mark == std::string_view::npos) return false;
  const std::string_view hash = stem.substr(mark + 1);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto letter_or_digit = [digit](char c) {
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return hash.size() >= 8 && std::all_of(hash.begin(), hash.end(), letter_or_digit) &&
         std::any_of(hash.begin(), hash.end(), digit);
}

}  // namespace larder
