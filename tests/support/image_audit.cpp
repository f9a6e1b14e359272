#include "tests/support/image_audit.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "core/ledger/snapshot.hpp"
#include "edge/storage/verify.hpp"
#include "lan-protocol/digest.hpp"
#include "platform/sqlite/sqlite.hpp"

namespace larder::edge {
namespace {

constexpr const char* kStoreName = "h-busy.larder";

std::string number(std::size_t value) { return std::to_string(value); }

// The groups of the record after which the journal stands where it stands now; answers alone do not
// move its head.
struct Found {
  std::size_t first = 0;
  std::size_t last = 0;
};

std::string find_groups(const BusyMinute& minute, const Recovered& recovered, Found& found) {
  bool is_there = false;
  for (std::size_t group = 0; group < minute.groups.size(); ++group) {
    const GroupMark& mark = minute.groups[group];
    if (mark.seq != recovered.seq || mark.answers != recovered.answer_keys.size()) continue;
    if (mark.hash != recovered.hash) return "event " + number(recovered.seq) + " is another one";
    if (!is_there) found.first = group;
    found.last = group;
    is_there = true;
  }
  if (is_there) return {};
  return "event " + number(recovered.seq) + " with " + number(recovered.answer_keys.size()) +
         " answers is the end of no group: half a group is there";
}

std::string check_books(const GroupMark& mark, BusyShop& shop) {
  if (sha256(to_snapshot(shop.hub().ledger())) == mark.state) return {};
  return "the books after event " + number(mark.seq) + " are not what the events make";
}

std::string check_answers(const BusyMinute& minute, std::size_t group, BusyShop& shop) {
  std::vector<std::uint64_t> keys = shop.recovered().answer_keys;
  std::sort(keys.begin(), keys.end());
  for (const auto& [id, kept_in] : minute.group_of) {
    if (kept_in > group) continue;
    if (!std::binary_search(keys.begin(), keys.end(), answer_key(id))) {
      return "the answer to " + id + " is missing";
    }
    if (kept_in + 2 < group) continue;  // the newest are read as a retry reads them
    auto answer = shop.journal().answer(CommandId(id));
    if (!answer || !*answer) return "the answer to " + id + " cannot be found";
  }
  return {};
}

std::string check_chain(BusyShop& shop) {
  auto events = shop.journal().read(0, SIZE_MAX);
  if (!events) return "the events cannot be read: " + events.error().message();
  Place at;
  for (const StoredEvent& event : *events) {
    if (event.seq != at.seq + 1) return "event " + number(at.seq + 1) + " is missing";
    if (event.hash != chain(at.hash, event.epoch, event.seq, *event.data)) {
      return "the chain breaks at event " + number(event.seq);
    }
    at = Place{event.epoch, event.seq, event.hash};
  }
  if (at.seq != shop.hub().ledger().seq) return "the books are ahead of the journal";
  return {};
}

// Each device waits for its answer before the next command is sent: what one device sends behind an
// id that is looked up waits, and between two devices there is no order to hold them to.
Result<void> play_one_by_one(std::unique_ptr<BusyShop>& shop, const Step& step,
                             ShopSettings& settings) {
  if (step.kind != Step::Kind::Commands) return play(shop, step, settings);
  shop->set_time(step.at);
  for (const SentCommand& command : step.commands) {
    shop->receive(command.is_till, command.frame);
    shop->settle();
  }
  return {};
}

// The step that was under way is taken again: clients who got no answer send the same ids.
std::string retry(const BusyMinute& minute, std::size_t step_number,
                  std::unique_ptr<BusyShop>& shop, ShopSettings& settings) {
  auto played = play_one_by_one(shop, minute.steps[step_number], settings);
  if (!played) return "the start after a retry is refused: " + played.error().message();
  if (shop->died()) return "a retry ended the process: " + shop->died()->message();
  const GroupMark& after = minute.groups[minute.step_marks[step_number].groups];
  const Head& head = shop->hub().committed();
  if (head.seq == after.seq && head.hash == after.hash) return check_books(after, *shop);
  return "a retry of step " + number(step_number) + " ended at event " + number(head.seq) +
         ", not at " + number(after.seq) + ", or with another effect";
}

std::string check_file(const std::filesystem::path& folder) {
  auto file = sql::Connection::open(folder / kStoreName, sql::Connection::Mode::ReadWrite);
  if (!file) return "the store file cannot be opened again: " + file.error().message();
  auto verdict = file->text("PRAGMA integrity_check(1)");
  if (!verdict) return "integrity_check: " + verdict.error().message();
  return *verdict == "ok" ? std::string() : "integrity_check: " + *verdict;
}

// Everything after a start that must have succeeded, up to the clean stop.
std::string audit_life(const BusyMinute& minute, const Restart& restart,
                       const std::filesystem::path& folder) {
  ShopSettings settings{folder, restart.is_upgraded, {}};
  auto started = BusyShop::start(settings);
  if (!started) return "the start is refused: " + started.error().message();
  auto shop = std::move(*started);
  Found found;
  std::string wrong = find_groups(minute, shop->recovered(), found);
  if (wrong.empty() && found.last < restart.acked_group) {
    wrong = "acknowledged group " + number(restart.acked_group) + " is lost; the last is " +
            number(found.last);
  }
  if (wrong.empty()) wrong = check_books(minute.groups[found.last], *shop);
  if (wrong.empty()) wrong = check_answers(minute, found.last, *shop);
  const auto kind = minute.steps[restart.step].kind;
  const bool is_sent_again = kind == Step::Kind::Commands || kind == Step::Kind::FirstStart;
  if (wrong.empty() && (is_sent_again || restart.plays_rest)) {
    wrong = retry(minute, restart.step, shop, settings);
  }
  for (std::size_t step = restart.step + 1;
       restart.plays_rest && wrong.empty() && step < minute.steps.size(); ++step) {
    if (auto played = play(shop, minute.steps[step], settings); !played) {
      return "a later start is refused: " + played.error().message();
    }
    if (shop->died()) return "the rest ended the process: " + shop->died()->message();
  }
  if (wrong.empty() && restart.plays_rest) wrong = check_books(minute.groups.back(), *shop);
  if (wrong.empty()) wrong = check_chain(*shop);
  shop->stop();
  shop.reset();
  return wrong.empty() ? check_file(folder) : wrong;
}

// A backup under its own name is whole, whenever the power went; the same bytes are looked at once.
std::string check_backups(const DiskImage& image, const std::filesystem::path& folder) {
  static std::mutex mutex;
  static std::set<Sha256> known;
  for (const auto& [name, bytes] : image) {
    if (!name.starts_with("backups/") || !name.ends_with(".larder")) continue;
    const Sha256 digest = sha256(bytes);
    {
      const std::lock_guard lock(mutex);
      if (known.contains(digest)) continue;
    }
    auto report = verify_unlocked(folder / name);
    if (!report) return "the backup " + name + ": " + report.error().message();
    if (!report->is_good()) return "the backup " + name + ": " + describe(*report);
    const std::lock_guard lock(mutex);
    known.insert(digest);
  }
  return {};
}

void lay_out(const DiskImage& image, const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  write_image(image, folder);
}

// The recovery begins, and the power goes again.
DiskImage cut_the_recovery(const Audit& audit, bool is_upgraded,
                           const std::filesystem::path& folder) {
  FaultyDisk disk(folder);
  auto started = BusyShop::start(ShopSettings{folder, is_upgraded, {}});
  disk.unplug();
  if (started) started->reset();
  Fates fates(audit.cut, audit.second_cut);
  const auto trace = disk.trace();
  const std::size_t end = fates.below(trace.size() + 1);
  DiskModel model(disk.initial());
  for (std::size_t op = 0; op < end; ++op) model.apply(trace[op]);
  return model.after_power_cut(fates);
}

}  // namespace

std::string audit_image(const BusyMinute& minute, const DiskImage& image, const Audit& audit,
                        const std::filesystem::path& folder) {
  Restart restart;
  restart.step = minute.step_at(audit.at);
  restart.acked_group = minute.acked_group(audit.at);
  restart.is_upgraded = minute.step_marks[restart.step].is_upgraded;
  lay_out(image, folder);
  if (audit.second_cut != 0) {
    lay_out(cut_the_recovery(audit, restart.is_upgraded, folder), folder);
  }
  auto wrong = check_backups(image, folder);
  if (wrong.empty()) wrong = audit_life(minute, restart, folder);
  // A header that the medium damaged with what shares its sector cannot be told from one that lost
  // acknowledged groups behind it: the start refuses, and nothing was acknowledged since the last
  // checkpoint.
  const bool is_header = wrong.ends_with("-wal is damaged: restore a backup");
  if (audit.cut == Cut::Damaging && is_header && minute.begins_wal(audit.at)) return {};
  return wrong;
}

std::string audit_restart(const BusyMinute& minute, const Restart& restart,
                          const std::filesystem::path& folder) {
  return audit_life(minute, restart, folder);
}

std::string audit_after_lies(const BusyMinute& minute, const DiskImage& image,
                             const std::filesystem::path& folder, bool is_upgraded,
                             bool& is_refused) {
  lay_out(image, folder);
  auto started = BusyShop::start(ShopSettings{folder, is_upgraded, {}});
  is_refused = !started;
  if (is_refused) return {};
  auto shop = std::move(*started);
  Found found;
  std::string wrong = find_groups(minute, shop->recovered(), found);
  if (wrong.empty()) wrong = check_books(minute.groups[found.last], *shop);
  if (wrong.empty()) wrong = check_answers(minute, found.last, *shop);
  if (wrong.empty()) wrong = check_chain(*shop);
  shop->stop();
  shop.reset();
  return wrong.empty() ? check_file(folder) : wrong;
}

}  // namespace larder::edge
