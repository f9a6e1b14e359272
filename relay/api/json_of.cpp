#include "relay/api/json_of.hpp"

#include "core/stock/figures.hpp"
#include "lan-protocol/codec.hpp"
#include "relay/api/times.hpp"

namespace larder::relay {

namespace {

// A menu is a word too, of a megabyte; a list shows what a person can read.
constexpr std::size_t kArgsShownMax = 4'096;

// At the store and at the relay together: what the estate calls the stock of a warehouse.
Quantity available_of(const StockRecord& record) {
  return plus(record.level.available, record.relay_available);
}

int status_number(const StockRecord& record) {
  const bool out = record.level.status == StockStatus::SoldOut ||
                   (record.level.type == StockType::Limited && available_of(record).is_zero());
  return out ? 2 : 1;
}

// The figures of a limited SKU; null where there is no figure because it is not counted.
void put_figures(JsonWriter& out, const StockRecord& record) {
  const Quantity held = plus(record.level.held, record.relay_held);
  if (record.level.type == StockType::Unlimited) {
    out.key("availableQty").null();
    put_quantity(out, "reservedQty", held);
    out.key("totalQty").null().key("redisAvailableQty").null();
    return;
  }
  const Quantity available = available_of(record);
  put_quantity(out, "availableQty", available);
  put_quantity(out, "reservedQty", held);
  put_quantity(out, "totalQty", plus(available, held));
  put_quantity(out, "redisAvailableQty", available);
}

std::string_view estate_name(ReservationStatus status) {
  switch (status) {
    case ReservationStatus::Lock:
      return "RESERVED";
    case ReservationStatus::Out:
      return "CONFIRMED";
    case ReservationStatus::Unlock:
      return "RELEASED";
  }
  return "RELEASED";
}

std::string description_of(const Reservation& line, bool is_over) {
  switch (line.status) {
    case ReservationStatus::Lock:
      return is_over ? "set aside, its time is over" : "set aside until it is paid";
    case ReservationStatus::Out:
      return "paid, deducted";
    case ReservationStatus::Unlock:
      return "given back: " + line.reason;
  }
  return {};
}

// The estate's clients want a number: of the order and SKU, so that it needs no keeping.
std::uint64_t number_of(const Reservation& line) {
  constexpr std::size_t kBytes = 6;  // every client's whole numbers hold 48 bits
  const Sha256 digest = sha256(line.store.text() + "/" + line.order + "/" + line.sku.text());
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < kBytes; ++i) {
    number = number << 8 | static_cast<std::uint64_t>(digest[i]);
  }
  return number;
}

void put_books(JsonWriter& out, const DayBooks& books) {
  out.begin_object().member("events", books.events).member("orders", books.orders);
  out.member("total_minor", books.total_minor).member("movements", books.movements);
  out.member("first", books.first).member("last", books.last);
  out.member("digest", hex(books.digest)).end_object();
}

}  // namespace

void put_time(JsonWriter& out, std::string_view name, std::optional<TimePoint> at) {
  out.key(name);
  if (!at || at->micros == 0) {
    out.null();
  } else {
    out.value(time_text(*at));
  }
}

void put_quantity(JsonWriter& out, std::string_view name, Quantity quantity) {
  out.key(name).raw(quantity.text());
}

void put_inventory(JsonWriter& out, const StockRecord& record) {
  out.begin_object().member("skuId", record.sku.text());
  out.member("warehouseId", record.store.text());
  out.member("stockType", record.level.type == StockType::Limited ? 2 : 1);
  out.member("stockStatus", status_number(record));
  put_figures(out, record);
  put_time(out, "updatedAt", record.updated_at);
  out.end_object();
}

void put_reservation(JsonWriter& out, const Reservation& line, TimePoint now) {
  const bool is_over = line.status == ReservationStatus::Lock && line.expires_at <= now;
  const bool is_expired = line.status == ReservationStatus::Unlock && line.reason == "expired";
  out.begin_object().member("id", number_of(line)).member("orderNo", line.order);
  out.member("skuId", line.sku.text()).member("warehouseId", line.store.text());
  put_quantity(out, "qty", line.quantity);
  out.member("status", estate_name(line.status));
  out.member("statusDesc", description_of(line, is_over));
  put_time(out, "expireAt", line.expires_at);
  out.member("expired", is_over || is_expired).end_object();
}

void put_stock(JsonWriter& out, const StockRecord& record) {
  const bool limited = record.level.type == StockType::Limited;
  out.begin_object().member("sku", record.sku.text()).member("name", record.name);
  out.member("type", wire_name(record.level.type));
  out.member("status", wire_name(record.level.status)).key("available");
  if (limited) {
    out.raw(record.level.available.text());
  } else {
    out.null();
  }
  put_quantity(out, "held", record.level.held);
  put_quantity(out, "warning", record.level.warning);
  put_quantity(out, "critical", record.level.critical);
  out.member("restore", wire_name(record.level.restore));
  put_time(out, "restore_at", record.level.restore_at);
  out.member("version", record.version).member("as_of", record.as_of);
  put_time(out, "updated_at", record.updated_at);
  out.end_object();
}

