#include "tools/larderctl/connection.hpp"

#include <cstring>
#include <fstream>
#include <sstream>

namespace larder::ctl {
namespace {

constexpr std::uint16_t kDefaultPort = 7480;

client::ClientOptions options_for(const Access& access) {
  client::ClientOptions options;
  options.host = access.hub.host;
  options.port = access.hub.port;
  options.token = access.token;
  options.name = "larderctl";
  options.reconnect = false;
  return options;
}

Result<client::Reply> checked(client::Reply reply) {
  if (reply.ok) return reply;
  return refuse(code_of(reply.code), reply.message);
}

}  // namespace

std::string HubAddress::text() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<HubAddress> parse_address(const std::string& text) {
  const auto bad = [&] {
    return refuse(Code::BadRequest, "'" + text + "' is no address of a hub; write host:port");
  };
  std::string host = text;
  std::string port;
  if (!text.empty() && text.front() == '[') {
    const auto end = text.find(']');
    if (end == std::string::npos) return bad();
    host = text.substr(1, end - 1);
    if (end + 1 < text.size()) {
      if (text[end + 1] != ':') return bad();
      port = text.substr(end + 2);
      if (port.empty()) return bad();
    }
  } else if (const auto colon = text.rfind(':'); colon != std::string::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (port.empty() || host.find(':') != std::string::npos) return bad();
  }
  std::uint32_t number = port.empty() ? kDefaultPort : 0;
  for (const char c : port) {
    if (c < '0' || c > '9' || number > 65'535) return bad();
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  if (host.empty() || number == 0 || number > 65'535) return bad();
  return HubAddress{host, static_cast<std::uint16_t>(number)};
}

Result<std::string> read_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || in.bad())
    return refuse(Code::Unavailable, "cannot read " + file + ": " + std::strerror(errno));
  return text.str();
}

Result<std::string> read_token(const std::string& file) {
  Result<std::string> text = read_file(file);
  if (!text) return text;
  const auto first = text->find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return refuse(Code::Unavailable, file + " holds no token");
  return text->substr(first, text->find_last_not_of(" \t\r\n") - first + 1);
}

Connection::Connection(const Access& access) : client_(network_, options_for(access)) {}

Result<std::unique_ptr<Connection>> Connection::open(const Access& access) {
  std::unique_ptr<Connection> connection(new Connection(access));
  connection->client_.start();
  Result<client::Hello> hello = connection->client_.wait_ready();
  if (!hello)
    return refuse(hello.error().code(), access.hub.text() + ": " + hello.error().message());
  connection->hello_ = std::move(*hello);
  return connection;
}

Result<client::Reply> Connection::query(std::string_view verb, std::string_view args) {
  return checked(client_.ask(verb, args, std::chrono::seconds(60)));
}

Result<client::Reply> Connection::command(std::string_view verb, std::string_view args) {
  return checked(client_.ask_command(client::new_command_id(), verb, args));
}

Code code_of(std::string_view wire_name) {
  for (int i = 0; i <= static_cast<int>(Code::Unavailable); ++i)
    if (code_name(static_cast<Code>(i)) == wire_name) return static_cast<Code>(i);
  return Code::Unavailable;
}

}  // namespace larder::ctl
