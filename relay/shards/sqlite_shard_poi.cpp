// The estate's stock rows as a POS reports and asks for them (contract of the estate, section 3).
#include <algorithm>
#include <utility>

#include "lan-protocol/json.hpp"
#include "relay/shards/event_rows.hpp"
#include "relay/shards/replay_rows.hpp"
#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {
namespace {

// What a report leaves out (a channel, its quota or weight) stays as it is stored.
bool has_channels(const std::vector<PoiChannel>& stored, const std::vector<PoiChannel>& reported) {
  return std::all_of(reported.begin(), reported.end(), [&stored](const PoiChannel& one) {
    return std::any_of(stored.begin(), stored.end(), [&one](const PoiChannel& other) {
      return one.channel_code == other.channel_code && one.stock_status == other.stock_status &&
             one.stock_type == other.stock_type && (!one.quota || one.quota == other.quota) &&
             (!one.weight || one.weight == other.weight);
    });
  });
}

// The same report again, because its answer was lost, changes nothing.
bool says_the_same(const PoiStock& stored, const PoiStock& report) {
  return stored.brand_id == report.brand_id && stored.stock_status == report.stock_status &&
         stored.stock_type == report.stock_type && stored.plan_quantity == report.plan_quantity &&
         stored.real_quantity == report.real_quantity &&
         stored.auto_restore_type == report.auto_restore_type &&
         stored.auto_restore_at == report.auto_restore_at &&
         has_channels(stored.channels, report.channels);
}

std::vector<PoiChannel> channels_of(sql::Statement& rows) {
  std::vector<PoiChannel> channels;
  for (auto row = rows.step(); row && *row; row = rows.step()) {
    PoiChannel& channel = channels.emplace_back();
    channel.channel_code = rows.text(0);
    channel.stock_status = static_cast<int>(rows.integer(1));
    channel.stock_type = static_cast<int>(rows.integer(2));
    if (rows.integer(3) >= 0) channel.quota = Quantity::tenths(rows.integer(3));
    if (rows.integer(4) >= 0) channel.weight = rows.integer(4);
    channel.sold = Quantity::tenths(rows.integer(5));
  }
  return channels;
}

std::string sync_content(const PoiStock& stock, std::string_view change) {
  JsonWriter out;
  out.begin_object().member("change", change).member("object_type", stock.object_type);
  out.member("object_id", stock.object_id).member("stock_status", stock.stock_status);
  out.member("stock_type", stock.stock_type);
  out.key("plan_quantity").raw(stock.plan_quantity.text());
  out.key("real_quantity").raw(stock.real_quantity.text());
  out.key("channel_stocks").begin_array();
  for (const PoiChannel& channel : stock.channels) {
    out.begin_object().member("channel_code", channel.channel_code);
    out.member("stock_status", channel.stock_status).member("stock_type", channel.stock_type);
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

}  // namespace

Result<std::vector<PoiStock>> SqliteShard::poi_rows(const StoreId& poi, const Place& place,
                                                    std::int64_t after, int object_type,
                                                    const std::string& object,
                                                    std::vector<std::int64_t>& ids) {
  sql::Statement& rows = place.tables->reads.poi_changed;
  const sql::Scope scope(rows);
  rows.bind(1, place.bucket).bind_text(2, poi.text()).bind(3, after);
  rows.bind_text(4, object).bind(5, object_type);
  std::vector<PoiStock> found;
  for (;;) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) break;
    ids.push_back(rows.integer(0));
    PoiStock& stock = found.emplace_back();
    stock.brand_id = rows.text(1);
    stock.poi = poi;
    stock.object_type = static_cast<int>(rows.integer(2));
    stock.object_id = rows.text(3);
    stock.stock_status = static_cast<int>(rows.integer(4));
    stock.stock_type = static_cast<int>(rows.integer(5));
    stock.plan_quantity = Quantity::tenths(rows.integer(6));
    stock.real_quantity = Quantity::tenths(rows.integer(7));
    stock.auto_restore_type = static_cast<int>(rows.integer(8));
    if (rows.integer(9) != 0) stock.auto_restore_at = TimePoint{rows.integer(9)};
    stock.updated_at = TimePoint{rows.integer(10)};
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    sql::Statement& channels = place.tables->stock.poi_channels;
    const sql::Scope channels_scope(channels);
    channels.bind(1, place.bucket).bind_text(2, poi.text()).bind(3, ids[i]);
    found[i].channels = channels_of(channels);
  }
  return found;
}

Result<std::vector<PoiStock>> SqliteShard::find_to_pos(const StoreId& poi,
                                                       std::optional<TimePoint> changed_since) {
  auto place = place_of(poi);
  if (!place) return pass_on(place);
  std::vector<std::int64_t> ids;
  const std::int64_t after = changed_since ? changed_since->micros : INT64_MIN;
  return settle(poi_rows(poi, *place, after, 0, {}, ids));
}

