// What a hub says of a SKU when its rows here say otherwise: no event moved them, and so a movement
// of the relay's own stands for what never came.
#include "relay/shards/event_rows.hpp"

namespace larder::relay {

Result<void> EventRows::restate(const SkuId& sku, const StockLevel& before, const StockLevel& after,
                                const Stated& stated) {
  epoch_ = stated.epoch;
  seq_ = stated.seq;
  stamped_ = StampedEvent{};
  stamped_.at = now_;
  auto written = put_compensation(sku, before, after, stated);
  if (!written) return written;
  levels_[sku.text()] = Level{after, 1, now_};
  auto row = poi_.find(tables_.stock, bucket_, store_, sku, now_);
  if (!row) return pass_on(row);
  JsonWriter content;
  content.begin_object().member("change", "stated");
  write_level(content.key("before"), sku, before);
  write_level(content.key("after"), sku, after);
  content.member("reason", "stated by the hub").member("by", stated.by);
  content.member("epoch", epoch_).member("seq", seq_).end_object();
  sql::Statement& log = keyed(tables_.stock.put_log);
  log.bind_text(3, (*row)->brand).bind(4, (*row)->id).bind_text(5, content.text());
  if (written = log.bind(6, now_.micros).run(); !written) return written;
  if (written = put_accounts(sku, **row, after); !written) return written;
  row = poi_.find(tables_.stock, bucket_, store_, sku, now_);
  if (!row) return pass_on(row);
  const StockLevel whole = whole_level(after, **row);
  PoiRow shown = **row;
  shown.plan = whole.plan;
  shown.restore_at = whole.restore_at.micros;
  const std::string key = store_.text() + "/stated/" + std::to_string(stated.difference) + "/";
  written = put_message(kInventoryTopic, key + std::string(kInventoryTopic),
                        cache_message(store_, sku, whole, "stated", "hub", seq_, now_));
  if (!written) return written;
  return put_message(kPoiTopic, key + std::string(kPoiTopic),
                     poi_message(store_, sku.text(), shown, poi_status(whole), poi_type(whole),
                                 poi_restore(whole), whole.available));
}

Result<void> EventRows::put_compensation(const SkuId& sku, const StockLevel& before,
                                         const StockLevel& after, const Stated& stated) {
  auto seq = next_own_number();
  if (!seq) return pass_on(seq);
  const std::int64_t available = after.available.in_tenths() - before.available.in_tenths();
  const std::int64_t held = after.held.in_tenths() - before.held.in_tenths();
  const std::string id = store_.text() + "/relay/" + std::to_string(-*seq);
  const std::string difference = std::to_string(stated.difference);
  sql::Statement& put = keyed(tables_.stock.put_movement);
  put.bind(3, *seq).bind(4, 0).bind(5, 0).bind_text(6, id).bind_text(7, "");
  put.bind_text(8, sku.text()).bind_text(9, "adjust").bind(10, available).bind(11, held);
  put.bind(12, after.available.in_tenths()).bind(13, after.held.in_tenths());
  put.bind(14, before.available.in_tenths() + before.held.in_tenths());
  put.bind(15, after.available.in_tenths() + after.held.in_tenths());
  put.bind_text(16, "reconcile").bind_text(17, difference);
  put.bind_text(18, "stated by the hub").bind_text(19, stated.by);
  return put.bind_text(20, "").bind(21, now_.micros).run();
}

}  // namespace larder::relay
