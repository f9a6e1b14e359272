#include "relay/bus/shelf.hpp"

#include <memory>
#include <utility>

namespace larder::relay {
namespace {

// Prepared at the first message, and gone with the effect, so before the file.
struct Statements {
  sql::Statement insert, remove;
  bool are_ready = false;
};

Result<void> prepare(Statements& at, sql::Connection& connection) {
  auto insert = connection.prepare(
      "INSERT INTO shelf (topic, biz_key, store_id, body, at) VALUES (?1, ?2, ?3, ?4, ?5)");
  if (!insert) return pass_on(insert);
  auto remove =
      connection.prepare("DELETE FROM shelf WHERE id <= (SELECT max(id) FROM shelf) - ?1");
  if (!remove) return pass_on(remove);
  at.insert = std::move(*insert);
  at.remove = std::move(*remove);
  at.are_ready = true;
  return {};
}

Result<void> put(Statements& at, const Message& message, TimePoint now) {
  at.insert.bind_text(1, message.topic).bind_text(2, message.key).bind_text(3, message.group);
  at.insert.bind_text(4, message.body).bind(5, now.micros);
  if (auto ran = at.insert.run(); !ran) return ran;
  at.remove.bind(1, kShelfMessages);
  return at.remove.run();
}

}  // namespace

Effect put_on_shelf(std::function<TimePoint()> now) {
  auto at = std::make_shared<Statements>();
  return [now = std::move(now), at](sql::Connection& connection, const Message& message) {
    if (!at->are_ready) {
      if (auto ready = prepare(*at, connection); !ready) return ready;
    }
    return put(*at, message, now());
  };
}

}  // namespace larder::relay
