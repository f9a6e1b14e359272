#include "relay/bus/consume_log.hpp"

#include <fstream>
#include <utility>

#include "platform/sqlite/migrations.hpp"
#include "relay/bus/migrations.hpp"

namespace larder::relay {

Result<ConsumeLog> ConsumeLog::open(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) {
    if (!std::ofstream(file).good()) {
      return refuse(Code::StorageFault, "cannot make the bus's file " + file.string());
    }
  }
  auto connection = sql::Connection::open(file, sql::Connection::Mode::ReadWrite);
  if (!connection) return pass_on(connection);
  auto ready = connection->execute(
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
  if (!ready) return pass_on(ready);
  if (auto migrated = sql::migrate(*connection, bus_migrations()); !migrated) {
    return pass_on(migrated);
  }
  connection->lock_down();
  auto statements = prepare(*connection);
  if (!statements) return pass_on(statements);
  return ConsumeLog(std::move(*connection), std::move(*statements));
}

Result<ConsumeLog::Statements> ConsumeLog::prepare(sql::Connection& connection) {
  Statements made;
  const std::pair<sql::Statement*, const char*> all[] = {
      {&made.insert,
       "INSERT INTO mq_consume_log (event_id, consumer_group, status, consumed_at)"
       " VALUES (?1, ?2, 'DONE', ?3) ON CONFLICT DO NOTHING"},
      {&made.open, "SAVEPOINT one"},
      {&made.release, "RELEASE one"},
      {&made.undo, "ROLLBACK TO one"}};
  for (const auto& [statement, text] : all) {
    auto prepared = connection.prepare(text);
    if (!prepared) return pass_on(prepared);
    *statement = std::move(*prepared);
  }
  return made;
}

std::vector<Result<Consumed>> ConsumeLog::consume(const std::string& group,
                                                  std::span<const Message> messages,
                                                  const Effect& effect, TimePoint now) {
  const auto all = [&messages](const Error& error) {
    return std::vector<Result<Consumed>>(messages.size(), Refused(error));
  };
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return all(transaction.error());
  std::vector<Result<Consumed>> outcomes;
  outcomes.reserve(messages.size());
  for (const Message& message : messages) {
    if (auto opened = statements_.open.run(); !opened) return all(opened.error());
    outcomes.push_back(consume_one(group, message, effect, now));
    auto closed = outcomes.back() ? Result<void>() : statements_.undo.run();
    if (closed) closed = statements_.release.run();
    if (!closed) return all(closed.error());
  }
  if (auto committed = transaction->commit(); !committed) return all(committed.error());
  // Should it fail, the -wal has it all, and the next time tries again.
  if (connection_.wal_bytes() > kBusWalBytes) static_cast<void>(connection_.checkpoint(false));
  return outcomes;
}

Result<Consumed> ConsumeLog::consume_one(const std::string& group, const Message& message,
                                         const Effect& effect, TimePoint now) {
  sql::Statement& insert = statements_.insert;
  insert.bind_text(1, message.key).bind_text(2, group).bind(3, now.micros);
  if (auto ran = insert.run(); !ran) return pass_on(ran);
  if (connection_.changes() == 0) return Consumed::Before;
  if (auto done = effect(connection_, message); !done) return pass_on(done);
  return Consumed::Now;
}

Result<std::int64_t> ConsumeLog::prune(TimePoint now, std::int64_t limit) {
  auto remove = connection_.prepare(
      "DELETE FROM mq_consume_log WHERE rowid IN"
      " (SELECT rowid FROM mq_consume_log WHERE consumed_at < ?1 ORDER BY consumed_at LIMIT ?2)");
  if (!remove) return pass_on(remove);
  remove->bind(1, now.micros - Duration::minutes(24L * 60 * kConsumeLogDays).micros);
  remove->bind(2, limit);
  if (auto ran = remove->run(); !ran) return pass_on(ran);
  return connection_.changes();
}

}  // namespace larder::relay
