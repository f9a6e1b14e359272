// Plan: the orders to be played, as commands, and what became of each. Thread: built by the caller,
// then the Network's until the play is over.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "tools/client/client.hpp"
#include "tools/replay/order_file.hpp"

namespace larder::replay {

enum class Pay { Card, Counter };  // at the kiosk, or later at a till

struct Sale {
  const FileOrder* order = nullptr;
  std::string command;      // id of order.place
  std::string pay_command;  // id of order.pay, at the counter
  std::string args;         // of order.place
  std::int64_t total = 0;
  // What became of it.
  client::Instant sent{};
  client::Instant shown{};  // at the first kitchen screen that reads
  bool was_sent = false;
  bool was_shown = false;
  client::Reply reply;  // of order.place; text empty: none came
  client::Reply pay_reply;
  std::string hub_order;  // the hub's id for it
  bool is_over = false;   // nothing more is asked of the hub
};

struct Plan {
  std::string run;  // begins the ids of all commands of this run
  Pay pay = Pay::Card;
  std::vector<Sale> sales;
  std::unordered_map<std::string, std::size_t> by_command;  // of order.place and order.pay
  std::unordered_map<std::string, std::size_t> by_order;    // the hub's ids, as answers come
  std::size_t lines() const;
  std::int64_t total() const;
};

// `orders` must outlive the plan; their lines have SKUs.
Plan make_plan(const std::vector<FileOrder>& orders, Pay pay, std::size_t limit);

}  // namespace larder::replay
