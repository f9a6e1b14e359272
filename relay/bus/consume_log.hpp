// ConsumeLog: who has done what already. An effect and its row in mq_consume_log are one
// transaction, so a message that comes again (the sender died before it marked it, the bus
// delivered it twice) is dropped by rows, not by hope. Life: one per file. Thread: one at a time.
// Limits: rows are kept for kConsumeLogDays; a message that comes again later than that is new.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "platform/sqlite/sqlite.hpp"
#include "relay/app/ports.hpp"

namespace larder::relay {

inline constexpr std::uint64_t kBusWalBytes = 4ULL * 1024 * 1024;  // then it is copied back
inline constexpr int kConsumeLogDays = 30;  // longer than the outbox keeps a DEAD row unseen

// What a consumer does with a message, inside the transaction that remembers it.
using Effect = std::function<Result<void>(sql::Connection&, const Message&)>;

enum class Consumed { Now, Before };

class ConsumeLog {
 public:
  // Makes the file when it is absent. StorageFault, Locked, Corrupt, NewerSchema.
  static Result<ConsumeLog> open(const std::filesystem::path& file);

  // All in one transaction and one fsync. An effect that fails takes back its own changes only; its
  // message is answered with the error and is not remembered. A failure of the file fails all.
  std::vector<Result<Consumed>> consume(const std::string& group, std::span<const Message> messages,
                                        const Effect& effect, TimePoint now);
  // Lets go of rows older than kConsumeLogDays, at most `limit`; how many.
  Result<std::int64_t> prune(TimePoint now, std::int64_t limit);

  sql::Connection& connection() { return connection_; }

 private:
  struct Statements {
    sql::Statement insert, open, release, undo;
  };
  ConsumeLog(sql::Connection connection, Statements statements)
      : connection_(std::move(connection)), statements_(std::move(statements)) {}
  static Result<Statements> prepare(sql::Connection& connection);
  Result<Consumed> consume_one(const std::string& group, const Message& message,
                               const Effect& effect, TimePoint now);

  sql::Connection connection_;
  Statements statements_;
};

}  // namespace larder::relay
