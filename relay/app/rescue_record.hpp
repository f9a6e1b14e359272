// What the relay keeps of a store whose hub was in recovery, is a copy, or was replaced: a new
// start of the relay must promise no epoch twice and know what a person has decided. Plain values.
#pragma once

#include <algorithm>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::relay {

struct RescueRecord {
  StoreId store;
  // Changed by promise_epoch() alone.
  Epoch promised = 0;  // the highest new epoch that a hub in recovery may have begun
  HubId hub;           // the run that was told last where the store stands
  std::string boot;
  Epoch above = 0;  // its new epoch is to be
  // The rest: as the loop has it.
  Sha256 permit_code{};
  std::string permitted_by;  // empty: there is no permit
  TimePoint permitted_until;
  Epoch permit_epoch = 0;  // the store's, when it was given
  int wrong_codes = 0;
  HubId permitted_hub;
  HubId suspect, denied;
  bool operator==(const RescueRecord&) const = default;
};

// The epoch above which this run of a hub is to begin; `kept` is the store's. The same run is told
// the same, any other a higher one: what an earlier run began may never have come here.
inline Epoch promise_epoch(RescueRecord& record, Epoch kept, const HubId& hub,
                           const std::string& boot) {
  const bool is_same_run = record.hub == hub && record.boot == boot && record.above >= kept;
  if (is_same_run) return record.above;
  record.promised = std::max(record.promised, kept) + 1;
  record.hub = hub;
  record.boot = boot;
  record.above = record.promised - 1;
  return record.above;
}

// `record` with what the loop says; what was promised stays.
inline void take_decisions(RescueRecord& record, const RescueRecord& said) {
  const RescueRecord before = record;
  record = said;
  record.promised = before.promised;
  record.hub = before.hub;
  record.boot = before.boot;
  record.above = before.above;
}

}  // namespace larder::relay
