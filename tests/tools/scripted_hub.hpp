// ScriptedHub: a hub that says what a test wants, over the real LAN server on a port of the
// kernel's choice. It greets and welcomes by itself; the script answers the rest.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "edge/app/gate.hpp"
#include "edge/lan/server.hpp"
#include "lan-protocol/json.hpp"
#include "platform/loop/loop.hpp"

namespace larder {

class ScriptedHub final : public edge::Gate {
 public:
  // Called on the hub's thread with every message after auth.
  using Script = std::function<void(ScriptedHub&, edge::SessionKey, const Json&)>;

  explicit ScriptedHub(Script script, std::string hello_extra = "");
  ~ScriptedHub() override;

  std::uint16_t port() const { return port_; }
  // On the hub's thread, from the script.
  void say(edge::SessionKey key, const std::string& text);
  void hang_up(edge::SessionKey key, std::uint16_t code);
  // On any thread.
  std::vector<std::string> heard() const;  // every text but auth, in order
  std::size_t sessions() const;            // ever authenticated
  bool wait_until(const std::function<bool()>& holds) const;
  void say_to_all(const std::string& text);
  void hang_up_all(std::uint16_t code);

  edge::SessionKey opened(edge::Session& session, const std::string& address) override;
  void closed(edge::SessionKey key) override;
  void received(edge::SessionKey key, std::string_view text) override;
  bool is_authenticated(edge::SessionKey key) const override;
  edge::HttpAnswer health() override { return {}; }
  edge::HttpAnswer metrics() override { return {}; }
  void import_menu(const std::string&, const std::string&, std::string,
                   std::function<void(edge::HttpAnswer)>) override {}
  void count_refusal(std::string_view) override {}

 private:
  struct Screen {
    edge::Session* session = nullptr;
    bool authenticated = false;
  };
  Script script_;
  std::string hello_extra_;
  Loop loop_;
  std::unique_ptr<edge::LanServer> server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<edge::SessionKey, Screen> screens_;
  edge::SessionKey last_ = 0;
  std::size_t sessions_ = 0;
  std::vector<std::string> heard_;
};

}  // namespace larder
