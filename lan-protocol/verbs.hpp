// The one table of what can be asked: verb, who may, and how its arguments are read. A test demands
// a schema and golden bytes for each row.
#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "core/ledger/commands.hpp"
#include "core/ledger/device.hpp"
#include "lan-protocol/json.hpp"

namespace larder {

using CommandDecoder = Result<Command> (*)(const Json& args);

struct CommandVerb {
  std::string_view name;  // "order.place"
  Roles roles;
  bool over_http;  // by its own HTTP route only, never by WebSocket
  CommandDecoder decode;
};

std::span<const CommandVerb> command_verbs();
const CommandVerb* find_command_verb(std::string_view name);

enum class Query {
  OrderList,
  OrderGet,
  StockList,
  MenuExport,
  DeviceList,
  HubStatus,
  JournalRead,
  HubBackup,
  StaffList,
  DayStatement,
  BooksStatement,
  StockUnseen
};

struct QueryArgs {
  OrderId order;
  bool open = true;
  Seq after = 0;
  std::size_t limit = kJournalReadMax;
  std::string name;
  BusinessDay day;  // 0: the one that is open
};
using QueryDecoder = Result<QueryArgs> (*)(const Json& args);

struct QueryVerb {
  std::string_view name;
  Roles roles;
  Query query;
  QueryDecoder decode;
};

std::span<const QueryVerb> query_verbs();
const QueryVerb* find_query_verb(std::string_view name);

}  // namespace larder
