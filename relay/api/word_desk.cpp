#include "relay/api/word_desk.hpp"

#include <algorithm>
#include <memory>

#include "core/base/limits.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/envelope.hpp"
#include "relay/api/members.hpp"
#include "relay/api/secrets.hpp"

namespace larder::relay {

namespace {

// Beside its args a word has ids and names, and the envelope around it a head.
constexpr std::size_t kWordRoomBytes = 4'096;
constexpr std::size_t kWordArgsMax = kLoneRecordBytesMax - kWordRoomBytes;

struct Issuing {
  CallPtr call;
  std::vector<NewWord> words;
  bool wait = false;
  std::function<void(const std::vector<IssuedWord>&)> done;
  std::vector<IssuedWord> issued;
  std::size_t waited = 0;
};

void wait_next(const std::shared_ptr<Issuing>& issuing) {
  if (!issuing->wait || issuing->waited == issuing->issued.size()) {
    return issuing->done(issuing->issued);
  }
  const std::size_t at = issuing->waited;
  const StoreId& store = issuing->words[at].store;
  issuing->call->rooms.desk.await_word(store, issuing->issued[at].number, kDeskPatience,
                                       [issuing, at](Result<IssuedWord> word) {
                                         if (!word) return issuing->call->refuse(word.error());
                                         issuing->issued[at] = std::move(*word);
                                         ++issuing->waited;
                                         wait_next(issuing);
                                       });
}

void issue_next(const std::shared_ptr<Issuing>& issuing) {
  const std::size_t at = issuing->issued.size();
  if (at == issuing->words.size()) return wait_next(issuing);
  issuing->call->rooms.desk.issue(issuing->words[at], [issuing](Result<IssuedWord> word) {
    if (!word) return issuing->call->refuse(word.error());
    issuing->issued.push_back(std::move(*word));
    issue_next(issuing);
  });
}

}  // namespace

Result<std::string> word_id_of(const Call& call) {
  constexpr std::size_t kIdBytes = 16;
  const std::string_view key = call.request.field("idempotency-key");
  if (call.request.count("idempotency-key") == 0) return "hq-" + random_hex(kIdBytes);
  // Two characters are kept for the parts of a change that takes two words.
  if (is_id(key) && key.size() + 2 <= kIdBytesMax) return std::string(key);
  return Refused(wrong_field("Idempotency-Key", "must be 1 to 62 of A-Z a-z 0-9 . _ : / -"));
}

NewWord word_of(const Call& call, const StoreId& store, const Command& command, std::string id,
                std::optional<TimePoint> not_after) {
  Word word;
  word.id = CommandId(std::move(id));
  word.verb = std::string(command_verb(command));
  word.args = encode_args(command);
  word.by = "hq:" + call.caller.account.name;
  word.not_after = not_after.value_or(TimePoint{});
  return {.store = store, .word = std::move(word)};
}

void issue_all(const CallPtr& call, std::vector<NewWord> words, bool wait,
               std::function<void(const std::vector<IssuedWord>&)> done) {
  for (const NewWord& word : words) {
    if (word.word.args.size() <= kWordArgsMax) continue;
    return call->refuse_http(413, "what travels to a store in one word is at most 1 MB");
  }
  issue_next(std::make_shared<Issuing>(Issuing{.call = call,
                                               .words = std::move(words),
                                               .wait = wait,
                                               .done = std::move(done),
                                               .issued = {},
                                               .waited = 0}));
}

bool is_store_here(const Call& call, const StoreId& store) {
  if (!is_id(store.text())) {
    call.refuse(wrong_field("store", kIdRule));
    return false;
  }
  if (!call.may_see(store)) return false;
  if (call.rooms.desk.store(store)) return true;
  call.refuse({Code::NotFound, "no store " + store.text() + " has ever spoken to this relay"});
  return false;
}

}  // namespace larder::relay