Result<std::optional<PoiStock>> SqliteShard::poi_of(const StoreId& poi, const Place& place,
                                                    int object_type, const std::string& object,
                                                    std::int64_t& id) {
  std::vector<std::int64_t> ids;
  auto found = poi_rows(poi, place, INT64_MIN, object_type, object, ids);
  if (!found) return pass_on(found);
  if (found->empty()) return std::optional<PoiStock>();
  id = ids.front();
  return std::optional(std::move(found->front()));
}

Result<PoiStock> SqliteShard::sync_from_pos(const PoiStock& stock, TimePoint now) {
  auto place = place_of(stock.poi);
  if (!place) return pass_on(place);
  if (stock.object_id.empty()) return refuse(Code::BadRequest, "object_id: must not be empty");
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<PoiStock>(pass_on(transaction));
  std::int64_t id = 0;
  auto stored = poi_of(stock.poi, *place, stock.object_type, stock.object_id, id);
  if (!stored) return settle<PoiStock>(pass_on(stored));
  if (*stored && says_the_same(**stored, stock)) return **stored;
  const bool is_current = !stock.based_on || (*stored && (*stored)->updated_at == *stock.based_on);
  if (!is_current) {
    return refuse(Code::BadState,
                  "The stock of " + stock.object_id +
                      " was changed after the state this report is based on; read it again");
  }
  auto written = write_poi(stock, *place, kReport, now);
  if (written) stored = poi_of(stock.poi, *place, stock.object_type, stock.object_id, id);
  if (written && !stored) written = pass_on(stored);
  if (written) written = transaction->commit();
  if (!written) return settle<PoiStock>(pass_on(written));
  return **stored;
}

// Stock row, channel rows, log row and outbox row. A store with a hub of ours keeps its inventory
// from the hub's own events; for a POS of another make this report is all there is.
Result<void> SqliteShard::write_poi(const PoiStock& stock, const Place& place,
                                    std::string_view change, TimePoint now) {
  sql::Statement& put = place.tables->reads.sync_poi;
  std::int64_t id = 0, at = 0;
  {
    const sql::Scope scope(put);
    put.bind(1, place.bucket).bind_text(2, stock.poi.text()).bind_text(3, stock.brand_id);
    put.bind(4, stock.object_type).bind_text(5, stock.object_id).bind(6, stock.stock_status);
    put.bind(7, stock.stock_type).bind(8, stock.plan_quantity.in_tenths());
    put.bind(9, stock.real_quantity.in_tenths()).bind(10, stock.auto_restore_type);
    put.bind(11, stock.auto_restore_at.value_or(TimePoint{}).micros).bind(12, now.micros);
    auto row = put.step();
    if (!row) return pass_on(row);
    id = put.integer(0);
    at = put.integer(1);
  }
  poi_.forget();
  Result<void> written;
  for (const PoiChannel& channel : stock.channels) {
    if (!written) return written;
    sql::Statement& row = place.tables->reads.put_poi_channel;
    row.bind(1, place.bucket).bind_text(2, stock.poi.text()).bind_text(3, stock.brand_id);
    row.bind(4, id).bind_text(5, channel.channel_code).bind(6, channel.stock_status);
    row.bind(7, channel.stock_type).bind(8, channel.quota ? channel.quota->in_tenths() : -1);
    written = row.bind(9, channel.weight.value_or(-1)).run();
  }
  const std::string content = sync_content(stock, change);
  sql::Statement& entry = place.tables->stock.put_log;
  entry.bind(1, place.bucket).bind_text(2, stock.poi.text()).bind_text(3, stock.brand_id);
  if (written) written = entry.bind(4, id).bind_text(5, content).bind(6, now.micros).run();
  if (written && stock.object_type == 2 && !marks_.contains(stock.poi)) {
    sql::Statement& level = place.tables->stock.put_level;
    level.bind(1, place.bucket).bind_text(2, stock.poi.text()).bind_text(3, stock.object_id);
    level.bind(4, stock.real_quantity.in_tenths()).bind(5, 0).bind(6, 1).bind(7, stock.stock_type);
    level.bind(10, stock.auto_restore_type).bind(11, 0).bind(12, 0);
    level.bind(13, stock.auto_restore_at.value_or(TimePoint{}).micros);
    level.bind(14, stock.plan_quantity.in_tenths()).bind(15, 0).bind(16, 0);
    written = level.bind(8, stock.stock_status).bind(9, now.micros).run();
  }
  if (!written) return written;
  PoiRow row{id,
             stock.brand_id,
             stock.plan_quantity,
             stock.auto_restore_type,
             stock.auto_restore_at.value_or(TimePoint{}).micros,
             {}};
  auto channels = channels_json(place.tables->stock, place.bucket, stock.poi, id);
  if (!channels) return pass_on(channels);
  row.channels = std::move(*channels);
  const std::string payload =
      poi_message(stock.poi, stock.object_id, row, stock.stock_status, stock.stock_type,
                  stock.auto_restore_type, stock.real_quantity);
  // The row's own time rises with every change, so that a later report is another message.
  const std::string key = stock.poi.text() + "/pos/" + std::to_string(stock.object_type) + "/" +
                          stock.object_id + "/" + std::to_string(at) + "/" + std::string(kPoiTopic);
  return message(stock.poi, kPoiTopic, key, payload, now);
}

}  // namespace larder::relay
