#include "relay/app/books.hpp"

#include <algorithm>
#include <utility>

namespace larder::relay {
namespace {

struct OwnBooks {
  DayBooks day;
  std::vector<std::string> faults;
};

// What two sides that agree on every event can still disagree about.
void compare_figures(const DayBooks& hub, const DayBooks& relay, std::vector<std::string>& found) {
  const auto figure = [&found](std::string_view what, auto at_hub, auto here) {
    if (at_hub == here) return;
    found.push_back(std::string(what) + ": " + std::to_string(at_hub) + " at the hub, " +
                    std::to_string(here) + " at the relay");
  };
  figure("events", hub.events, relay.events);
  figure("orders", hub.orders, relay.orders);
  figure("total in minor units", hub.total_minor, relay.total_minor);
  figure("movements", hub.movements, relay.movements);
  figure("first event", hub.first, relay.first);
  figure("last event", hub.last, relay.last);
  if (found.empty() && hub.digest != relay.digest) {
    found.push_back("the chains of hashes differ at event " + std::to_string(relay.last));
  }
}

std::string difference(Seq number, const std::string& hub, const std::string& relay) {
  const std::string event = "event " + std::to_string(number) + ": ";
  if (relay.empty()) return event + "the hub has it, the relay does not";
  if (hub.empty()) return event + "the relay has it, the hub does not";
  return event + "its bytes at the relay are not those of the hub";
}

}  // namespace

template <typename T>
void Books::read(const Asked& inquiry, std::function<Result<T>(ShardStore&)> job,
                 std::function<void(T)> then) {
  auto ran = ports_.shards.run_for(inquiry->statement.store,
                                   [this, inquiry, job, then](ShardStore& store) {
                                     auto result = std::make_shared<Result<T>>(job(store));
                                     return [this, inquiry, result, then] {
                                       if (!inquiry->done) return;  // its time is over
                                       if (*result) return then(std::move(**result));
                                       fail(inquiry, result->error());
                                     };
                                   });
  if (!ran) fail(inquiry, ran.error());
}

void Books::statement(const StoreId& store, BusinessDay day, Done<Statement> done) {
  if (inquiries_.size() >= kStatementsMax) {
    return done(refuse(Code::Overloaded, "too many statements are being drawn up"));
  }
  auto inquiry = std::make_shared<Inquiry>();
  inquiry->id = "b" + std::to_string(++next_id_);
  inquiry->statement.store = store;
  inquiry->statement.day = day;
  inquiry->done = std::move(done);
  inquiry->until = Duration{ports_.clock.steady().micros + kStatementPatience.micros};
  inquiries_[inquiry->id] = inquiry;
  read<OwnBooks>(
      inquiry,
      [store, day](ShardStore& shard) -> Result<OwnBooks> {
        auto books = shard.day_books(store, day);
        if (!books) return pass_on(books);
        auto faults = shard.audit_day(store, day);
        if (!faults) return pass_on(faults);
        return OwnBooks{*books, std::move(*faults)};
      },
      [this, inquiry](OwnBooks own) {
        inquiry->statement.relay = own.day;
        inquiry->statement.differences = std::move(own.faults);
        BooksQuestion question;
        question.day = inquiry->statement.day;
        ask_hub(inquiry, question);
      });
}

void Books::ask_hub(const Asked& inquiry, const BooksQuestion& question) {
  const StoreStream* stream = ports_.streams.find(inquiry->statement.store);
  if (stream == nullptr || !stream->is_live || !ports_.inlet.is_up()) {
    if (!inquiry->statement.hub) {
      inquiry->statement.differences.push_back("the store is away: its hub was not asked");
    }
    return end(inquiry);
  }
  inquiry->is_waiting = true;
  inquiry->answer_until = Duration{ports_.clock.steady().micros + kDeskPatience.micros};
  BooksQuestion asked = question;
  asked.id = inquiry->id;
  ports_.inlet.send(stream->store, UplinkTopic::Ask, encode(asked));
}

void Books::told(StoreStream& stream, const BooksMessage& message) {
  if (message.question) return answer(stream, *message.question);
  const auto found = inquiries_.find(message.answer->id);
  if (found == inquiries_.end()) return;
  const Asked inquiry = found->second;
  if (inquiry->statement.store != stream.store || !inquiry->is_waiting) return;
  const bool asked_for_day = inquiry->from == 0;
  if (asked_for_day != (message.answer->from == 0)) return;
  if (!asked_for_day && message.answer->from != inquiry->from) return;  // of an earlier step
  inquiry->is_waiting = false;
  if (asked_for_day) return hub_told_day(inquiry, message.answer->day);
  hub_told_hashes(inquiry, *message.answer);
}

void Books::hub_told_day(const Asked& inquiry, const DayBooks& books) {
  Statement& statement = inquiry->statement;
  statement.hub = books;
  if (books == statement.relay) return end(inquiry);
  const Seq first = books.first == 0             ? statement.relay.first
                    : statement.relay.first == 0 ? books.first
                                                 : std::min(books.first, statement.relay.first);
  inquiry->last = std::max(books.last, statement.relay.last);
  inquiry->to = first == 0 ? 0 : first - 1;
  if (first == 0) return end(inquiry);
  next_hashes(inquiry);
}

void Books::next_hashes(const Asked& inquiry) {
  if (inquiry->to >= inquiry->last) return end(inquiry);
  const Seq from = inquiry->to + 1;
  const Seq to = std::min(inquiry->last, from + kHashesMax - 1);
  inquiry->from = from;
  inquiry->to = to;
  using Hashes = std::vector<std::string>;
  read<Hashes>(
      inquiry,
      [store = inquiry->statement.store, from, to](ShardStore& shard) {
        return shard.event_hashes(store, from, to);
      },
      [this, inquiry, from, to](Hashes hashes) {
        inquiry->hashes = std::move(hashes);
        BooksQuestion question;
        question.ask = BooksQuestion::Ask::Hashes;
        question.from = from;
        question.to = to;
        ask_hub(inquiry, question);
      });
}

void Books::hub_told_hashes(const Asked& inquiry, const BooksAnswer& answer) {
  std::vector<std::string> hub = answer.hashes;
  const std::size_t count = inquiry->to - inquiry->from + 1;
  hub.resize(count);
  inquiry->hashes.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (hub[i] == inquiry->hashes[i]) continue;
    const Seq number = inquiry->from + i;
    inquiry->statement.first_bad = number;
    inquiry->statement.differences.push_back(difference(number, hub[i], inquiry->hashes[i]));
    return end(inquiry);
  }
  next_hashes(inquiry);
}

