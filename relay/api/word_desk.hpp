// Words from HQ to a store, shared by the routes that issue them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/ledger/commands.hpp"
#include "relay/api/call.hpp"

namespace larder::relay {

// The `Idempotency-Key` of the request, or a new one. BadRequest when it is none.
Result<std::string> word_id_of(const Call& call);
// The word that makes the hub do `command`, in the name of who calls.
NewWord word_of(const Call& call, const StoreId& store, const Command& command, std::string id,
                std::optional<TimePoint> not_after);
// Issues them one after the other, waits for the hub's own events when `wait`, and hands over what
// became of each; a refusal on the way answers the call. TooLarge words are refused before.
void issue_all(const CallPtr& call, std::vector<NewWord> words, bool wait,
               std::function<void(const std::vector<IssuedWord>&)> done);
// Is there such a store? When not, the call has been refused (404). Also when the caller may not
// see it (403) or it is no id.
bool is_store_here(const Call& call, const StoreId& store);

}  // namespace larder::relay
