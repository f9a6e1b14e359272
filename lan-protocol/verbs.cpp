#include "lan-protocol/verbs.hpp"

#include <algorithm>
#include <array>

#include "core/base/text.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/command_shapes.hpp"

namespace larder {
namespace {

constexpr Roles kKiosk = role_bit(Role::Kiosk);
constexpr Roles kKds = role_bit(Role::Kds);
constexpr Roles kTill = role_bit(Role::Till);
constexpr Roles kAdmin = role_bit(Role::Admin);
constexpr Roles kNobodyHere = 0;  // words of the relay
constexpr Roles any(Roles a, Roles b, Roles c = 0, Roles d = 0) {
  return static_cast<Roles>(a | b | c | d);
}

template <typename T>
Result<Command> decode(const Json& args) {
  Verdict verdict(Strictness::Strict);
  T command;
  take(Input(verdict, args), command);
  if (verdict.error) return Refused(*verdict.error);
  return command;
}

// Inside a menu a SKU is named, not looked for.
Result<Command> decode_menu_import(const Json& args) {
  Result<Command> command = decode<ImportMenu>(args);
  if (command || command.error().code() != Code::UnknownSku) return command;
  return refuse(Code::BadMenu, command.error().message());
}

constexpr std::array kCommandVerbs = {
    CommandVerb{"order.place", any(kKiosk, kTill), false, decode<PlaceOrder>},
    CommandVerb{"order.pay", kTill, false, decode<PayOrder>},
    CommandVerb{"order.accept", kTill, false, decode<AcceptOrder>},
    CommandVerb{"order.serve", any(kTill, kKds), false, decode<ServeOrder>},
    CommandVerb{"order.cancel", any(kKiosk, kTill), false, decode<CancelOrder>},
    CommandVerb{"order.void", kTill, false, decode<VoidOrder>},
    CommandVerb{"order.void_line", kTill, false, decode<VoidLine>},
    CommandVerb{"order.discount", kTill, false, decode<DiscountOrder>},
    CommandVerb{"ticket.check", any(kKds, kTill), false, decode<CheckTicketItem>},
    CommandVerb{"ticket.bump", any(kKds, kTill), false, decode<BumpTicket>},
    CommandVerb{"ticket.recall", any(kKds, kTill), false, decode<RecallTicket>},
    CommandVerb{"ticket.undo", any(kKds, kTill), false, decode<UndoTicket>},
    CommandVerb{"hold.place", any(kKiosk, kTill), false, decode<PlaceHold>},
    CommandVerb{"hold.release", any(kKiosk, kTill), false, decode<ReleaseHold>},
    CommandVerb{"stock.count", any(kTill, kAdmin), false, decode<CountStock>},
    CommandVerb{"stock.mark", any(kTill, kKds, kAdmin), false, decode<MarkStock>},
    CommandVerb{"stock.limit", any(kTill, kAdmin), false, decode<LimitStock>},
    CommandVerb{"stock.channels", any(kTill, kAdmin), false, decode<SetChannels>},
    CommandVerb{"stock.thresholds", any(kTill, kAdmin), false, decode<SetThresholds>},
    CommandVerb{"oversell.resolve", any(kTill, kAdmin), false, decode<ResolveOversell>},
    CommandVerb{"lease.ask", kNobodyHere, false, decode<AskLease>},
    CommandVerb{"lease.settle", kNobodyHere, false, decode<SettleLease>},
    CommandVerb{"online.order", kNobodyHere, false, decode<PlaceOnline>},
    CommandVerb{"menu.import", kAdmin, true, decode_menu_import},
    CommandVerb{"device.add", kAdmin, false, decode<AddDevice>},
    CommandVerb{"device.revoke", kAdmin, false, decode<RevokeDevice>},
    CommandVerb{"staff.add", kAdmin, false, decode<AddStaff>},
    CommandVerb{"staff.remove", kAdmin, false, decode<RemoveStaff>},
    CommandVerb{"day.close", any(kTill, kAdmin), false, decode<CloseDay>},
    CommandVerb{"epoch.begin", any(kTill, kAdmin), false, decode<BeginEpoch>},
};

// The name becomes part of a file's name, so it must not be able to leave its folder.
bool is_file_name(std::string_view name) {
  return is_id(name) && name.front() != '.' && name.find_first_of("/:") == std::string_view::npos;
}

Result<QueryArgs> read_query(const Json& args, void (*read)(const Input&, QueryArgs&)) {
  Verdict verdict(Strictness::Strict);
  QueryArgs out;
  read(Input(verdict, args), out);
  if (verdict.error) return Refused(*verdict.error);
  return out;
}

Result<QueryArgs> no_args(const Json& args) {
  return read_query(args, [](const Input& in, QueryArgs&) { Fields(in).done(); });
}

Result<QueryArgs> list_args(const Json& args) {
  return read_query(
      args, [](const Input& in, QueryArgs& out) { Fields(in).may("open", out.open).done(); });
}

Result<QueryArgs> order_args(const Json& args) {
  return read_query(
      args, [](const Input& in, QueryArgs& out) { Fields(in).need("order", out.order).done(); });
}

Result<QueryArgs> journal_args(const Json& args) {
  return read_query(args, [](const Input& in, QueryArgs& out) {
    Fields(in).may("after", out.after).may("limit", out.limit).done();
    if (out.limit < 1 || out.limit > kJournalReadMax) {
      in.refuse_member(Code::BadRequest, "limit",
                       "must be 1 to " + std::to_string(kJournalReadMax));
    }
  });
}

Result<QueryArgs> backup_args(const Json& args) {
  return read_query(args, [](const Input& in, QueryArgs& out) {
    Fields(in).need("name", out.name).done();
    if (!in.failed() && !is_file_name(out.name)) {
      in.refuse_member(Code::BadRequest, "name", "must be 1 to 64 bytes of A-Z a-z 0-9 . _ -");
    }
  });
}

Result<QueryArgs> day_args(const Json& args) {
  return read_query(args,
                    [](const Input& in, QueryArgs& out) { Fields(in).may("day", out.day).done(); });
}

constexpr std::array kQueryVerbs = {
    QueryVerb{"order.list", any(kTill, kAdmin), Query::OrderList, list_args},
    QueryVerb{"order.get", any(kKiosk, kKds, kTill, kAdmin), Query::OrderGet, order_args},
    QueryVerb{"stock.list", any(kTill, kKds, kAdmin), Query::StockList, no_args},
    QueryVerb{"stock.unseen", any(kTill, kAdmin), Query::StockUnseen, no_args},
    QueryVerb{"menu.export", any(kTill, kAdmin), Query::MenuExport, no_args},
    QueryVerb{"device.list", kAdmin, Query::DeviceList, no_args},
    QueryVerb{"hub.status", any(kTill, kAdmin), Query::HubStatus, no_args},
    QueryVerb{"journal.read", kAdmin, Query::JournalRead, journal_args},
    QueryVerb{"hub.backup", kAdmin, Query::HubBackup, backup_args},
    QueryVerb{"staff.list", kAdmin, Query::StaffList, no_args},
    QueryVerb{"day.statement", any(kTill, kAdmin), Query::DayStatement, day_args},
    QueryVerb{"books.statement", any(kTill, kAdmin), Query::BooksStatement, day_args},
};

template <typename Table>
auto find_row(const Table& table, std::string_view name) -> decltype(table.data()) {
  const auto row = std::find_if(table.begin(), table.end(),
                                [name](const auto& candidate) { return candidate.name == name; });
  return row == table.end() ? nullptr : &*row;
}

}  // namespace

std::span<const CommandVerb> command_verbs() { return kCommandVerbs; }
const CommandVerb* find_command_verb(std::string_view name) {
  return find_row(kCommandVerbs, name);
}
std::span<const QueryVerb> query_verbs() { return kQueryVerbs; }
const QueryVerb* find_query_verb(std::string_view name) { return find_row(kQueryVerbs, name); }

}  // namespace larder
