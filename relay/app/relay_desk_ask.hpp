// How RelayDesk asks its databases: for the files that hold its members, and nobody else.
#pragma once

#include <memory>
#include <utility>

#include "relay/app/relay_desk.hpp"

namespace larder::relay {

inline bool is_storage(Code code) {
  return code == Code::StorageFault || code == Code::StorageFull;
}

template <typename T>
RelayDesk::Answer<T> RelayDesk::open(Done<T> done) {
  Answer<T> answer;
  answer.done = std::make_shared<Done<T>>(std::move(done));
  answer.question = std::make_shared<Question>();
  answer.question->until = Duration{ports_.clock.steady().micros + kDeskPatience.micros};
  answer.question->give_up = [done_too = answer.done] {
    (*done_too)(refuse(Code::Unavailable, "the database of this store does not answer"));
  };
  std::erase_if(questions_, [](const auto& each) { return !each->give_up; });
  questions_.push_back(answer.question);
  return answer;
}

template <typename T>
ShardJob RelayDesk::shard_job(std::size_t database, std::function<Result<T>(ShardStore&)> job,
                              Answer<T> answer) {
  return [this, database, job, answer](ShardStore& store) {
    auto result = std::make_shared<Result<T>>(job(store));
    return [this, database, result, answer] {
      if (!*result && is_storage(result->error().code())) ports_.telemetry.shard_error(database);
      answer.give(std::move(*result));
    };
  };
}

template <typename T>
void RelayDesk::ask(const StoreId& store, std::function<Result<T>(ShardStore&)> job, Done<T> done) {
  if (questions_.size() >= kDeskQuestionsMax) {
    return done(refuse(Code::Overloaded, "too many questions are under way"));
  }
  const Answer<T> answer = open(std::move(done));
  auto ran = ports_.shards.run_for(
      store, shard_job<T>(ports_.shards.database_of(store), std::move(job), answer));
  if (!ran) answer.give(pass_on(ran));
}

template <typename T>
void RelayDesk::ask_database(std::size_t database, std::function<Result<T>(ShardStore&)> job,
                             Done<T> done) {
  if (database >= ports_.shards.databases()) {
    return done(refuse(Code::NotFound, "there is no database " + std::to_string(database)));
  }
  if (questions_.size() >= kDeskQuestionsMax) {
    return done(refuse(Code::Overloaded, "too many questions are under way"));
  }
  const Answer<T> answer = open(std::move(done));
  auto ran = ports_.shards.run(database, shard_job<T>(database, std::move(job), answer));
  if (!ran) answer.give(pass_on(ran));
}

template <typename T, typename Whole>
void RelayDesk::gather(std::function<Result<T>(ShardStore&, std::size_t)> job,
                       std::function<void(Whole&, T&)> add, std::function<void(Whole&)> finish,
                       Done<Whole> done) {
  struct Sum {
    Whole whole{};
    std::size_t missing = 0;
    Done<Whole> done;
  };
  auto sum = std::make_shared<Sum>();
  sum->missing = ports_.shards.databases();
  sum->done = std::move(done);
  for (std::size_t database = 0; database < ports_.shards.databases(); ++database) {
    ask_database<T>(
        database, [job, database](ShardStore& store) { return job(store, database); },
        [sum, add, finish](Result<T> part) {
          if (!sum->done) return;
          if (!part) return std::exchange(sum->done, nullptr)(pass_on(part));
          add(sum->whole, *part);
          if (--sum->missing != 0) return;
          finish(sum->whole);
          std::exchange(sum->done, nullptr)(std::move(sum->whole));
        });
  }
}

}  // namespace larder::relay
