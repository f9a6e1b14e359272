// HQ's words: one verb of the hub's command table for one store, and what became of it.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/verbs.hpp"
#include "relay/api/json_of.hpp"
#include "relay/api/limits.hpp"
#include "relay/api/members.hpp"
#include "relay/api/router.hpp"
#include "relay/api/word_desk.hpp"

namespace larder::relay {

namespace {

// What HQ may ask of a hub by this route; the menu has its own.
constexpr std::array<std::string_view, 6> kVerbs = {"stock.mark",       "stock.limit",
                                                    "stock.count",      "stock.channels",
                                                    "stock.thresholds", "oversell.resolve"};

void answer_word(const CallPtr& call, const std::vector<IssuedWord>& words) {
  call->answer(one_json(words.front(), put_word));
}

Result<Command> command_of(Members& members) {
  const std::string name = members.text("verb", kIdBytesMax);
  const Json* args = members.value("args");
  if (members.failed()) return pass_on(members.finish());
  const bool known = std::find(kVerbs.begin(), kVerbs.end(), name) != kVerbs.end();
  const CommandVerb* verb = known ? find_command_verb(name) : nullptr;
  if (verb == nullptr) {
    return Refused(wrong_field("verb",
                               "must be stock.mark, stock.limit, stock.count, stock.channels, "
                               "stock.thresholds or oversell.resolve"));
  }
  auto command = verb->decode(*args);
  if (!command) {
    return refuse(command.error().code(), "args." + command.error().message());
  }
  return command;
}

// The hybrid time of a count of HQ: later than every event of the store that HQ can have seen.
NewWord stamped(NewWord word, const Command& asked, const Call& call) {
  const auto* count = std::get_if<CountStock>(&asked);
  if (count == nullptr || !count->based_on || count->at) return word;
  CountStock timed = *count;
  timed.at = std::max(call.rooms.clock.now(), call.rooms.desk.store(word.store)->last_event_at);
  word.asked = std::exchange(word.word.args, encode_args(timed));
  return word;
}

}  // namespace

void post_word(const CallPtr& call) {
  const StoreId store(call->params[0]);
  const auto wait = call->query_wait();
  if (!wait) return call->refuse(wait.error());
  const auto body = call->json();
  if (!body) return call->refuse(body.error());
  Members members(*body);
  const auto command = command_of(members);
  if (!command) return call->refuse(command.error());
  const auto not_after = members.time_if("not_after");
  if (auto done = members.finish(); !done) return call->refuse(done.error());
  auto id = word_id_of(*call);
  if (!id) return call->refuse(id.error());
  if (!is_store_here(*call, store)) return;
  NewWord word = word_of(*call, store, *command, std::move(*id), not_after);
  issue_all(call, {stamped(std::move(word), *command, *call)}, *wait,
            [call](const std::vector<IssuedWord>& words) { answer_word(call, words); });
}

void post_menu(const CallPtr& call) {
  const StoreId store(call->params[0]);
  const auto wait = call->query_wait();
  if (!wait) return call->refuse(wait.error());
  const auto body = call->json({.nodes = kMenuJsonNodesMax});
  if (!body) return call->refuse(body.error());
  auto menu = decode_menu(*body);
  if (!menu) return call->refuse(menu.error());
  auto id = word_id_of(*call);
  if (!id) return call->refuse(id.error());
  if (!is_store_here(*call, store)) return;
  const Command command = ImportMenu{std::move(*menu)};
  issue_all(call, {word_of(*call, store, command, std::move(*id), std::nullopt)}, *wait,
            [call](const std::vector<IssuedWord>& words) { answer_word(call, words); });
}

void get_words(const CallPtr& call) {
  const auto limit = call->query_number("limit", 1, kWordsShownMax, 20);
  if (!limit) return call->refuse(limit.error());
  const StoreId store(call->params[0]);
  if (!is_store_here(*call, store)) return;
  call->rooms.desk.last_words(store, *limit, [call](const Result<std::vector<IssuedWord>>& words) {
    if (!words) return call->refuse(words.error());
    call->answer(list_json(*words, put_word));
  });
}

void get_word(const CallPtr& call) {
  const auto wait = call->query_wait();
  if (!wait) return call->refuse(wait.error());
  const std::string& text = call->params[1];
  Seq number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number == 0) {
    return call->refuse(wrong_field("number", "must be a whole number from 1"));
  }
  const StoreId store(call->params[0]);
  if (!is_store_here(*call, store)) return;
  call->rooms.desk.await_word(store, number, *wait ? kDeskPatience : Duration{},
                              [call](const Result<IssuedWord>& word) {
                                if (!word) return call->refuse(word.error());
                                call->answer(one_json(*word, put_word));
                              });
}

}  // namespace larder::relay
