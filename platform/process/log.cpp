#include "platform/process/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "platform/process/log_escape.hpp"

namespace larder {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

// journald names the device and inode of its socket in JOURNAL_STREAM (systemd.exec(5)).
bool stderr_is_journald() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (stream == nullptr || fstat(STDERR_FILENO, &status) != 0) return false;
  return std::string(stream) == std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

// One room's share: a token bucket.
struct Share {
  double tokens = kLogLinesBurst;
  SteadyTime filled = std::chrono::steady_clock::now();
  std::uint64_t left_out = 0;
};

class LogFile {
 public:
  LogFile() : logger_("larder", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.flush_on(spdlog::level::trace);
    // A log that cannot be written is no reason to stop selling, nor to write about it.
    logger_.set_error_handler([](const std::string&) {});
    begin(LogLevel::Info, LogFormat::Auto);
  }

  void begin(LogLevel level, LogFormat format) {
    const std::lock_guard lock(mutex_);
    if (format == LogFormat::Auto) {
      format = stderr_is_journald() ? LogFormat::Journald : LogFormat::Text;
    }
    is_journald_ = format == LogFormat::Journald;
    level_ = level;
    logger_.set_level(spdlog::level::trace);
    logger_.set_formatter(std::make_unique<spdlog::pattern_formatter>(
        is_journald_ ? "%v" : "%Y-%m-%dT%H:%M:%S.%eZ %v", spdlog::pattern_time_type::utc));
  }

  void write(LogLevel level, std::string_view room, std::string_view sentence) {
    const std::lock_guard lock(mutex_);
    if (level > level_) return;
    Share& share = shares_[std::string(room)];
    if (level != LogLevel::Error && !take_token(share)) {
      ++share.left_out;
      ++left_out_;
      return;
    }
    if (share.left_out > 0) {
      put(LogLevel::Warn, room, std::to_string(share.left_out) + " lines were left out");
      share.left_out = 0;
    }
    put(level, room, sentence);
  }

  std::uint64_t left_out() const { return left_out_; }

 private:
  static bool take_token(Share& share) {
    const SteadyTime now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - share.filled).count();
    share.filled = now;
    share.tokens = std::min<double>(kLogLinesBurst, share.tokens + seconds * kLogLinesPerSecond);
    if (share.tokens < 1) return false;
    share.tokens -= 1;
    return true;
  }

  void put(LogLevel level, std::string_view room, std::string_view sentence) {
    static constexpr const char* kPriorities[] = {"<3>", "<4>", "<6>", "<7>"};
    static constexpr const char* kWords[] = {"error ", "warn  ", "info  ", "debug "};
    const auto row = static_cast<std::size_t>(level);
    std::string line = is_journald_ ? kPriorities[row] : kWords[row];
    line += escaped(room) + ": " + escaped(sentence.substr(0, kLogLineBytesMax));
    if (sentence.size() > kLogLineBytesMax || line.size() > kLogLineBytesMax) {
      line.resize(std::min(line.size(), kLogLineBytesMax));
      line += "... (cut)";
    }
    // A string_view is written as it is; only a format string would be a pattern.
    logger_.log(spdlog::level::info, spdlog::string_view_t(line));
  }

  std::mutex mutex_;
  spdlog::logger logger_;
  LogLevel level_ = LogLevel::Info;
  bool is_journald_ = false;
  std::map<std::string, Share> shares_;
  std::atomic<std::uint64_t> left_out_ = 0;
};

// Never destroyed: a thread may log while statics are torn down.
LogFile& log_file() {
  static auto* file = new LogFile;
  return *file;
}

}  // namespace

void start_log(LogLevel level, LogFormat format) { log_file().begin(level, format); }

void log_error(std::string_view room, std::string_view sentence) {
  log_file().write(LogLevel::Error, room, sentence);
}
void log_warn(std::string_view room, std::string_view sentence) {
  log_file().write(LogLevel::Warn, room, sentence);
}
void log_info(std::string_view room, std::string_view sentence) {
  log_file().write(LogLevel::Info, room, sentence);
}
void log_debug(std::string_view room, std::string_view sentence) {
  log_file().write(LogLevel::Debug, room, sentence);
}

std::uint64_t log_lines_left_out() { return log_file().left_out(); }

}  // namespace larder
