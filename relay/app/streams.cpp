#include "relay/app/streams.hpp"

#include <algorithm>
#include <iterator>

namespace larder::relay {
namespace {

constexpr std::size_t kViewsMax = 1'000;

std::uint64_t behind(const StoreStream& stream) {
  const Seq here = stream.acked().second;
  return stream.hub_head > here ? stream.hub_head - here : 0;
}

bool is_wanted(const StoreStream& stream, StoresQuery::Only only) {
  switch (only) {
    case StoresQuery::Only::All:
      return true;
    case StoresQuery::Only::Away:
      return !stream.is_live;
    case StoresQuery::Only::Behind:
      return behind(stream) != 0;
    case StoresQuery::Only::Frozen:
      return stream.mark.is_frozen;
  }
  return false;
}

}  // namespace

StoreStream* Streams::find(const StoreId& store) {
  const auto found = streams_.find(store);
  return found == streams_.end() ? nullptr : &found->second;
}

StoreStream* Streams::find_or_make(const StoreId& store, std::size_t database) {
  if (StoreStream* known = find(store)) return known;
  if (streams_.size() >= stores_max_) return nullptr;
  StoreStream& made = streams_[store];
  made.store = store;
  made.mark.store = store;
  made.database = database;
  return &made;
}

StoreView Streams::view(const StoreStream& stream) {
  StoreView view;
  view.store = stream.store;
  view.hub = stream.has_hello ? stream.hub : stream.mark.hub;
  view.epoch = std::max(stream.session_epoch, stream.mark.epoch);
  view.up_to = stream.acked().second;
  view.hub_head = std::max(stream.hub_head, view.up_to);
  view.behind = behind(stream);
  view.is_live = stream.is_live;
  view.since = stream.since;
  if (view.behind != 0) {
    view.oldest_unsent_at =
        stream.oldest_unsent_at ? stream.oldest_unsent_at : stream.mark.last_event_at;
  }
  view.last_event_at = stream.mark.last_event_at;
  view.last_commit_at = stream.mark.last_commit_at;
  view.version = stream.version;
  view.clock_ahead = stream.clock_ahead;
  view.is_catching_up = stream.is_catching_up;
  view.is_frozen = stream.mark.is_frozen || !stream.held_reason.empty();
  view.frozen_reason = stream.mark.is_frozen ? stream.mark.frozen_reason : stream.held_reason;
  view.parked = stream.mark.parked;
  view.reconciled_at = stream.reconciled_at;
  view.differences = stream.differences;
  view.words_issued = stream.mark.words_issued;
  view.words_applied = stream.mark.words_applied;
  return view;
}

std::vector<StoreView> Streams::views(const StoresQuery& query) const {
  std::vector<StoreView> found;
  const std::size_t limit = std::min(query.limit, kViewsMax);
  auto at = query.after.empty()
                ? streams_.lower_bound(StoreId(query.prefix))
                : streams_.upper_bound(std::max(query.after, StoreId(query.prefix)));
  // A store whose id is the prefix itself comes first, unless it was the last one seen.
  if (!query.after.empty() && query.after.text() < query.prefix) {
    at = streams_.lower_bound(StoreId(query.prefix));
  }
  for (; at != streams_.end() && found.size() < limit; ++at) {
    if (!at->first.text().starts_with(query.prefix)) break;
    if (is_wanted(at->second, query.only)) found.push_back(view(at->second));
  }
  return found;
}

std::vector<StoreView> Streams::worst(std::size_t limit) const {
  std::vector<const StoreStream*> late;
  for (const auto& [id, stream] : streams_) {
    if (behind(stream) != 0) late.push_back(&stream);
  }
  const auto shown = late.begin() + static_cast<std::ptrdiff_t>(std::min(limit, late.size()));
  std::partial_sort(late.begin(), shown, late.end(),
                    [](const auto* a, const auto* b) { return behind(*a) > behind(*b); });
  std::vector<StoreView> views;
  std::transform(late.begin(), shown, std::back_inserter(views),
                 [](const auto* each) { return view(*each); });
  return views;
}

EstateView Streams::estate() const {
  EstateView sum;
  for (const auto& [id, stream] : streams_) {
    ++sum.stores;
    sum.live += stream.is_live ? 1U : 0U;
    sum.catching_up += stream.is_catching_up ? 1U : 0U;
    sum.frozen += stream.mark.is_frozen ? 1U : 0U;
    sum.behind += behind(stream);
    sum.words_outstanding += view(stream).words_outstanding();
  }
  return sum;
}

}  // namespace larder::relay
