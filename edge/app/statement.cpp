#include "edge/app/statement.hpp"

#include <algorithm>
#include <utility>

namespace larder::edge {

namespace {

void write_books(JsonWriter& out, const DayBooks& books) {
  out.begin_object()
      .member("first", books.first)
      .member("last", books.last)
      .member("events", books.events)
      .member("orders", books.orders)
      .member("total", books.total_minor)
      .member("movements", books.movements)
      .member("digest", hex(books.digest))
      .end_object();
}

// What the relay's rows say of the same events, in words; empty when they agree.
std::string difference_in_counts(const DayBooks& taken, const DayBooks& applied) {
  if (taken.events != applied.events) return "events";
  if (taken.orders != applied.orders) return "orders";
  if (taken.total_minor != applied.total_minor) return "total";
  return taken.movements != applied.movements ? "movements" : "";
}

}  // namespace

void write_cloud(JsonWriter& out, const CloudState& state) {
  out.begin_object()
      .member("lost", wire_name(state.lost))
      .member("since", state.since.micros)
      .member("reason", state.reason)
      .member("acked", state.acked)
      .member("behind", state.behind)
      .member("oldest_unsent", state.oldest_unsent.micros)
      .member("needs_a_person", state.needs_a_person)
      .end_object();
}

Statement::Statement(Writer& writer, Cloud* cloud, BusinessDay day, Seq head, Done done)
    : writer_(writer), cloud_(cloud), day_(day), head_(head), done_(std::move(done)) {}

void Statement::start(Writer& writer, Cloud* cloud, BusinessDay day, Seq head, Done done) {
  std::shared_ptr<Statement> self(new Statement(writer, cloud, day, head, std::move(done)));
  if (cloud == nullptr) {
    self->no_answer_ = "this hub has no uplink";
    self->scan();
  } else {
    self->ask_relay();
  }
}

void Statement::ask_relay() {
  BooksQuestion question;
  question.day = day_;
  cloud_->ask(std::move(question), [self = shared_from_this()](Result<BooksAnswer> answer) {
    if (answer && answer->from == 0) {
      self->applied_ = answer->day;
    } else {
      self->no_answer_ = answer ? "the relay gave another answer" : answer.error().message();
    }
    self->scan();
  });
}

void Statement::scan() {
  const Seq probe = applied_ ? applied_->last : 0;
  DayScan::start(writer_, day_, head_, probe, [self = shared_from_this()](auto scanned) {
    if (!scanned) return self->done_(pass_on(scanned));
    self->compare(*scanned);
  });
}

void Statement::compare(const ScannedDay& scanned) {
  taken_ = scanned.books;
  if (!applied_) return finish();
  const bool is_same_so_far = applied_->first == 0 || (applied_->first == taken_.first &&
                                                       scanned.at_probe == applied_->digest);
  if (!is_same_so_far) {
    hunt_to_ = std::max(taken_.last, applied_->last);
    Seq from = taken_.first == 0 ? applied_->first : taken_.first;
    if (applied_->first != 0) from = std::min(from, applied_->first);
    return hunt(from);
  }
  if (applied_->last == taken_.last) {
    differs_in_ = difference_in_counts(taken_, *applied_);
    is_equal_ = differs_in_.empty();
  }
  finish();
}

void Statement::hunt(Seq from) {
  if (from > hunt_to_ || hunts_++ == kHuntsMax) {
    differs_in_ = "chain";  // the same events, and another history before them
    return finish();
  }
  const Seq to = std::min(hunt_to_, from + kHashesMax - 1);
  BooksQuestion question;
  question.ask = BooksQuestion::Ask::Hashes;
  question.from = from;
  question.to = to;
  cloud_->ask(std::move(question), [self = shared_from_this(), from, to](auto answer) {
    if (!answer) {
      self->no_answer_ = answer.error().message();
      return self->finish();
    }
    self->writer_.run(
        [self, from, to, there = answer->hashes](Journal& journal) -> std::function<void()> {
          auto here = hashes_of(journal, from, to);
          return [self, from, here = std::move(here), there] {
            if (!here) return self->done_(pass_on(here));
            self->compare_hashes(from, *here, there);
          };
        });
  });
}

void Statement::compare_hashes(Seq from, const std::vector<std::string>& here,
                               const std::vector<std::string>& there) {
  for (std::size_t i = 0; i < here.size(); ++i) {
    const std::string other = i < there.size() ? there[i] : std::string();
    const bool is_on_its_way = other.empty() && from + i > applied_->last;
    if (here[i] == other || is_on_its_way) continue;
    differs_at_ = from + i;
    differs_in_ = here[i].empty() ? "missing_here" : other.empty() ? "missing_there" : "bytes";
    return finish();
  }
  hunt(from + here.size());
}

void Statement::finish() {
  const CloudState state = cloud_ != nullptr ? cloud_->state() : CloudState{};
  JsonWriter out;
  out.begin_object().member("day", day_.yyyymmdd);
  write_books(out.key("taken"), taken_);
  const Seq acked = std::min(state.acked, taken_.last);
  const Seq sent = taken_.first != 0 && acked >= taken_.first ? acked - taken_.first + 1 : 0;
  out.key("sent").begin_object().member("acked", state.acked).member("events", sent).end_object();
  if (applied_) {
    write_books(out.key("applied"), *applied_);
    out.member("equal", is_equal_);
  }
  if (!no_answer_.empty()) out.member("no_answer", no_answer_);
  if (differs_at_) out.member("differs_at", *differs_at_);
  if (!differs_in_.empty()) out.member("differs_in", differs_in_);
  if (cloud_ != nullptr) write_cloud(out.key("cloud"), state);
  out.end_object();
  done_(out.take());
}

}  // namespace larder::edge
