#include "edge/app/shown.hpp"

#include <algorithm>

namespace larder::edge {
namespace {

constexpr TopicSet kShowsStock =
    static_cast<TopicSet>(topic_bit(Topic::Menu) | topic_bit(Topic::Stock));

}  // namespace

Shown::Entry* Shown::of(SessionKey key) {
  const auto session = sessions_.find(key);
  if (session == sessions_.end()) return nullptr;
  return &entries_.at(session->second);
}

// Tools that share the admin's token are no screens.
void Shown::joined(SessionKey key, const Device& device, Now now) {
  if (device.role == Role::Admin) return;
  Entry& entry = entries_[device.id];
  sessions_.erase(entry.session);
  entry = Entry{};
  entry.device = device.id;
  entry.name = device.name;
  entry.role = device.role;
  entry.session = key;
  entry.since = now.at;
  entry.day = now.day;
  sessions_.emplace(key, device.id);
}

void Shown::left(SessionKey key, Now now) {
  Entry* const entry = of(key);
  if (entry == nullptr) return;
  entry->session = 0;
  entry->since = now.at;
  entry->day = now.day;
  sessions_.erase(key);
}

void Shown::forget(const DeviceId& device) {
  const auto entry = entries_.find(device);
  if (entry == entries_.end()) return;
  sessions_.erase(entry->second.session);
  entries_.erase(entry);
}

void Shown::follows(SessionKey key, TopicSet topics) {
  Entry* const entry = of(key);
  if (entry != nullptr) entry->topics = static_cast<TopicSet>(topics & kShowsStock);
}

void Shown::seen(SessionKey key, Topic topic, Seq seq) {
  Entry* const entry = of(key);
  if (entry == nullptr) return;
  entry->speaks = true;
  Seq& shown = entry->shown.at(static_cast<std::size_t>(topic));
  shown = std::max(shown, seq);
}

void Shown::changed(const SoldOutChange& change, Duration steady) {
  std::erase_if(changes_, [&](const Change& old) {
    const bool is_over = change.channel.empty() || old.what.channel == change.channel;
    return old.what.sku == change.sku && is_over;
  });
  if (changes_.size() >= kUnseenChangesMax) changes_.pop_front();
  changes_.push_back(Change{change, steady});
}

// On every topic by which the change comes to it.
bool Shown::has_shown(const Entry& entry, Seq seq) const {
  for (const Topic topic : {Topic::Menu, Topic::Stock}) {
    const bool follows = (entry.topics & topic_bit(topic)) != 0;
    if (follows && entry.shown.at(static_cast<std::size_t>(topic)) < seq) return false;
  }
  return true;
}

std::vector<UnseenScreen> Shown::waiting_for(const Change& change, BusinessDay today) const {
  std::vector<UnseenScreen> waiting;
  for (const auto& [device, entry] : entries_) {
    const bool is_here = entry.session != 0;
    if (!is_here && entry.day != today) continue;  // it was not there today
    if (entry.topics == 0 || has_shown(entry, change.what.seq)) continue;
    UnseenScreen screen{entry.device, entry.name, entry.role, UnseenScreen::State::Waiting,
                        std::max(entry.since, change.what.at)};
    if (!is_here) screen.state = UnseenScreen::State::Away;
    if (!is_here) screen.since = entry.since;
    if (is_here && !entry.speaks) screen.state = UnseenScreen::State::Unknown;
    waiting.push_back(std::move(screen));
  }
  return waiting;
}

std::vector<UnseenChange> Shown::unseen(BusinessDay today) const {
  std::vector<UnseenChange> unseen;
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
    auto waiting = waiting_for(*change, today);
    if (waiting.empty()) continue;
    const SoldOutChange& what = change->what;
    unseen.push_back(
        {what.sku, what.channel, what.is_sold_out, what.seq, what.at, std::move(waiting)});
  }
  return unseen;
}

std::optional<std::string> Shown::news(Duration steady, BusinessDay today) {
  std::vector<UnseenChange> late;
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
    const bool is_late = steady - change->told >= Duration::seconds(kUnseenPatienceSeconds);
    if (!change->what.is_sold_out || !is_late) continue;
    auto waiting = waiting_for(*change, today);
    // An old client never says it: a till that lists it for ever is read by nobody.
    std::erase_if(waiting, [](const UnseenScreen& screen) {
      return screen.state == UnseenScreen::State::Unknown;
    });
    if (waiting.empty()) continue;
    const SoldOutChange& what = change->what;
    late.push_back(
        {what.sku, what.channel, what.is_sold_out, what.seq, what.at, std::move(waiting)});
  }
  std::string text = late.empty() ? std::string() : write_unseen_notice(late);
  if (text == last_news_) return std::nullopt;
  last_news_ = text;
  return text.empty() ? write_unseen_notice({}) : text;
}

}  // namespace larder::edge
