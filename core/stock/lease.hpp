// Leases: batches of rights that the hub hands to the relay, as the hub's books know them; and
// oversell records. Rules of both are in docs/adr/0013.
#pragma once

#include <string>

#include "core/base/ids.hpp"
#include "core/base/quantity.hpp"
#include "core/base/time.hpp"

namespace larder {

// An open lease. A closed one leaves the books; the journal remembers it.
struct Lease {
  LeaseId id;
  SkuId sku;
  ChannelCode channel;  // whose quota it was drawn from; empty: the shared pool
  Quantity granted;     // all grants together
  Quantity sold;        // as far as the relay has told
  Quantity returned;
  bool is_ending = false;    // recalled for good, or of an earlier epoch: no more grants
  bool is_recalled = false;  // asked to give back, and has not since
  bool operator==(const Lease&) const = default;
};

// What the relay may still sell, as far as the hub knows.
Quantity outstanding(const Lease& lease);

// More was sold than anybody had the right to. Open until a person resolves it.
struct OversellRecord {
  OversellId id;
  SkuId sku;
  Quantity quantity;
  std::string cause;  // "override" "count" "settlement"
  OrderId order;      // of an override
  DeviceId by;
  TimePoint at;
  StaffId staff = {};  // who was signed in there; empty: nobody
  bool operator==(const OversellRecord&) const = default;
};

}  // namespace larder
