// HQ's words at the Hub: each has its turn once, in order of its number, and leaves an event that
// says so in the same group as the events it caused.
#include <algorithm>
#include <array>
#include <utility>

#include "core/base/invariant.hpp"
#include "core/base/text.hpp"
#include "edge/app/hub.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::edge {

namespace {

// What HQ may do at a store, and the relay with its leases. Everything else is for people who stand
// in it.
constexpr std::array<std::string_view, 10> kAllowed = {
    "stock.mark",       "stock.count", "stock.limit", "stock.channels", "stock.thresholds",
    "oversell.resolve", "menu.import", "lease.ask",   "lease.settle",   "online.order"};

constexpr std::size_t kUnsettledMax = 16;  // in status; the log has them all

constexpr JsonLimits kWordLimits = {kJsonDepthMax, kMenuJsonNodesMax, kStringBytesMax};

// Never the name of a device of the store.
std::string who_at_hq(const std::string& by) {
  const std::string name = by.starts_with("hq:") ? by : "hq:" + by;
  return is_id(name) ? name : "hq";
}

bool is_for_later(Code code) {
  return code == Code::Overloaded || code == Code::Busy || code == Code::StorageFull;
}

}  // namespace

void Hub::take_words(std::vector<NumberedWord> words, std::function<void(Seq)> taken) {
  for (const NumberedWord& each : words) {
    if (each.number <= ledger_.words_applied) continue;   // had its turn: acknowledged again
    if (each.number != ledger_.words_applied + 1) break;  // after a gap: all of it comes again
    if (!take_word(each)) break;
  }
  when_committed([this, taken = std::move(taken), applied = ledger_.words_applied] {
    words_committed_ = std::max(words_committed_, applied);
    taken(applied);
  });
}

// False: not now, it comes again.
bool Hub::take_word(const NumberedWord& numbered) {
  const Now now = now_in_books();
  TakeWord turn;
  turn.number = numbered.number;
  turn.by = numbered.word ? who_at_hq(numbered.word->by) : "hq";
  if (numbered.word) {
    turn.id = numbered.word->id;
    if (is_id(numbered.word->verb)) turn.verb = numbered.word->verb;
  }
  Asker asker;
  asker.device = DeviceId(turn.by);
  auto command = command_of(numbered, now);
  if (command) read_local_time(*command, now);
  // It has waited since it was paid, also while this hub was off.
  if (auto* online = command ? std::get_if<PlaceOnline>(&*command) : nullptr) {
    online->placed_at = numbered.issued_at;
  }
  if (auto may = may_begin(command ? *command : Command(turn)); !may) return false;
  Result<Decision> decision = command ? decide(ledger_, asker, *command, now) : pass_on(command);
  if (!decision && is_for_later(decision.error().code())) return false;
  turn.code = decision ? "ok" : std::string(code_name(decision.error().code()));
  turn.message = decision ? decision->outcome.remark : decision.error().message();

  Batch& batch = open_batch();
  if (decision) record(decision->events, turn.id, asker, now, batch);
  auto closed = decide(ledger_, asker, turn, now);
  invariant(closed.has_value(), "the turn of a word of HQ cannot be closed");
  record(closed->events, turn.id, asker, now, batch);
  batch.commands++;
  if (command) keep_word(*numbered.word, batch);
  ports_.telemetry.command(command ? command_verb(*command) : "hq.word", turn.code);
  if (command && !decision) tell_unsettled(*command, decision.error());
  pump();
  return true;
}

// The rules change nothing for a lease they do not know (docs/adr/0013), but the units are off the
// shelf or back on it: somebody here has to count. A close that came too early is asked for again.
void Hub::tell_unsettled(const Command& command, const Error& why) {
  const auto* told = std::get_if<SettleLease>(&command);
  if (told == nullptr || why.code() != Code::NotFound) return;
  if (unsettled_.size() == kUnsettledMax) unsettled_.pop_front();
  unsettled_.push_back(Unsettled{*told, why.message(), ports_.clock.now().at});
  ports_.telemetry.warn("a settlement changes nothing here: of lease " + told->lease.text() + " " +
                        told->sold.text() + " sold, " + told->returned.text() + " given back. " +
                        why.message() + ". HQ's page names the item: count it");
}

// The command that a word stands for; the refusal is what its event will say.
Result<Command> Hub::command_of(const NumberedWord& numbered, const Now& now) const {
  if (!numbered.word) return pass_on(numbered.word);
  const Word& word = *numbered.word;
  const CommandVerb* verb = find_command_verb(word.verb);
  const bool is_allowed = std::find(kAllowed.begin(), kAllowed.end(), word.verb) != kAllowed.end();
  if (verb == nullptr || !is_allowed) {
    return larder::refuse(Code::Forbidden, "HQ may not do this at a store");
  }
  if (word.not_after.micros != 0 && now.at > word.not_after) {
    return larder::refuse(Code::Expired, "it came after the time it was meant for");
  }
  if (answers_.recent(word.id) != nullptr || answers_.may_be_kept(word.id)) {
    return larder::refuse(Code::KeyReuse, "a command of this id was done before");
  }
  auto args = parse_json(word.args, kWordLimits);
  if (!args) return pass_on(args);
  auto command = verb->decode(*args);
  if (!command) return command;
  if (const auto* menu = std::get_if<ImportMenu>(&*command)) {
    const std::string& currency = menu->menu.currency.text();
    if (!settings_.currency.empty() && currency != settings_.currency) {
      return larder::refuse(Code::BadMoney, "this store sells in " + settings_.currency +
                                                ", the menu is in " + currency);
    }
  }
  return command;
}

// So that the same id under another number is done once.
void Hub::keep_word(const Word& word, Batch& batch) {
  StoredAnswer answer;
  answer.id = word.id;
  answer.body = body_digest(word.verb, word.args);
  answer.at = now_in_books().at;
  answer.reply = std::make_shared<const std::string>(
      write_reply(word.id.text(), decided_.epoch, decided_.seq, "{}"));
  answers_.remember(answer);
  batch.group->answers.push_back(std::move(answer));
}

}  // namespace larder::edge
