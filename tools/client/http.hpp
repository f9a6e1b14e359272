// One plain HTTP request to the hub (PROTOCOL.md section 9), blocking.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.hpp"

namespace larder::client {

struct HttpRequest {
  std::string host;
  std::uint16_t port = 0;
  std::string method = "GET";
  std::string target = "/healthz";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::milliseconds within{15'000};
};

struct HttpResponse {
  unsigned status = 0;
  std::string body;
};

// Unavailable when the hub cannot be reached or does not answer in time.
Result<HttpResponse> ask_http(const HttpRequest& request);

}  // namespace larder::client
