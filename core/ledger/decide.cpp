#include "core/ledger/deciders.hpp"

namespace larder {

Result<Decision> decide(const Ledger& ledger, const Asker& asker, const Command& command,
                        const Now& now) {
  Draft draft(ledger, asker, now);
  Result<Outcome> outcome =
      std::visit([&draft](const auto& asked) { return decide_on(draft, asked); }, command);
  if (!outcome) return pass_on(outcome);
  return Decision{draft.take_events(), std::move(*outcome)};
}

}  // namespace larder
