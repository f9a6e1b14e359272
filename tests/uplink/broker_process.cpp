#include "tests/uplink/broker_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace larder::edge {
namespace {

constexpr const char* kProgram = "/usr/sbin/mosquitto";
constexpr auto kStartWithin = std::chrono::seconds(10);

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  if (::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0) std::abort();
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

bool answers(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(port);
  const bool is_open =
      ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  ::close(socket);
  return is_open;
}

}  // namespace

bool BrokerProcess::is_there() { return std::filesystem::exists(kProgram); }

BrokerProcess::BrokerProcess(int max_inflight, Tls tls, const std::string& acl)
    : port_(free_port()) {
  std::string pattern = (std::filesystem::temp_directory_path() / "larder-broker-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  folder_ = pattern;
  std::ofstream config(folder_ / "mosquitto.conf");
  config << "persistence false\nallow_anonymous true\nmax_inflight_messages " << max_inflight
         << "\nlistener " << port_ << " 127.0.0.1\n";
  // Started as root it would become a user who cannot read the test's files.
  if (::geteuid() == 0) config << "user root\n";
  if (!tls.ca_file.empty()) {
    config << "cafile " << tls.ca_file << "\ncertfile " << tls.cert_file << "\nkeyfile "
           << tls.key_file << "\n";
  }
  if (!acl.empty()) {
    std::ofstream(folder_ / "acl") << acl;
    config << "acl_file " << (folder_ / "acl").string() << "\n";
  }
  config.close();
  start();
}

BrokerProcess::~BrokerProcess() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void BrokerProcess::start() {
  const std::string config = (folder_ / "mosquitto.conf").string();
  const std::string log = (folder_ / "log").string();
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execl(kProgram, kProgram, "-c", config.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  const auto until = std::chrono::steady_clock::now() + kStartWithin;
  while (!answers(port_)) {
    if (std::chrono::steady_clock::now() > until) std::abort();
    std::this_thread::yield();
  }
}

void BrokerProcess::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void BrokerProcess::freeze(bool is_frozen) { ::kill(pid_, is_frozen ? SIGSTOP : SIGCONT); }

bool make_certificates(const std::filesystem::path& folder) {
  const std::string in = "cd '" + folder.string() + "' && ";
  const std::string quiet = " >/dev/null 2>&1";
  const std::string ca =
      "openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 "
      "-subj /CN=larder-test-ca";
  const std::string request =
      "openssl req -newkey rsa:2048 -nodes -keyout hub.key -out hub.csr -subj /CN=127.0.0.1";
  const std::string sign =
      "printf 'subjectAltName=IP:127.0.0.1' > san && openssl x509 -req -in hub.csr -CA ca.crt "
      "-CAkey ca.key -CAcreateserial -days 2 -extfile san -out hub.crt";
  for (const std::string& each : {ca, request, sign}) {
    if (std::system((in + "( " + each + " )" + quiet).c_str()) != 0) return false;
  }
  return true;
}

}  // namespace larder::edge
