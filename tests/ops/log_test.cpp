// What ends up on stderr, read back through a pipe-less file: the lines are whole, safe and
// bounded.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "platform/process/log.hpp"
#include "platform/process/log_escape.hpp"

namespace larder::edge {
namespace {

// stderr goes to a file while this lives.
class CapturedStderr {
 public:
  CapturedStderr() {
    std::string pattern = std::filesystem::temp_directory_path() / "larder-log.XXXXXX";
    const int file = mkstemp(pattern.data());
    path_ = pattern;
    saved_ = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
    close(file);
  }
  ~CapturedStderr() {
    dup2(saved_, STDERR_FILENO);
    close(saved_);
    std::filesystem::remove(path_);
  }
  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;

  std::vector<std::string> lines() const {
    std::fflush(stderr);
    std::ifstream in(path_);
    std::vector<std::string> found;
    for (std::string line; std::getline(in, line);) found.push_back(line);
    return found;
  }

 private:
  std::string path_;
  int saved_ = -1;
};

TEST(Log, journald_reads_the_priority_in_front_of_the_line) {
  const CapturedStderr captured;
  start_log(LogLevel::Debug, LogFormat::Journald);
  log_error("t-journald", "a");
  log_warn("t-journald", "b");
  log_info("t-journald", "c");
  log_debug("t-journald", "d");
  const std::vector<std::string> expected = {"<3>t-journald: a", "<4>t-journald: b",
                                             "<6>t-journald: c", "<7>t-journald: d"};
  EXPECT_EQ(captured.lines(), expected);
}

TEST(Log, a_person_reads_time_in_utc_level_room_and_sentence) {
  const CapturedStderr captured;
  start_log(LogLevel::Info, LogFormat::Text);
  log_info("t-text", "hello");
  const auto lines = captured.lines();
  ASSERT_EQ(lines.size(), 1U);
  std::string shape = lines[0];
  for (char& c : shape) c = c >= '0' && c <= '9' ? '0' : c;
  EXPECT_EQ(shape, "0000-00-00T00:00:00.000Z info  t-text: hello");
}

TEST(Log, the_level_is_kept) {
  const CapturedStderr captured;
  start_log(LogLevel::Warn, LogFormat::Journald);
  log_info("t-level", "not this");
  log_debug("t-level", "nor this");
  log_warn("t-level", "this");
  EXPECT_EQ(captured.lines(), std::vector<std::string>{"<4>t-level: this"});
}

TEST(Log, case_31_text_from_outside_is_neither_a_pattern_nor_a_second_line) {
  const CapturedStderr captured;
  start_log(LogLevel::Info, LogFormat::Journald);
  log_info("t-escape", "%v %d {} {0:x} '; DROP\n<3>larder: forged\r\x1b[2J\x7f\\n");
  EXPECT_EQ(captured.lines(),
            std::vector<std::string>{"<6>t-escape: %v %d {} {0:x} '; DROP\\x0a<3>larder: "
                                     "forged\\x0d\\x1b[2J\\x7f\\\\n"});
}

TEST(Log, a_line_is_cut_at_its_limit) {
  const CapturedStderr captured;
  start_log(LogLevel::Info, LogFormat::Journald);
  log_info("t-long", std::string(1'000'000, 'x'));
  log_info("t-long", std::string(kLogLineBytesMax, '\x01'));
  const auto lines = captured.lines();
  ASSERT_EQ(lines.size(), 2U);
  for (const std::string& line : lines) {
    EXPECT_LE(line.size(), kLogLineBytesMax + 20);
    EXPECT_TRUE(line.ends_with("... (cut)"));
  }
}

TEST(Log, a_room_that_shouts_is_thinned_out_but_errors_are_not) {
  const CapturedStderr captured;
  start_log(LogLevel::Info, LogFormat::Journald);
  const std::uint64_t left_out_before = log_lines_left_out();
  for (int i = 0; i < 5'000; ++i) log_warn("t-flood", "again");
  log_warn("t-other", "heard");
  log_error("t-flood", "this matters");
  const auto lines = captured.lines();
  std::size_t written = 0;
  std::uint64_t confessed = 0;
  for (const std::string& line : lines) {
    if (line.ends_with(" lines were left out")) {
      confessed += std::stoull(line.substr(std::string("<4>t-flood: ").size()));
    } else {
      ++written;
    }
  }
  EXPECT_GE(written, static_cast<std::size_t>(kLogLinesBurst));
  EXPECT_LT(written, 2'500U);
  EXPECT_EQ(lines.back(), "<3>t-flood: this matters");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "<4>t-other: heard"), 1);
  EXPECT_EQ(written + confessed, 5'002U);
  EXPECT_EQ(log_lines_left_out() - left_out_before, confessed);
}

TEST(Log, threads_write_whole_lines) {
  const CapturedStderr captured;
  start_log(LogLevel::Info, LogFormat::Journald);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      const std::string room = "t-thread" + std::to_string(t);
      for (int i = 0; i < 100; ++i) log_info(room, "whole line");
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto lines = captured.lines();
  EXPECT_EQ(lines.size(), 400U);
  for (const std::string& line : lines) EXPECT_TRUE(line.ends_with(": whole line")) << line;
}

TEST(Log, case_124_a_closed_or_full_stderr_is_survived) {
  const int saved = dup(STDERR_FILENO);
  close(STDERR_FILENO);
  start_log(LogLevel::Info, LogFormat::Auto);
  log_info("t-closed", "nobody hears this");
  const int full = open("/dev/full", O_WRONLY);
  ASSERT_EQ(full, STDERR_FILENO);
  log_error("t-full", "nor this");
  dup2(saved, STDERR_FILENO);
  close(saved);
  std::clearerr(stderr);
  const CapturedStderr captured;
  start_log(LogLevel::Info, LogFormat::Journald);
  log_info("t-back", "heard again");
  EXPECT_EQ(captured.lines(), std::vector<std::string>{"<6>t-back: heard again"});
}

TEST(Escape, keeps_what_people_write_and_shows_the_rest) {
  EXPECT_EQ(escaped("Söhne & 汤 🍜 \"quoted\""), "Söhne & 汤 🍜 \"quoted\"");
  EXPECT_EQ(escaped(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(escaped("\t"), "\\x09");
  EXPECT_EQ(escaped("\xC2\x9B"), "\\u{009b}");            // CSI of C1
  EXPECT_EQ(escaped("\xE2\x80\xAE"), "\\u{202e}");        // right-to-left override
  EXPECT_EQ(escaped("\xE2\x80\xA8"), "\\u{2028}");        // line separator
  EXPECT_EQ(escaped("\xC0\xAF"), "\\xc0\\xaf");           // overlong
  EXPECT_EQ(escaped("\xED\xA0\x80"), "\\xed\\xa0\\x80");  // a lone surrogate
  EXPECT_EQ(escaped("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
  EXPECT_EQ(escaped("\xE6\xB1"), "\\xe6\\xb1");  // cut off
  EXPECT_EQ(escaped("\xFF"), "\\xff");
  EXPECT_EQ(escaped(""), "");
}

}  // namespace
}  // namespace larder::edge
