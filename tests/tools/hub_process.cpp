#include "tests/tools/hub_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace larder {
namespace {

namespace fs = std::filesystem;

std::string text_of_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

int status_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

pid_t spawn(const fs::path& program, const std::vector<std::string>& words, const fs::path& out,
            const fs::path& err, const fs::path& input = "/dev/null") {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  constexpr int kAppend = O_WRONLY | O_CREAT | O_APPEND;
  posix_spawn_file_actions_addopen(&files, 0, input.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, out.c_str(), kAppend, 0600);
  posix_spawn_file_actions_addopen(&files, 2, err.c_str(), kAppend, 0600);
  std::vector<std::string> copy = words;
  copy.insert(copy.begin(), program.string());
  std::vector<char*> argv;
  for (std::string& word : copy) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, program.c_str(), &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) throw std::runtime_error("cannot start " + program.string());
  return pid;
}

}  // namespace

RunningTool::RunningTool(const fs::path& home, const std::string& tool,
                         const std::vector<std::string>& words, const fs::path& input) {
  static std::atomic<int> number{0};
  const std::string name = tool + "." + std::to_string(++number);
  out_ = home / (name + ".out");
  err_ = home / (name + ".err");
  pid_ = spawn(fs::path(LARDER_BIN_DIR) / tool, words, out_, err_, input);
}

RunningTool::~RunningTool() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

Ran RunningTool::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return {status_of(status), text_of_file(out_), text_of_file(err_)};
}

Ran run_tool(const fs::path& home, const std::string& tool, const std::vector<std::string>& words,
             const fs::path& input) {
  return RunningTool(home, tool, words, input).wait();
}

HubProcess::HubProcess() {
  std::string pattern = (fs::temp_directory_path() / "larder-tools-test.XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
  home_ = pattern;
  fs::create_directory(home_ / "web");
  write("hub.toml",
        "[store]\nid = \"t1\"\nname = \"Tools test\"\nzone = \"Europe/Berlin\"\n[hub]\n"
        "data_dir = \"" +
            data().string() + "\"\nweb_root = \"" + (home_ / "web").string() +
            "\"\nforce_filesystem = true\n[lan]\naddress = \"127.0.0.1\"\n[mdns]\n"
            "enabled = false\n");
}

HubProcess::~HubProcess() {
  kill_hard();
  std::error_code ignored;
  fs::remove_all(home_, ignored);
}

bool HubProcess::start() {
  const fs::path address = data() / "hub.address";
  std::error_code ignored;
  fs::remove(address, ignored);
  pid_ = spawn(fs::path(LARDER_BIN_DIR) / "larder-edge",
               {"--config", (home_ / "hub.toml").string(), "--port", std::to_string(port_)},
               home_ / "hub.log", home_ / "hub.log");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < deadline) {
    const std::string text = text_of_file(address);
    if (const auto colon = text.rfind(':'); colon != std::string::npos && text.back() == '\n') {
      port_ = static_cast<std::uint16_t>(std::stoul(text.substr(colon + 1)));
      return true;
    }
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      std::fprintf(stderr, "the hub ended with %d:\n%s\n", status_of(status),
                   text_of_file(home_ / "hub.log").c_str());
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

void HubProcess::kill_hard() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void HubProcess::send_signal(int number) {
  if (pid_ > 0) ::kill(pid_, number);
}

int HubProcess::stop() {
  if (pid_ <= 0) return -1;
  ::kill(pid_, SIGTERM);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return status_of(status);
}

std::string HubProcess::admin_token() const {
  std::string token = text_of_file(token_file());
  while (!token.empty() && token.back() == '\n') token.pop_back();
  return token;
}

Ran HubProcess::ctl(std::vector<std::string> words) const {
  words.insert(words.begin(), {"--hub", address(), "--token-file", token_file().string()});
  return run_tool(home_, "larderctl", words);
}

Ran HubProcess::ctl_told(std::vector<std::string> words, const std::string& input) const {
  words.insert(words.begin(), {"--hub", address(), "--token-file", token_file().string()});
  return run_tool(home_, "larderctl", words, write("stdin", input));
}

Ran HubProcess::replay(const std::string& verb, std::vector<std::string> words) const {
  words.insert(words.begin(),
               {verb, "--hub", address(), "--admin-token-file", token_file().string()});
  return run_tool(home_, "larder-replay", words);
}

fs::path HubProcess::write(const std::string& name, const std::string& text) const {
  const fs::path file = home_ / name;
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

}  // namespace larder