void put_poi(JsonWriter& out, const PoiStock& stock) {
  out.begin_object().member("brandId", stock.brand_id).member("poiId", stock.poi.text());
  out.member("object_type", stock.object_type).member("object_id", stock.object_id);
  out.member("stock_status", stock.stock_status).member("stock_type", stock.stock_type);
  put_quantity(out, "plan_quantity", stock.plan_quantity);
  put_quantity(out, "real_quantity", stock.real_quantity);
  out.member("auto_restore_type", stock.auto_restore_type);
  put_time(out, "auto_restore_at", stock.auto_restore_at);
  put_time(out, "updated_at", stock.updated_at);
  out.key("channel_stocks").begin_array();
  for (const PoiChannel& channel : stock.channels) {
    out.begin_object().member("channel_code", channel.channel_code);
    out.member("stock_status", channel.stock_status).member("stock_type", channel.stock_type);
    if (channel.quota) put_quantity(out, "channel_quota", *channel.quota);
    if (channel.quota) put_quantity(out, "channel_sold", channel.sold);
    if (channel.weight) out.member("weight", *channel.weight);
    out.end_object();
  }
  out.end_array().end_object();
}

void put_store(JsonWriter& out, const StoreView& store) {
  out.begin_object().member("store", store.store.text()).member("hub", store.hub.text());
  out.member("epoch", store.epoch).member("up_to", store.up_to);
  out.member("hub_head", store.hub_head).member("behind", store.behind);
  out.member("live", store.is_live).member("catching_up", store.is_catching_up);
  put_time(out, "since", store.since);
  put_time(out, "oldest_unsent_at", store.oldest_unsent_at);
  put_time(out, "last_event_at", store.last_event_at);
  put_time(out, "last_commit_at", store.last_commit_at);
  out.member("version", store.version).key("clock_ahead_ms");
  if (store.clock_ahead) {
    out.value(store.clock_ahead->micros / 1'000);
  } else {
    out.null();
  }
  out.member("frozen", store.is_frozen).member("frozen_reason", store.frozen_reason);
  out.member("parked", store.parked);
  put_time(out, "reconciled_at", store.reconciled_at);
  out.member("differences", store.differences).member("words_issued", store.words_issued);
  out.member("words_applied", store.words_applied).end_object();
}

void put_order(JsonWriter& out, const OrderRecord& order) {
  out.begin_object().member("order", order.order.text()).member("number", order.number);
  out.member("day", order.day.yyyymmdd).member("channel", order.channel);
  out.member("service", order.service).member("state", order.state);
  out.member("total_minor", order.total_minor).member("currency", order.currency);
  put_time(out, "placed_at", order.placed_at);
  put_time(out, "updated_at", order.updated_at);
  out.end_object();
}

void put_word(JsonWriter& out, const IssuedWord& word) {
  const std::string_view state = !word.applied_at       ? "sent"
                                 : word.outcome == "ok" ? "applied"
                                                        : "refused";
  out.begin_object().member("number", word.number).member("id", word.word.id.text());
  out.member("verb", word.word.verb).key("args");
  if (word.word.args.empty() || word.word.args.size() > kArgsShownMax) {
    out.null();
  } else {
    out.raw(word.word.args);
  }
  out.member("by", word.word.by).member("state", state);
  put_time(out, "issued_at", word.issued_at);
  put_time(out, "applied_at", word.applied_at);
  out.member("outcome", word.outcome).member("message", word.message).end_object();
}

void put_statement(JsonWriter& out, const Statement& statement) {
  out.begin_object().member("store", statement.store.text());
  out.member("day", statement.day.yyyymmdd).member("equal", statement.is_equal);
  out.key("relay");
  put_books(out, statement.relay);
  out.key("hub");
  if (statement.hub) {
    put_books(out, *statement.hub);
  } else {
    out.null();
  }
  out.key("first_bad");
  if (statement.first_bad) {
    out.value(*statement.first_bad);
  } else {
    out.null();
  }
  out.key("differences").begin_array();
  for (const std::string& sentence : statement.differences) out.value(sentence);
  out.end_array().end_object();
}

void put_dead(JsonWriter& out, const OutboxRow& row) {
  out.begin_object().member("database", std::uint64_t{row.database}).member("id", row.id);
  out.member("type", row.type).member("biz_key", row.biz_key);
  out.member("store", row.store.text()).member("status", row.status);
  out.member("retry_count", row.retry_count);
  put_time(out, "created_at", row.created_at);
  out.member("payload", row.payload).end_object();
}

void put_account(JsonWriter& out, const Account& account) {
  out.begin_object().member("name", account.name).member("role", wire_name(account.role));
  out.key("stores").begin_array();
  for (const StoreId& store : account.stores) out.value(store.text());
  out.end_array().end_object();
}

}  // namespace larder::relay
