// FakeGate: a hub that behaves, for the tests of the LAN room. Its calls come on the network
// thread; what it saw may be asked for on any thread.
//
// What it understands: "auth" authenticates, "big N" answers with a frame of N bytes, "close CODE"
// closes, "many N" answers with N small frames; every other text comes back after "echo ".
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "edge/app/gate.hpp"

namespace larder::edge {

class FakeGate final : public Gate {
 public:
  SessionKey opened(Session& session, const std::string& address) override;
  void closed(SessionKey key) override;
  void received(SessionKey key, std::string_view text) override;
  bool is_authenticated(SessionKey key) const override;
  HttpAnswer health() override;
  HttpAnswer metrics() override;
  void import_menu(const std::string& bearer, const std::string& command_id, std::string body,
                   std::function<void(HttpAnswer)> answer) override;
  void count_refusal(std::string_view reason) override;

  // On the network thread: the same bytes to every session.
  void publish(const Bytes& frame);
  // On the network thread: the answers that were held back.
  void answer_imports();

  // Set before the server starts. Never answers imports when false.
  bool answers_imports = true;

  // On any thread.
  std::size_t opened_count() const;
  std::size_t closed_count() const;  // of distinct sessions; a second closed() of one is a failure
  std::size_t closed_twice() const;
  std::size_t refusals(const std::string& reason) const;
  std::vector<std::string> texts() const;
  std::vector<std::string> imports() const;  // "bearer id bytes"
  // Waits until `holds` does, at most `most`; asked again whenever the gate saw something.
  bool wait_until(const std::function<bool()>& holds,
                  std::chrono::milliseconds most = std::chrono::seconds(20)) const;

 private:
  struct Screen {
    Session* session = nullptr;
    bool authenticated = false;
    bool open = true;
  };
  void obey(Session& session, std::string_view text);

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<SessionKey, Screen> screens_;
  SessionKey last_ = 0;
  std::size_t closed_twice_ = 0;
  std::map<std::string, std::size_t> refusals_;
  std::vector<std::string> texts_;
  std::vector<std::string> imports_;
  std::vector<std::function<void(HttpAnswer)>> unanswered_;
};

}  // namespace larder::edge
