// What a process sets right before anything else, and what it tells its supervisor.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <new>

#include "platform/process/exit_codes.hpp"
#include "platform/process/startup.hpp"
#include "platform/process/supervisor.hpp"

namespace larder::edge {
namespace {

// Runs `body` in a child process; its answer is the exit code.
template <typename Body>
int in_a_child(Body body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1'000 + WTERMSIG(status);
}

TEST(Startup, closed_standard_streams_become_dev_null_and_no_file_gets_their_number) {
  EXPECT_EQ(in_a_child([] {
              close(0);
              close(1);
              close(2);
              if (!fill_standard_streams()) return 1;
              struct stat null_device {};
              struct stat stream {};
              stat("/dev/null", &null_device);
              for (int descriptor = 0; descriptor <= 2; ++descriptor) {
                if (fstat(descriptor, &stream) != 0) return 2;
                if (stream.st_rdev != null_device.st_rdev) return 3;
              }
              if (write(2, "x", 1) != 1) return 4;
              return open("/proc/self/statm", O_RDONLY) > 2 ? 0 : 5;
            }),
            0);
}

TEST(Startup, open_standard_streams_are_left_alone) {
  EXPECT_EQ(in_a_child([] {
              int ends[2];
              if (pipe(ends) != 0) return 1;
              dup2(ends[1], 2);
              close(0);
              if (!fill_standard_streams()) return 2;
              char byte = 0;
              if (write(2, "y", 1) != 1 || read(ends[0], &byte, 1) != 1) return 3;
              return byte == 'y' && fcntl(0, F_GETFD) != -1 ? 0 : 4;
            }),
            0);
}

TEST(Startup, case_124_writing_to_a_reader_that_went_away_does_not_end_the_process) {
  const auto write_to_nobody = [](bool prepared) {
    return in_a_child([prepared] {
      if (prepared) ignore_broken_pipes();
      int ends[2];
      if (pipe(ends) != 0) return 1;
      close(ends[0]);
      return write(ends[1], "x", 1) == -1 && errno == EPIPE ? 0 : 2;
    });
  };
  EXPECT_EQ(write_to_nobody(true), 0);
  EXPECT_EQ(write_to_nobody(false), 1'000 + SIGPIPE);
}

TEST(Startup, case_124_without_memory_the_process_ends_with_its_own_exit_code) {
  EXPECT_EQ(in_a_child([] {
              end_without_memory();
              // What a failed allocation calls; the sanitizers' allocators end by themselves.
              std::get_new_handler()();
              return 0;
            }),
            to_int(ExitCode::NoMemory));
}

TEST(Startup, the_limit_of_open_files_is_raised_but_not_over_the_hard_limit) {
  EXPECT_EQ(in_a_child([] {
              rlimit limit{100, 500};
              if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return 1;
              if (raise_open_files(300) != 300) return 2;
              if (raise_open_files(200) != 300) return 3;  // never lowered
              if (raise_open_files(10'000) != 500) return 4;
              getrlimit(RLIMIT_NOFILE, &limit);
              return limit.rlim_cur == 500 && limit.rlim_max == 500 ? 0 : 5;
            }),
            0);
}

// A service manager that listens on a socket of its own.
class NotifySocket {
 public:
  explicit NotifySocket(bool is_abstract) {
    std::string pattern = std::filesystem::temp_directory_path() / "larder-notify.XXXXXX";
    folder_ = mkdtemp(pattern.data());
    const std::string path = folder_ + "/notify";
    name_ = is_abstract ? "@" + path : path;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name_.data(), name_.size());
    if (is_abstract) address.sun_path[0] = '\0';
    socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), length), 0);
    setenv("NOTIFY_SOCKET", name_.c_str(), 1);
  }
  ~NotifySocket() {
    unsetenv("NOTIFY_SOCKET");
    close(socket_);
    std::filesystem::remove_all(folder_);
  }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  std::string heard() const {
    char buffer[2'048];
    const ssize_t bytes = recv(socket_, buffer, sizeof buffer, 0);
    return bytes < 0 ? "" : std::string(buffer, static_cast<std::size_t>(bytes));
  }

 private:
  std::string folder_;
  std::string name_;
  int socket_ = -1;
};

void expect_the_messages(const NotifySocket& manager) {
  setenv("WATCHDOG_USEC", "20000000", 1);
  Supervisor supervisor;
  unsetenv("WATCHDOG_USEC");
  EXPECT_TRUE(supervisor.is_present());
  EXPECT_TRUE(supervisor.ready());
  EXPECT_EQ(manager.heard(), "READY=1");
  EXPECT_TRUE(supervisor.status("12 orders\nREADY=1"));
  EXPECT_EQ(manager.heard(), "STATUS=12 orders READY=1");
  EXPECT_FALSE(supervisor.status("12 orders\nREADY=1")) << "it has said that";
  EXPECT_TRUE(supervisor.alive());
  EXPECT_EQ(manager.heard(), "WATCHDOG=1");
  EXPECT_FALSE(supervisor.alive()) << "four times in 20 s are enough";
  EXPECT_EQ(manager.heard(), "");
  EXPECT_TRUE(supervisor.stopping());
  EXPECT_EQ(manager.heard(), "STOPPING=1");
}

TEST(Supervisors, hear_by_a_socket_with_a_path) { expect_the_messages(NotifySocket(false)); }
TEST(Supervisors, hear_by_an_abstract_socket) { expect_the_messages(NotifySocket(true)); }

TEST(Supervisors, that_do_not_watch_this_process_are_told_nothing) {
  const NotifySocket manager(false);
  EXPECT_FALSE(Supervisor().alive()) << "no WATCHDOG_USEC";
  setenv("WATCHDOG_USEC", "20000000", 1);
  setenv("WATCHDOG_PID", "1", 1);
  EXPECT_FALSE(Supervisor().alive()) << "another process is watched";
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  EXPECT_TRUE(Supervisor().alive());
  unsetenv("WATCHDOG_USEC");
  unsetenv("WATCHDOG_PID");
}

TEST(Supervisors, that_are_absent_or_named_badly_do_no_harm) {
  unsetenv("NOTIFY_SOCKET");
  Supervisor none;
  EXPECT_FALSE(none.is_present());
  EXPECT_FALSE(none.ready());
  for (const std::string& name : {std::string(), std::string("/"), std::string("relative"),
                                  std::string(500, '/'), std::string("/nonexistent/notify")}) {
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
    Supervisor supervisor;
    EXPECT_FALSE(supervisor.ready()) << name;
    EXPECT_FALSE(supervisor.stopping()) << name;
  }
  unsetenv("NOTIFY_SOCKET");
}

TEST(Supervisors, that_do_not_read_do_not_stop_the_hub) {
  const NotifySocket manager(false);
  Supervisor supervisor;
  int delivered = 0;
  for (int i = 0; i < 10'000; ++i) delivered += supervisor.ready() ? 1 : 0;
  EXPECT_GT(delivered, 0);
  EXPECT_LT(delivered, 10'000);
}

}  // namespace
}  // namespace larder::edge
