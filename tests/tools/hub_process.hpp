// HubProcess: the real larder-edge on a data directory of its own, on a port of the kernel's
// choice; and the tools run against it as a person runs them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace larder {

struct Ran {
  int status = -1;  // of exit(); 128 + signal otherwise
  std::string out;
  std::string err;
};
// A program of the build, with its output; `home` is where the output is kept meanwhile.
Ran run_tool(const std::filesystem::path& home, const std::string& tool,
             const std::vector<std::string>& words,
             const std::filesystem::path& input = "/dev/null");

class HubProcess {
 public:
  HubProcess();
  ~HubProcess();
  HubProcess(const HubProcess&) = delete;
  HubProcess& operator=(const HubProcess&) = delete;

  // Waits until the hub has written its address; false with the log printed when it ends before.
  bool start();
  void kill_hard();  // kill -9
  int stop();        // SIGTERM; the exit code
  void send_signal(int number);
  bool is_running() const { return pid_ > 0; }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  std::uint16_t port() const { return port_; }
  std::filesystem::path home() const { return home_; }
  std::filesystem::path data() const { return home_ / "data"; }
  std::filesystem::path token_file() const { return data() / "admin.token"; }
  // The hub's admin token, once it has started.
  std::string admin_token() const;

  Ran ctl(std::vector<std::string> words) const;
  // With this on its stdin.
  Ran ctl_told(std::vector<std::string> words, const std::string& input) const;
  Ran replay(const std::string& verb, std::vector<std::string> words) const;
  std::filesystem::path write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path home_;
  std::uint16_t port_ = 0;  // kept over restarts
  pid_t pid_ = -1;
};

// Starts a tool and does not wait; wait() gives what run_tool gives.
class RunningTool {
 public:
  RunningTool(const std::filesystem::path& home, const std::string& tool,
              const std::vector<std::string>& words,
              const std::filesystem::path& input = "/dev/null");
  ~RunningTool();
  RunningTool(const RunningTool&) = delete;
  RunningTool& operator=(const RunningTool&) = delete;
  Ran wait();

 private:
  std::filesystem::path out_, err_;
  pid_t pid_ = -1;
};

}  // namespace larder
