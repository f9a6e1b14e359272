#include "tests/support/fake_gate.hpp"

#include <algorithm>
#include <utility>

namespace larder::edge {

namespace {

Bytes bytes_of(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

// "big 12" -> 12 for the word "big"; 0 for another word.
std::size_t number_after(std::string_view text, std::string_view word) {
  if (!text.starts_with(word) || text.size() <= word.size() + 1) return 0;
  return static_cast<std::size_t>(std::stoull(std::string(text.substr(word.size() + 1))));
}

}  // namespace

SessionKey FakeGate::opened(Session& session, const std::string& address) {
  SessionKey key = 0;
  {
    const std::lock_guard lock(mutex_);
    key = ++last_;
    screens_[key] = Screen{.session = &session, .authenticated = false, .open = true};
  }
  session.send(bytes_of("hello " + address));
  changed_.notify_all();
  return key;
}

void FakeGate::closed(SessionKey key) {
  {
    const std::lock_guard lock(mutex_);
    Screen& screen = screens_.at(key);
    if (!screen.open) ++closed_twice_;
    screen.open = false;
    screen.session = nullptr;
  }
  changed_.notify_all();
}

void FakeGate::received(SessionKey key, std::string_view text) {
  Session* session = nullptr;
  {
    const std::lock_guard lock(mutex_);
    Screen& screen = screens_.at(key);
    session = screen.session;
    if (text == "auth") screen.authenticated = true;
    texts_.emplace_back(text);
  }
  obey(*session, text);
  changed_.notify_all();
}

void FakeGate::obey(Session& session, std::string_view text) {
  if (const std::size_t bytes = number_after(text, "big"); bytes > 0) {
    return session.send(bytes_of(std::string(bytes, 'b')));
  }
  if (const std::size_t code = number_after(text, "close"); code > 0) {
    session.send(bytes_of("last words"));
    return session.close(static_cast<std::uint16_t>(code), "as you asked");
  }
  if (const std::size_t frames = number_after(text, "many"); frames > 0) {
    const Bytes frame = bytes_of("one of many");
    for (std::size_t i = 0; i < frames; ++i) session.send(frame);
    return;
  }
  session.send(bytes_of("echo " + std::string(text)));
}

bool FakeGate::is_authenticated(SessionKey key) const {
  const std::lock_guard lock(mutex_);
  return screens_.at(key).authenticated;
}

HttpAnswer FakeGate::health() {
  return HttpAnswer{
      .status = 200, .content_type = "application/json", .body = bytes_of("{\"status\":\"ok\"}")};
}

HttpAnswer FakeGate::metrics() {
  return HttpAnswer{.status = 200,
                    .content_type = "text/plain; version=0.0.4",
                    .body = bytes_of("larder_up 1\n")};
}

void FakeGate::import_menu(const std::string& bearer, const std::string& command_id,
                           std::string body, std::function<void(HttpAnswer)> answer) {
  {
    const std::lock_guard lock(mutex_);
    imports_.push_back(bearer + ' ' + command_id + ' ' + std::to_string(body.size()));
    if (!answers_imports) unanswered_.push_back(std::move(answer));
  }
  changed_.notify_all();
  if (answer)
    answer(HttpAnswer{
        .status = 200, .content_type = "application/json", .body = bytes_of("{\"ok\":true}")});
}

void FakeGate::count_refusal(std::string_view reason) {
  {
    const std::lock_guard lock(mutex_);
    ++refusals_[std::string(reason)];
  }
  changed_.notify_all();
}

void FakeGate::publish(const Bytes& frame) {
  std::vector<Session*> sessions;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, screen] : screens_) {
      if (screen.open) sessions.push_back(screen.session);
    }
  }
  for (Session* session : sessions) session->send(frame);
}

void FakeGate::answer_imports() {
  std::vector<std::function<void(HttpAnswer)>> answers;
  {
    const std::lock_guard lock(mutex_);
    answers.swap(unanswered_);
  }
  for (const auto& answer : answers) {
    answer(HttpAnswer{.status = 200, .content_type = "application/json", .body = bytes_of("{}")});
  }
}

std::size_t FakeGate::opened_count() const {
  const std::lock_guard lock(mutex_);
  return screens_.size();
}

std::size_t FakeGate::closed_count() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      screens_.begin(), screens_.end(), [](const auto& entry) { return !entry.second.open; }));
}

std::size_t FakeGate::closed_twice() const {
  const std::lock_guard lock(mutex_);
  return closed_twice_;
}

std::size_t FakeGate::refusals(const std::string& reason) const {
  const std::lock_guard lock(mutex_);
  const auto found = refusals_.find(reason);
  return found == refusals_.end() ? 0 : found->second;
}

std::vector<std::string> FakeGate::texts() const {
  const std::lock_guard lock(mutex_);
  return texts_;
}

std::vector<std::string> FakeGate::imports() const {
  const std::lock_guard lock(mutex_);
  return imports_;
}

bool FakeGate::wait_until(const std::function<bool()>& holds,
                          std::chrono::milliseconds most) const {
  const auto until = std::chrono::steady_clock::now() + most;
  constexpr auto kLook = std::chrono::milliseconds(10);
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kLook);
  }
  return true;
}

}  // namespace larder::edge
