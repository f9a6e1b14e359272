// A person's connection to the running hub: where it is, who asks, one question after another.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/base/result.hpp"
#include "tools/client/client.hpp"

namespace larder::ctl {

struct HubAddress {
  std::string host;
  std::uint16_t port = 0;
  std::string text() const;
};

// "host:port", "host" (port 7480) or "[::1]:7480". BadRequest otherwise.
Result<HubAddress> parse_address(const std::string& text);

// The file's whole text; Unavailable names the file and why.
Result<std::string> read_file(const std::string& file);
// A token from its file: white space around it dropped.
Result<std::string> read_token(const std::string& file);

struct Access {
  HubAddress hub;
  std::string token;
};

class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const Access& access);

  const client::Hello& hello() const { return hello_; }
  // The result of an accepted request; a refusal is an Error with the hub's sentence.
  Result<client::Reply> query(std::string_view verb, std::string_view args);
  Result<client::Reply> command(std::string_view verb, std::string_view args);

 private:
  explicit Connection(const Access& access);
  client::Network network_;
  client::Client client_;
  client::Hello hello_;
};

// The Code of a wire name, as the hub's error frames carry it; Unavailable for one unknown here.
Code code_of(std::string_view wire_name);

}  // namespace larder::ctl