void Books::end(const Asked& inquiry) {
  Statement& statement = inquiry->statement;
  if (statement.hub) compare_figures(*statement.hub, statement.relay, statement.differences);
  statement.is_equal = statement.hub && statement.differences.empty();
  inquiries_.erase(inquiry->id);
  std::exchange(inquiry->done, nullptr)(std::move(statement));
}

void Books::fail(const Asked& inquiry, const Error& error) {
  inquiries_.erase(inquiry->id);
  std::exchange(inquiry->done, nullptr)(Refused(error));
}

void Books::answer(StoreStream& stream, const BooksQuestion& question) {
  // The hub's levels are the truth: nobody asks the copy for them.
  if (question.ask == BooksQuestion::Ask::Levels) return ports_.telemetry.dropped("questions");
  if (stream.questions >= kQuestionsMax) return ports_.telemetry.dropped("questions");
  auto ran =
      ports_.shards.run_for(stream.store, [this, id = stream.store, question](ShardStore& shard) {
        auto found = std::make_shared<Result<BooksAnswer>>(BooksAnswer{});
        BooksAnswer& answer = **found;
        answer.id = question.id;
        if (question.ask == BooksQuestion::Ask::Day) {
          auto books = shard.day_books(id, question.day);
          if (books) answer.day = *books;
          if (!books) *found = pass_on(books);
        } else {
          answer.from = question.from;
          auto hashes = shard.event_hashes(id, question.from, question.to);
          if (hashes) answer.hashes = std::move(*hashes);
          if (!hashes) *found = pass_on(hashes);
        }
        return [this, id, found] {
          StoreStream& asker = *ports_.streams.find(id);
          --asker.questions;
          if (*found) ports_.inlet.send(id, UplinkTopic::Ask, encode(**found));
        };
      });
  if (ran) ++stream.questions;
}

void Books::tick() {
  const Duration now = ports_.clock.steady();
  const std::map<std::string, Asked> inquiries = inquiries_;  // end() changes it
  for (const auto& [id, inquiry] : inquiries) {
    if (inquiry->until <= now) {
      fail(inquiry, Error(Code::Unavailable, "the books could not be compared in time"));
    } else if (inquiry->is_waiting && inquiry->answer_until <= now) {
      inquiry->is_waiting = false;
      inquiry->statement.differences.push_back("the hub gave no answer");
      end(inquiry);
    }
  }
}

}  // namespace larder::relay
