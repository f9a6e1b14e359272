// CrowdedShop: the real hub with a menu, and as many devices as a test wants, each a real client of
// it. For tests of what a bad network does to a shop.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/tools/hub_process.hpp"
#include "tools/client/client.hpp"

namespace larder {

class CrowdedShop {
 public:
  // Starts the hub, imports the sample menu and connects the admin; false with the reason printed.
  bool open();
  // A new device of that role; its token.
  std::string add_device(const std::string& id, const std::string& role);
  std::unique_ptr<client::Client> join(const std::string& token,
                                       const client::ClientOptions& more = {});
  // The orders that the hub's books hold.
  std::size_t orders_in_books();
  // A value of /metrics: the whole line up to the blank before it.
  double metric(const std::string& name);

  HubProcess hub;
  client::Network network;
  std::unique_ptr<client::Client> admin;
};

inline constexpr const char* kColaOrder =
    R"({"service":"takeaway","lines":[{"sku":"cola","quantity":1}]})";

// Looks again and again until it holds.
bool eventually(std::chrono::milliseconds limit, const std::function<bool()>& holds);

}  // namespace larder
