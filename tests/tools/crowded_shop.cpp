#include "tests/tools/crowded_shop.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "lan-protocol/digest.hpp"
#include "tools/client/fields.hpp"
#include "tools/client/http.hpp"

namespace larder {
namespace {

constexpr const char* kSampleMenu = LARDER_SOURCE_DIR "/web/sample/menu.json";

// So that one admin may add a crowd of devices without being asked to slow down.
void allow_a_quick_admin(const HubProcess& hub) {
  std::ifstream in(hub.home() / "hub.toml");
  std::ostringstream text;
  text << in.rdbuf();
  std::string config = text.str();
  const std::string lan = "[lan]\n";
  config.insert(config.find(lan) + lan.size(),
                "commands_per_second = 1000\ncommand_burst = 1000\n");
  hub.write("hub.toml", config);
}

}  // namespace

bool CrowdedShop::open() {
  allow_a_quick_admin(hub);
  if (!hub.start()) return false;
  admin = join(hub.admin_token());
  const Ran imported = hub.ctl({"menu", "import", kSampleMenu});
  if (imported.status != 0) ADD_FAILURE() << imported.err;
  const auto ready = admin->wait_ready();
  if (!ready) ADD_FAILURE() << ready.error().message();
  return ready.has_value() && imported.status == 0;
}

std::string CrowdedShop::add_device(const std::string& id, const std::string& role) {
  const std::string token = client::new_token();
  const client::Reply reply =
      admin->ask_command("add-" + id, "device.add",
                         R"({"device":")" + id + R"(","name":")" + id + R"(","role":")" + role +
                             R"(","station":"","token_sha256":")" + hex(sha256(token)) + R"("})");
  EXPECT_TRUE(reply.ok) << reply.code << ": " << reply.message;
  return token;
}

std::unique_ptr<client::Client> CrowdedShop::join(const std::string& token,
                                                  const client::ClientOptions& more) {
  client::ClientOptions options = more;
  options.port = hub.port();
  options.token = token;
  auto made = std::make_unique<client::Client>(network, options);
  made->start();
  return made;
}

std::size_t CrowdedShop::orders_in_books() {
  const std::string till = add_device("till-counting", "till");
  const auto reader = join(till);
  EXPECT_TRUE(reader->wait_ready());
  const client::Reply all = reader->ask("order.list", R"({"open":false})");
  EXPECT_TRUE(all.ok) << all.code;
  return client::list_of(all.result, "orders").size();
}

double CrowdedShop::metric(const std::string& name) {
  client::HttpRequest request;
  request.host = "127.0.0.1";
  request.port = hub.port();
  request.target = "/metrics";
  const auto page = client::ask_http(request);
  if (!page) return -1;
  const auto at = page->body.find("\n" + name + " ");
  if (at == std::string::npos) return 0;
  return std::strtod(page->body.c_str() + at + 1 + name.size(), nullptr);
}

bool eventually(std::chrono::milliseconds limit, const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace larder
