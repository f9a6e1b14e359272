#include "edge/uplink/books_desk.hpp"

#include <utility>
#include <vector>

namespace larder::edge {

BooksDesk::BooksDesk(CloudGate& gate, Clock& clock, std::string boot,
                     std::function<bool(std::string)> tell)
    : gate_(gate), clock_(clock), boot_(std::move(boot)), tell_(std::move(tell)) {}

void BooksDesk::ask(BooksQuestion question, Answered answered) {
  if (waiting_.size() >= kQuestionsMax) {
    return answered(refuse(Code::Overloaded, "too many questions to the cloud are under way"));
  }
  question.id = "h" + boot_ + "-" + std::to_string(++last_);
  if (!tell_(encode(question))) {
    return answered(refuse(Code::Unavailable, "the cloud cannot be reached now"));
  }
  const Duration until{clock_.steady().micros + kAnswerWithin.micros};
  waiting_.emplace(question.id, Waiting{std::move(answered), until});
}

std::string BooksDesk::arrived(const std::string& json) {
  if (json.size() > kSmallMessageBytesMax) return "uplink_too_large";
  auto message = decode_books(json);
  if (!message) return "uplink_unreadable";
  if (message->question) return answer(*message->question);
  const auto place = waiting_.find(message->answer->id);
  if (place == waiting_.end()) return "uplink_unasked";
  Answered answered = std::move(place->second.answered);
  waiting_.erase(place);
  answered(std::move(*message->answer));
  return {};
}

std::string BooksDesk::answer(const BooksQuestion& question) {
  if (answering_ >= kQuestionsMax) return "uplink_too_many_questions";
  answering_++;
  switch (question.ask) {
    case BooksQuestion::Ask::Day:
      answer_day(question);
      break;
    case BooksQuestion::Ask::Hashes:
      answer_hashes(question);
      break;
    case BooksQuestion::Ask::Levels:
      answer_levels(question);
      break;
  }
  return {};
}

void BooksDesk::answer_levels(const BooksQuestion& question) {
  gate_.stock_books(question.after, question.skus, [this, id = question.id](StockBooks stock) {
    answering_--;
    BooksAnswer answer;
    answer.id = id;
    answer.stock = std::move(stock);
    (void)tell_(encode(answer));
  });
}

void BooksDesk::answer_day(const BooksQuestion& question) {
  gate_.day_books(question.day, [this, id = question.id](Result<DayBooks> books) {
    answering_--;
    if (!books) return;  // no answer is an answer: the other side says that it got none
    BooksAnswer answer;
    answer.id = id;
    answer.day = *books;
    (void)tell_(encode(answer));
  });
}

void BooksDesk::answer_hashes(const BooksQuestion& question) {
  gate_.event_hashes(question.from, question.to,
                     [this, id = question.id, from = question.from](auto hashes) {
                       answering_--;
                       if (!hashes) return;
                       BooksAnswer answer;
                       answer.id = id;
                       answer.from = from;
                       answer.hashes = std::move(*hashes);
                       (void)tell_(encode(answer));
                     });
}

void BooksDesk::tick() {
  const Duration now = clock_.steady();
  std::vector<Answered> late;
  for (auto each = waiting_.begin(); each != waiting_.end();) {
    if (each->second.until > now) {
      ++each;
      continue;
    }
    late.push_back(std::move(each->second.answered));
    each = waiting_.erase(each);
  }
  for (const Answered& answered : late) {
    answered(refuse(Code::Unavailable, "the cloud did not answer within 5 s"));
  }
}

void BooksDesk::give_up() {
  auto waiting = std::exchange(waiting_, {});
  for (auto& [id, each] : waiting) {
    each.answered(refuse(Code::Unavailable, "the link to the cloud was lost"));
  }
}

}  // namespace larder::edge
