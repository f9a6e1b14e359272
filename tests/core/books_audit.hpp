// An auditor beside the books: follows the events with its own arithmetic, trusting none of the
// ledger's, and says what does not add up. Used after every command of a random run.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/ledger/ledger.hpp"

namespace larder::test {

class BooksAudit {
 public:
  // Call for each event before the books apply it, and check() after.
  void follow(const Event& event);
  // What is wrong, in words; empty when everything adds up.
  std::vector<std::string> check(const Ledger& ledger) const;

 private:
  // Conservation per SKU, while it is limited (I2): what people set, and what came back, is what
  // can be sold, what is held and what went out.
  struct Account {
    std::int64_t opened = 0;  // counted or limited to, less what the books showed before
    std::int64_t returned = 0;
    std::int64_t out = 0;
  };
  void move(const Movement& movement);
  void move(const std::vector<Movement>& movements, MovementKind expected);
  void end_hold(const HoldId& hold);
  // The total of an order is another now; what was paid in cash goes back when it falls.
  void reprice(const OrderId& order, std::int64_t total);
  void step(const OrderId& order, const std::set<OrderState>& from, OrderState to);
  void fail(const std::string& what) { faults_.push_back(what); }

  std::map<SkuId, Account> accounts_;
  std::map<LeaseId, std::int64_t> leases_;  // what each has out
  std::set<HoldId> open_holds_;
  std::set<HoldId> ended_holds_;
  std::map<OrderId, OrderState> states_;
  std::map<OrderId, Tender> paid_;
  std::set<std::pair<OrderId, LineNo>> voided_lines_;
  std::set<BusinessDay> closed_days_;
  std::set<OrderId> restocked_;
  std::map<OrderId, std::int64_t> totals_;
  std::int64_t net_ = 0;   // of the day: how much the totals rose since it opened
  std::int64_t cash_ = 0;  // that should be in the drawer
  std::set<std::pair<std::int32_t, std::uint32_t>> numbers_;
  BusinessDay day_;
  std::uint32_t last_number_ = 0;
  std::vector<std::string> faults_;
};

}  // namespace larder::test
