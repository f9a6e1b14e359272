// PaidCheck: who knows whether an order was paid. Asked before a reservation whose time is over is
// released. An error is no answer: it is asked again later, and nothing is released meanwhile.
#pragma once

#include <string>

#include "relay/app/desk.hpp"
#include "relay/app/turns.hpp"

namespace larder::relay {

enum class Paid { Yes, No };

class PaidCheck {
 public:
  virtual ~PaidCheck() = default;
  // `done` is called once, on the loop.
  virtual void ask(const DueOrder& order, Done<Paid> done) = 0;
};

// By the relay's own records: the order has come to its store as a paid one. An order that no store
// has taken is not paid as far as this relay can know; where an order service of the estate knows
// more, it is asked by another PaidCheck. Thread: the loop. Life: as the shards' threads.
class RecordedPayments final : public PaidCheck {
 public:
  explicit RecordedPayments(Shards& shards) : shards_(shards) {}
  void ask(const DueOrder& order, Done<Paid> done) override;

 private:
  Shards& shards_;
};

}  // namespace larder::relay
