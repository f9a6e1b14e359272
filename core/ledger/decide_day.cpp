// Who may do what at a till, and the close of the day.
#include "core/ledger/deciders.hpp"

namespace larder {
namespace {

std::string what_for(Permission permission) {
  switch (permission) {
    case Permission::Discount:
      return "give a discount";
    case Permission::Void:
      return "void what was ordered";
    case Permission::Stock:
      return "count or limit the stock";
    case Permission::Close:
      return "close the day";
    case Permission::Override:
      return "sell what is sold out";
  }
  return {};
}

}  // namespace

Result<void> check_permission(const Draft& draft, Permission permission) {
  const std::map<StaffId, Staff>& staff = draft.ledger().staff;
  if (draft.asker().role != Role::Till || staff.empty()) return {};
  const auto who = staff.find(draft.asker().staff);
  if (who == staff.end()) {
    return refuse(Code::Forbidden, "Sign in with your PIN to " + what_for(permission));
  }
  if (who->second.permissions.has(permission)) return {};
  return refuse(Code::Forbidden, who->second.name + " may not " + what_for(permission) +
                                     "; somebody who may must sign in");
}

Result<Outcome> decide_on(Draft& draft, const CloseDay& command) {
  if (Result<void> may = check_permission(draft, Permission::Close); !may) return pass_on(may);
  if (command.cash_counted.in_minor() < 0) {
    return refuse(Code::BadMoney, "The cash counted is nothing or more");
  }
  DayClosed closed;
  closed.day = command.day == BusinessDay{} ? draft.day() : command.day;
  const auto book = draft.ledger().day_books.find(closed.day);
  const bool is_kept = book != draft.ledger().day_books.end();
  if (!is_kept && closed.day != draft.day()) {
    return refuse(Code::NotFound, "The figures of that day are not kept here");
  }
  if (is_kept && book->second.closed) {
    return refuse(Code::BadState, "This day is closed already; it is closed once");
  }
  if (is_kept) closed.figures = book->second.figures;
  closed.cash_counted = command.cash_counted;
  closed.by = draft.asker().device;
  const auto who = draft.ledger().staff.find(draft.asker().staff);
  if (who != draft.ledger().staff.end()) closed.name = who->second.name;
  Outcome outcome;
  outcome.day = closed.day;
  outcome.difference = minus(closed.cash_counted, closed.figures.cash_expected());
  draft.add(std::move(closed));
  return outcome;
}

}  // namespace larder
