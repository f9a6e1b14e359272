// A real mosquitto for one test, on a loopback port that the kernel chose, with nothing kept on
// disk. It ends with the test, however the test ends.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace larder::edge {

class BrokerProcess {
 public:
  struct Tls {
    std::string ca_file, cert_file, key_file;
  };

  // False when there is no mosquitto on this machine.
  static bool is_there();

  explicit BrokerProcess(int max_inflight = 100, Tls tls = {}, const std::string& acl = "");
  ~BrokerProcess();
  BrokerProcess(const BrokerProcess&) = delete;
  BrokerProcess& operator=(const BrokerProcess&) = delete;

  void start();  // on the same port again after kill()
  void kill();   // SIGKILL
  void freeze(bool is_frozen);
  std::uint16_t port() const { return port_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

// A self-signed authority and a certificate for 127.0.0.1 in `folder`; false without openssl.
bool make_certificates(const std::filesystem::path& folder);

}  // namespace larder::edge
