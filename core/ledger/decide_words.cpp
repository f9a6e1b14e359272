#include "core/ledger/deciders.hpp"

namespace larder {

Result<Outcome> decide_on(Draft& draft, const TakeWord& command) {
  const Seq next = draft.ledger().words_applied + 1;
  if (command.number != next) {
    return refuse(Code::BadState, "The next word of HQ is " + std::to_string(next) + ", not " +
                                      std::to_string(command.number));
  }
  draft.add(WordTaken{command.number, command.id, command.by, command.verb, command.code,
                      command.message});
  return Outcome{};
}

}  // namespace larder
