#include "tests/tools/scripted_hub.hpp"

#include <future>
#include <stdexcept>

#include "tools/client/fields.hpp"

namespace larder {

ScriptedHub::ScriptedHub(Script script, std::string hello_extra)
    : script_(std::move(script)), hello_extra_(std::move(hello_extra)) {
  edge::LanConfig config;
  config.address = "127.0.0.1";
  server_ = std::make_unique<edge::LanServer>(loop_, config, *this);
  if (!server_->start()) throw std::runtime_error("no port for the scripted hub");
  port_ = server_->port();
  thread_ = std::thread([this] { loop_.run(); });
}

ScriptedHub::~ScriptedHub() {
  std::promise<void> done;
  loop_.post([&] {
    server_.reset();
    done.set_value();
  });
  done.get_future().wait();
  loop_.stop();
  thread_.join();
}

edge::SessionKey ScriptedHub::opened(edge::Session& session, const std::string&) {
  const edge::SessionKey key = ++last_;
  {
    const std::lock_guard lock(mutex_);
    screens_[key].session = &session;
  }
  say(key, R"({"type":"hello","protocol":1,"store":"s","hub":"h","name":"n","epoch":1,"seq":0,)"
           R"("at":1,"zone":"Z","currency":"EUR","heartbeat_s":1,"stale_after_s":3,"version":"0")" +
               hello_extra_ + "}");
  return key;
}

void ScriptedHub::closed(edge::SessionKey key) {
  {
    const std::lock_guard lock(mutex_);
    screens_.erase(key);
  }
  changed_.notify_all();
}

void ScriptedHub::received(edge::SessionKey key, std::string_view text) {
  const Result<Json> message = parse_json(text);
  if (!message) return;
  if (client::text_of(*message, "type") == "auth") {
    {
      const std::lock_guard lock(mutex_);
      screens_[key].authenticated = true;
      ++sessions_;
    }
    say(key, R"({"type":"welcome","device":"d","name":"n","role":"kds","station":""})");
  } else {
    {
      const std::lock_guard lock(mutex_);
      heard_.emplace_back(text);
    }
    script_(*this, key, *message);
  }
  changed_.notify_all();
}

bool ScriptedHub::is_authenticated(edge::SessionKey key) const {
  const std::lock_guard lock(mutex_);
  const auto found = screens_.find(key);
  return found != screens_.end() && found->second.authenticated;
}

void ScriptedHub::say(edge::SessionKey key, const std::string& text) {
  edge::Session* session = nullptr;
  {
    const std::lock_guard lock(mutex_);
    const auto found = screens_.find(key);
    if (found != screens_.end()) session = found->second.session;
  }
  if (session != nullptr) session->send(std::make_shared<const std::string>(text));
}

void ScriptedHub::hang_up(edge::SessionKey key, std::uint16_t code) {
  edge::Session* session = nullptr;
  {
    const std::lock_guard lock(mutex_);
    const auto found = screens_.find(key);
    if (found != screens_.end()) session = found->second.session;
  }
  if (session != nullptr) session->close(code, "as scripted");
}

std::vector<std::string> ScriptedHub::heard() const {
  const std::lock_guard lock(mutex_);
  return heard_;
}

std::size_t ScriptedHub::sessions() const {
  const std::lock_guard lock(mutex_);
  return sessions_;
}

bool ScriptedHub::wait_until(const std::function<bool()>& holds) const {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds()) {
    std::unique_lock lock(mutex_);
    if (std::chrono::steady_clock::now() > deadline) return false;
    changed_.wait_for(lock, std::chrono::milliseconds(10));
  }
  return true;
}

void ScriptedHub::say_to_all(const std::string& text) {
  loop_.post([this, text] {
    for (edge::SessionKey key = 1; key <= last_; ++key) say(key, text);
  });
}

void ScriptedHub::hang_up_all(std::uint16_t code) {
  loop_.post([this, code] {
    for (edge::SessionKey key = 1; key <= last_; ++key) hang_up(key, code);
  });
}

}  // namespace larder
