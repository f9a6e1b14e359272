#include "tests/relay/real_parts.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace larder::relay {
namespace {

using std::chrono::steady_clock;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool is_listening(std::uint16_t port) {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(port);
  const bool there = ::connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(probe);
  return there;
}

}  // namespace

Folder::Folder() {
  std::string pattern = std::filesystem::temp_directory_path() / "larder-relay.XXXXXX";
  path = ::mkdtemp(pattern.data());
}
Folder::~Folder() { std::filesystem::remove_all(path); }

Child::Child(const std::vector<std::string>& words, const std::string& log) {
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ != 0) return;
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(file, 1);
  ::dup2(file, 2);
  ::close_range(3, ~0U, 0);  // Paho's sockets would live on in the child
  ::execvp(argv[0], argv.data());
  ::_exit(127);
}

void Child::kill_hard() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::optional<int> Child::wait(std::chrono::milliseconds within) {
  int status = 0;
  const bool ended = eventually([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; }, within);
  if (!ended) return std::nullopt;
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::optional<int> Child::stop(std::chrono::milliseconds within) {
  ::kill(pid_, SIGTERM);
  return wait(within);
}

std::uint16_t free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  const bool bound = ::bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(probe);
  return bound ? ntohs(address.sin_port) : 0;
}

std::string text_of(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds within) {
  const auto until = steady_clock::now() + within;
  while (!condition()) {
    if (steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // between two looks
  }
  return true;
}

Broker::Broker() : port_(free_port()) {
  std::ofstream(folder_.path + "/mosquitto.conf")
      << "user root\npersistence false\nmax_inflight_messages 500\nmax_queued_messages 0\n"
         "allow_anonymous true\nmessage_size_limit 1048576\nlistener "
      << port_ << " 127.0.0.1\n";
  start();
}

void Broker::start() {
  const char* path = "/usr/sbin/mosquitto";
  child_ = std::make_unique<Child>(
      std::vector<std::string>{std::filesystem::exists(path) ? path : "mosquitto", "-c",
                               folder_.path + "/mosquitto.conf"},
      folder_.path + "/mosquitto.log");
  eventually([this] { return is_listening(port_); });
}

BrokerHub::BrokerHub(std::uint16_t port, const std::string& store)
    : hub(store,
          [this](UplinkTopic topic, const std::string& bytes) {
            const int qos = topic == UplinkTopic::WordsAck ? 0 : 1;
            voice_->publish(topic_of(hub.store, topic), bytes, qos, topic == UplinkTopic::Presence);
          }),
      port_(port) {}

bool BrokerHub::connect() {
  static int connections = 0;  // of the whole test: one client id is one connection
  const std::string run = std::to_string(::getpid()) + "-" + std::to_string(++connections);
  voice_ = std::make_unique<PahoVoice>(port_, hub.store.text() + "-" + run);
  if (!voice_->connect()) return false;
  voice_->subscribe(hub_filters(hub.store)[0]);
  hub.restart(hub.boot);
  hub.connect();
  return true;
}

bool BrokerHub::serve_until(const std::function<bool()>& condition,
                            std::chrono::milliseconds within) {
  const auto until = steady_clock::now() + within;
  auto moved = steady_clock::now();
  while (!condition()) {
    if (steady_clock::now() > until) return false;
    if (const auto message = voice_->next(std::chrono::milliseconds(20))) {
      const auto place = read_topic(message->topic);
      if (place && place->store == hub.store) hub.took(place->topic, message->payload);
      moved = steady_clock::now();
    } else if (steady_clock::now() - moved > std::chrono::seconds(1)) {
      hub.rewind();
      moved = steady_clock::now();
    }
  }
  return true;
}

}  // namespace larder::relay
