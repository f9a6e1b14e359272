#include "relay/app/paid_check.hpp"

#include <memory>

namespace larder::relay {

void RecordedPayments::ask(const DueOrder& order, Done<Paid> done) {
  auto end = std::make_shared<Done<Paid>>(std::move(done));
  auto ran = shards_.run_for(order.store, [order, end](ShardStore& store) {
    using Known = Result<std::optional<bool>>;
    RightsStore* const rights = store.rights();
    const Known known = rights != nullptr
                            ? rights->is_paid(order.store, order.order)
                            : Known(refuse(Code::Unavailable, "there are no records here"));
    return [known, end] {
      if (!known) return (*end)(pass_on(known));
      (*end)(known->value_or(false) ? Paid::Yes : Paid::No);
    };
  });
  if (!ran) (*end)(pass_on(ran));
}

}  // namespace larder::relay
