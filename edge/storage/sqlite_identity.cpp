// Who the hub of a store file is, and whether it may trust what the file holds: the part of
// SqliteJournal that a restored backup, a copied disk and a doubt raised at run time come to.
#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <utility>

#include "edge/storage/machine_mark.hpp"
#include "edge/storage/sqlite_journal.hpp"

namespace larder::edge {
namespace {

constexpr std::size_t kNamesBefore = 8;         // as many fit into a value of meta
constexpr std::size_t kReasonBytesMax = 1'000;  // as in meta's CHECK, with room

std::vector<HubId> names_in(const std::string& text) {
  std::vector<HubId> names;
  std::istringstream words(text);
  for (std::string word; words >> word;) names.emplace_back(word);
  return names;
}

std::string names_as_text(const std::vector<HubId>& names) {
  std::string text;
  const std::size_t from = names.size() > kNamesBefore ? names.size() - kNamesBefore : 0;
  for (std::size_t i = from; i < names.size(); ++i) {
    if (!text.empty()) text += ' ';
    text += names[i].text();
  }
  return text;
}

// "2 150": epoch and number.
void read_seen(const std::string& text, KeptDoubt& doubt) {
  std::istringstream words(text);
  words >> doubt.seen_epoch >> doubt.seen_seq;
}

}  // namespace

Result<void> SqliteJournal::look_at_identity(Recovered& found) {
  auto names = read_names(connection_);
  if (!names) return pass_on(names);
  std::string texts[4];
  const std::string_view wanted[] = {meta::kIdentity, meta::kWas, meta::kDoubtSeen,
                                     meta::kDoubtReason};
  for (std::size_t i = 0; i < std::size(wanted); ++i) {
    auto text = meta_text(connection_, wanted[i]);
    if (!text) return pass_on(text);
    texts[i] = std::move(*text);
  }
  auto doubt = meta_text(connection_, meta::kDoubt);
  if (!doubt) return pass_on(doubt);
  auto restored = meta_number(connection_, meta::kRestored);
  if (!restored) return pass_on(restored);
  auto floor = meta_number(connection_, meta::kEpochFloor);
  if (!floor) return pass_on(floor);

  found.store = names->store;
  found.hub = texts[0].empty() ? names->hub : HubId(texts[0]);
  found.was = names_in(texts[1]);
  found.restored = *restored == 1;
  found.doubt.doubt = doubt_named(*doubt);
  read_seen(texts[2], found.doubt);
  found.doubt.reason = texts[3];
  auto bound = look_at_machine(found);
  if (!bound) return bound;
  if (found.restored && !found.doubt.is_on()) {
    found.doubt.doubt = Doubt::Restored;
    found.doubt.reason = "the store file came from a backup";
  }
  if (found.doubt.is_on()) {
    found.epoch_floor = std::max({head_.epoch, static_cast<Epoch>(*floor), found.doubt.seen_epoch});
  }
  return {};
}

// A copy of a disk that runs elsewhere is another hub: it gets a name of its own before it says or
// writes anything, so that nothing of it is ever taken for the hub it was copied from.
Result<void> SqliteJournal::look_at_machine(Recovered& found) {
  if (machine_.empty()) return {};
  auto kept = meta_text(connection_, meta::kMachine);
  if (!kept) return pass_on(kept);
  const bool is_another = !kept->empty() && !is_same_machine(*kept, machine_);
  const std::string known = is_another ? machine_ : with_parts_of(*kept, machine_);
  if (*kept == known) return {};
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return pass_on(transaction);
  auto done = set_meta(connection_, meta::kMachine, known);
  if (done && is_another) {
    found.was.push_back(found.hub);
    found.hub = random_hub_id();
    // A store that never took an event has nothing that could be sold twice.
    // What weighs more, that the store is kept elsewhere, stays.
    const Doubt before = found.doubt.doubt;
    const bool is_lighter =
        before == Doubt::None || before == Doubt::Restored || before == Doubt::Behind;
    if (head_.seq != 0 && is_lighter) {
      found.doubt.doubt = Doubt::OtherMachine;
      found.doubt.reason = "the store file was last used on another machine, by hub " +
                           found.was.back().text() + "; this is hub " + found.hub.text() + " now";
    }
    done = set_meta(connection_, meta::kIdentity, found.hub.text());
    if (done) done = set_meta(connection_, meta::kWas, names_as_text(found.was));
    if (done && found.doubt.is_on()) done = write_doubt(found.doubt);
  }
  return done ? transaction->commit() : done;
}

Result<void> SqliteJournal::write_doubt(const KeptDoubt& doubt) {
  auto done = set_meta(connection_, meta::kDoubt, wire_name(doubt.doubt));
  if (done) {
    done = set_meta(connection_, meta::kDoubtSeen,
                    std::to_string(doubt.seen_epoch) + " " + std::to_string(doubt.seen_seq));
  }
  if (done) {
    done = set_meta(connection_, meta::kDoubtReason, doubt.reason.substr(0, kReasonBytesMax));
  }
  return done;
}

Result<void> SqliteJournal::end_doubt() {
  auto done = write_doubt(KeptDoubt{});
  return done ? set_meta(connection_, meta::kRestored, "0") : done;
}

Result<void> SqliteJournal::keep_doubt(const KeptDoubt& doubt) {
  auto ready = check_ready();
  if (!ready) return ready;
  const Epoch floor = std::max({epoch_floor_, head_.epoch, doubt.seen_epoch});
  const auto write_it = [&]() -> Result<void> {
    auto transaction = sql::Transaction::begin(connection_);
    if (!transaction) return pass_on(transaction);
    auto done = doubt.is_on() ? write_doubt(doubt) : end_doubt();
    if (done) done = set_meta(connection_, meta::kEpochFloor, std::to_string(floor));
    return done ? transaction->commit() : done;
  };
  auto kept = settle(write_it());
  if (!kept) return kept;
  is_in_doubt_ = doubt.is_on();
  epoch_floor_ = floor;
  return {};
}

}  // namespace larder::edge
