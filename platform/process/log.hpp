// The log of the process: lines on stderr, read by journald or a person. Any thread. Text is data:
// it is escaped, cut at kLogLineBytesMax, and never taken as a pattern. A room that writes more
// than its share is thinned out and the number of lines left out is written later.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace larder {

enum class LogLevel { Error, Warn, Info, Debug };
enum class LogFormat {
  Auto,      // Journald when journald is what stderr is connected to, else Text
  Journald,  // "<6>room: sentence": the priority as sd-daemon(3) reads it, time is journald's
  Text       // "2026-11-21T10:00:00.123Z info  room: sentence"
};

inline constexpr std::size_t kLogLineBytesMax = 4'096;
inline constexpr int kLogLinesPerSecond = 50;  // of one room; errors are always written
inline constexpr int kLogLinesBurst = 200;

// Until it is called: Info, Auto.
void start_log(LogLevel level, LogFormat format);

// `room` is one of our own words ("lan", "storage"); `sentence` may hold anybody's text.
void log_error(std::string_view room, std::string_view sentence);
void log_warn(std::string_view room, std::string_view sentence);
void log_info(std::string_view room, std::string_view sentence);
void log_debug(std::string_view room, std::string_view sentence);

// Lines left out so far, for /metrics.
std::uint64_t log_lines_left_out();

}  // namespace larder
