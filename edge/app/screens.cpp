#include "edge/app/screens.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "lan-protocol/messages.hpp"

namespace larder::edge {

namespace {

Bytes frame_for(TopicSet topics, const std::vector<PublishedEvent>& events) {
  std::vector<std::string_view> chosen;
  for (const auto& event : events) {
    if ((event.topics & topics) != 0) chosen.emplace_back(*event.frame);
  }
  if (chosen.empty()) return nullptr;
  return std::make_shared<const std::string>(write_events(chosen));
}

}  // namespace

std::int64_t Pace::take(Duration now) {
  double seconds = static_cast<double>((now.micros - last_.micros)) / 1e6;
  last_ = now;
  tokens_ = std::min(burst_, tokens_ + seconds * per_second_);
  if (tokens_ >= 1.0) {
    tokens_ -= 1.0;
    return 0;
  }
  return static_cast<std::int64_t>(std::ceil((1.0 - tokens_) * 1000.0 / per_second_));
}

SessionKey Screens::open(Session& session, const std::string& address, TimePoint at) {
  SessionKey key = ++last_key_;
  Screen screen;
  screen.session = &session;
  screen.address = address;
  screen.since = at;
  screens_.emplace(key, std::move(screen));
  return key;
}

Screen* Screens::find(SessionKey key) {
  auto found = screens_.find(key);
  return found == screens_.end() ? nullptr : &found->second;
}

const Screen* Screens::find(SessionKey key) const {
  auto found = screens_.find(key);
  return found == screens_.end() ? nullptr : &found->second;
}

void Screens::send(SessionKey key, Bytes frame) {
  Screen* screen = find(key);
  if (screen != nullptr && !screen->closing) screen->session->send(std::move(frame));
}

void Screens::hang_up(SessionKey key, std::uint16_t code, const std::string& reason) {
  Screen* screen = find(key);
  if (screen == nullptr || screen->closing) return;
  screen->closing = true;
  screen->topics = 0;
  screen->session->close(code, reason);
}

std::vector<SessionKey> Screens::of_device(const DeviceId& device, SessionKey except) const {
  std::vector<SessionKey> keys;
  for (const auto& [key, screen] : screens_) {
    if (key != except && screen.authenticated && !screen.closing && screen.device == device) {
      keys.push_back(key);
    }
  }
  return keys;
}

void Screens::publish(const std::vector<PublishedEvent>& events) {
  if (events.empty()) return;
  std::map<TopicSet, Bytes> frames;
  for (auto& [key, screen] : screens_) {
    if (screen.topics == 0) continue;
    auto [place, is_new] = frames.try_emplace(screen.topics);
    if (is_new) place->second = frame_for(screen.topics, events);
    if (place->second) screen.session->send(place->second);
  }
}

void Screens::send_to_all(const Bytes& frame) {
  for (auto& [key, screen] : screens_) {
    if (screen.authenticated && !screen.closing) screen.session->send(frame);
  }
}

}  // namespace larder::edge
