#include "relay/shards/kept_events.hpp"

#include <string>
#include <utility>
#include <variant>

namespace larder::relay {
namespace {

constexpr std::string_view kMenuName = "\"menu.imported\"";
// On the line that the store's books followed.
constexpr std::string_view kIsNotLost =
    " AND NOT EXISTS (SELECT 1 FROM store_epochs_$ x WHERE x.product_shard_id = ?1"
    " AND x.store_id = ?2 AND x.epoch > e.epoch AND x.first_seq <= e.seq)";
// What says how things are: written, and not lost.
constexpr std::string_view kIsWritten =
    " AND NOT EXISTS (SELECT 1 FROM parked_events_$ p WHERE p.product_shard_id = ?1"
    " AND p.store_id = ?2 AND p.seq = e.seq AND p.epoch = e.epoch)";
constexpr std::string_view kSelect =
    "SELECT e.data FROM store_events_$ e WHERE e.product_shard_id = ?1 AND e.store_id = ?2"
    " AND instr(e.data, ?3) > 0";

constexpr std::string_view kIsLater = " AND e.seq > ?4 AND e.epoch >= ?5";

bool is_menu(const Event& event) { return std::holds_alternative<MenuImported>(event); }

}  // namespace

Result<std::optional<StampedEvent>> KeptEvents::first_match(sql::Statement& rows,
                                                            const Match& match) {
  for (;;) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) return std::optional<StampedEvent>();
    auto stamped = decode_event(rows.text(0));
    if (stamped && match(stamped->event)) return std::optional(std::move(*stamped));
  }
}

Result<bool> KeptEvents::any_after(Epoch epoch, Seq seq, std::string_view word,
                                   const Match& match) {
  sql::Statement rows;
  const std::string text =
      std::string(kSelect).append(kIsLater).append(kIsWritten).append(kIsNotLost);
  auto prepared = prepare_all(connection_, table_, {{&rows, text}});
  if (!prepared) return pass_on(prepared);
  rows.bind(1, bucket_).bind_text(2, store_.text()).bind_bytes(3, word);
  rows.bind(4, static_cast<std::int64_t>(seq)).bind(5, epoch);
  auto found = first_match(rows, match);
  if (!found) return pass_on(found);
  return found->has_value();
}

Result<void> KeptEvents::each_after(Epoch epoch, Seq seq, std::string_view word,
                                    const std::function<Result<void>(const StampedEvent&)>& take) {
  sql::Statement rows;
  const std::string text =
      std::string(kSelect).append(kIsLater).append(kIsNotLost).append(" ORDER BY e.seq");
  auto prepared = prepare_all(connection_, table_, {{&rows, text}});
  if (!prepared) return pass_on(prepared);
  rows.bind(1, bucket_).bind_text(2, store_.text()).bind_bytes(3, word);
  rows.bind(4, static_cast<std::int64_t>(seq)).bind(5, epoch);
  for (;;) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) return {};
    const auto stamped = decode_event(rows.text(0));
    auto taken = stamped ? take(*stamped) : Result<void>();
    if (!taken) return taken;
  }
}

Result<std::optional<StampedEvent>> KeptEvents::menu_before(Seq first) {
  sql::Statement rows;
  const std::string text = std::string(kSelect)
                               .append(" AND e.seq < ?4")
                               .append(kIsWritten)
                               .append(kIsNotLost)
                               .append(" ORDER BY e.seq DESC, e.epoch DESC");
  auto prepared = prepare_all(connection_, table_, {{&rows, text}});
  if (!prepared) return pass_on(prepared);
  rows.bind(1, bucket_).bind_text(2, store_.text()).bind_bytes(3, kMenuName);
  rows.bind(4, static_cast<std::int64_t>(first));
  return first_match(rows, is_menu);
}

Result<std::optional<StampedEvent>> KeptEvents::menu_from(Seq first) {
  sql::Statement rows;
  const std::string text =
      std::string(kSelect).append(" AND e.seq >= ?4 ORDER BY e.seq DESC, e.epoch DESC");
  auto prepared = prepare_all(connection_, table_, {{&rows, text}});
  if (!prepared) return pass_on(prepared);
  rows.bind(1, bucket_).bind_text(2, store_.text()).bind_bytes(3, kMenuName);
  rows.bind(4, static_cast<std::int64_t>(first));
  return first_match(rows, is_menu);
}

}  // namespace larder::relay
