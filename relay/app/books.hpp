// Books: the day's statement. Asks the hub for its books of a business day and compares them with
// the shard's; when they differ, walks the hashes of the day in steps of kHashesMax until the first
// event that differs is named. Answers the hub's own questions.
// Life: from start to shutdown. Thread: the loop. Limits: kStatementsMax at once; kQuestionsMax of
// one hub at once.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "relay/app/desk.hpp"
#include "relay/app/streams.hpp"

namespace larder::relay {

class Books {
 public:
  struct Ports {
    Clock& clock;
    Shards& shards;
    Inlet& inlet;
    Telemetry& telemetry;
    Streams& streams;
  };
  explicit Books(Ports ports) : ports_(ports) {}
  Books(const Books&) = delete;
  Books& operator=(const Books&) = delete;

  void statement(const StoreId& store, BusinessDay day, Done<Statement> done);
  void told(StoreStream& stream, const BooksMessage& message);  // up/tell
  void tick();

 private:
  struct Inquiry {
    std::string id;
    Statement statement;
    Done<Statement> done;
    Seq from = 0, to = 0, last = 0;   // of the hashes asked for; the last of the day
    std::vector<std::string> hashes;  // ours, from..to
    Duration answer_until, until;
    bool is_waiting = false;  // for the hub
  };
  using Asked = std::shared_ptr<Inquiry>;

  void ask_hub(const Asked& inquiry, const BooksQuestion& question);
  void hub_told_day(const Asked& inquiry, const DayBooks& books);
  void next_hashes(const Asked& inquiry);
  void hub_told_hashes(const Asked& inquiry, const BooksAnswer& answer);
  void end(const Asked& inquiry);
  void fail(const Asked& inquiry, const Error& error);
  void answer(StoreStream& stream, const BooksQuestion& question);
  template <typename T>
  void read(const Asked& inquiry, std::function<Result<T>(ShardStore&)> job,
            std::function<void(T)> then);

  Ports ports_;
  std::uint64_t next_id_ = 0;
  std::map<std::string, Asked> inquiries_;
};

}  // namespace larder::relay
