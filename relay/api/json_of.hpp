// What the routes answer with, as JSON. Pure functions. Quantities have one decimal, times are
// RFC 3339.
#pragma once

#include <optional>

#include "lan-protocol/json.hpp"
#include "relay/api/accounts.hpp"
#include "relay/app/desk.hpp"

namespace larder::relay {

void put_time(JsonWriter& out, std::string_view name, std::optional<TimePoint> at);
void put_quantity(JsonWriter& out, std::string_view name, Quantity quantity);
void put_inventory(JsonWriter& out, const StockRecord& record);  // the estate's record
void put_stock(JsonWriter& out, const StockRecord& record);      // HQ's page
// `now` says whether its time is over.
void put_reservation(JsonWriter& out, const Reservation& line, TimePoint now);
void put_poi(JsonWriter& out, const PoiStock& stock);
void put_store(JsonWriter& out, const StoreView& store);
void put_order(JsonWriter& out, const OrderRecord& order);
void put_word(JsonWriter& out, const IssuedWord& word);
void put_statement(JsonWriter& out, const Statement& statement);
void put_dead(JsonWriter& out, const OutboxRow& row);
// Never the secret.
void put_account(JsonWriter& out, const Account& account);

template <typename T>
std::string list_json(const std::vector<T>& values, void (*put)(JsonWriter&, const T&)) {
  JsonWriter out;
  out.begin_array();
  for (const T& value : values) put(out, value);
  out.end_array();
  return out.take();
}
template <typename T>
std::string one_json(const T& value, void (*put)(JsonWriter&, const T&)) {
  JsonWriter out;
  put(out, value);
  return out.take();
}

}  // namespace larder::relay
