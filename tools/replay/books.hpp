// Books: the hub's journal read back whole, its chain recomputed, and compared line by line with
// what was played.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tools/client/client.hpp"
#include "tools/replay/plan.hpp"

namespace larder::replay {

struct Difference {
  std::string order;  // of the file, or the hub's, or empty: the books as a whole
  std::string sentence;
};

// What the journal says of one order.
struct BookedOrder {
  std::string command;
  std::string device;
  Seq seq = 0;
  Json order;  // the ORDER of order.placed
  std::uint32_t paid = 0;
  std::uint32_t accepted = 0;
  std::int64_t paid_amount = 0;
};

struct Books {
  std::map<std::string, BookedOrder> orders;                   // by the hub's id
  std::map<std::string, std::vector<std::string>> by_command;  // of order.placed
  std::uint64_t events = 0;
  Seq head = 0;
  std::string head_hash;
  std::vector<Difference> differences;  // gaps, broken hashes, orders placed twice
};

// Takes journal pages in order; finds gaps and breaks of the chain (SHA-256 as lan-protocol/digest
// has it) on the way.
class BookReader {
 public:
  // The members of one journal.read reply's `events`.
  void take(const JsonArray& events);
  const Books& books() const { return books_; }
  Books finish() { return std::move(books_); }

 private:
  void read(const Json& data, Seq seq);
  Books books_;
  std::string hash_ = std::string(32, '\0');
};

// The whole journal of the hub. `tick` is told how far it is.
Result<Books> read_books(client::Client& admin, const std::function<void(Seq, Seq)>& tick);

// Every sale against the journal. `is_ours` tells the devices of this run, `from` the head before
// it: an order of ours that nobody planned is a difference.
std::vector<Difference> compare(const Plan& plan, const Books& books, Seq from,
                                const std::function<bool(const std::string&)>& is_ours);

// Every sale against the answer of order.list {"open":false}.
std::vector<Difference> compare_list(const Plan& plan, const JsonArray& orders);

// The lines of one order as planned and as the hub wrote them; empty when they agree.
std::vector<std::string> compare_lines(const FileOrder& planned, const Json& order);

}  // namespace larder::replay
