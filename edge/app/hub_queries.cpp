// What the Hub answers without changing anything: queries, health, metrics; and the menu by HTTP.
#include <algorithm>
#include <utility>

#include "core/ledger/snapshot.hpp"
#include "edge/app/hub.hpp"
#include "edge/app/statement.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::edge {

namespace {

Bytes share(std::string bytes) { return std::make_shared<const std::string>(std::move(bytes)); }

HttpAnswer http_error(int status, const Error& error) {
  JsonWriter out;
  out.begin_object()
      .member("code", code_name(error.code()))
      .member("message", error.message())
      .end_object();
  return HttpAnswer{status, "application/json", share(out.take())};
}

// A reply's id holds no quotes, so the first "ok" is the reply's own.
bool says_ok(const std::string& reply) { return reply.find(R"("ok":true)") != std::string::npos; }

// 503: not now, the same menu may come again. A message cannot hold the quotes of a code.
int http_status_of(const std::string& reply) {
  if (says_ok(reply)) return 200;
  const auto says = [&reply](Code code) {
    return reply.find(R"("code":")" + std::string(code_name(code)) + '"') != std::string::npos;
  };
  const bool is_passing = says(Code::StorageFull) || says(Code::Busy) || says(Code::Overloaded) ||
                          says(Code::InRecovery);
  return is_passing ? 503 : 422;
}

// The orders that are still to be paid.
Tally open_tally(const Ledger& ledger) {
  Tally open;
  for (const auto& [id, order] : ledger.orders) {
    if (!is_closed(order) && !order.paid) open.add(order.total);
  }
  return open;
}

void write_orders(JsonWriter& out, const Ledger& ledger, bool only_open) {
  out.key("orders").begin_array();
  for (const auto& [id, order] : ledger.orders) {
    if (!only_open || !is_closed(order)) write_order(out, order);
  }
  out.end_array();
}

}  // namespace

void Hub::take_query(SessionKey key, const ClientMessage& message) {
  const Screen& screen = *screens_.find(key);
  const QueryVerb* verb = find_query_verb(message.verb);
  if (verb == nullptr) {
    send_refusal(key, message.id, Error(Code::UnknownVerb, "there is no such verb"));
    return;
  }
  if ((verb->roles & role_bit(screen.role)) == 0) {
    ports_.telemetry.refusal(code_name(Code::Forbidden));
    send_refusal(key, message.id,
                 Error(Code::Forbidden, "this device may not use " + std::string(verb->name)));
    return;
  }
  auto args = verb->decode(message.args);
  if (!args) {
    send_refusal(key, message.id, args.error());
    return;
  }
  if (verb->query == Query::JournalRead) return read_journal(key, message.id, *args);
  if (verb->query == Query::BooksStatement) return state_books(key, message.id, args->day);
  if (verb->query == Query::HubBackup) return back_up(key, message.id, *args);
  auto result = look_up(screen, verb->query, *args);
  Bytes bytes =
      share(result ? write_reply(message.id, decided_.epoch, decided_.seq, *result)
                   : write_refusal(message.id, decided_.epoch, decided_.seq, result.error()));
  when_committed([this, key, bytes]() { screens_.send(key, bytes); });
}

Result<std::string> Hub::look_up(const Screen& screen, Query query, const QueryArgs& args) {
  JsonWriter out;
  out.begin_object();
  switch (query) {
    case Query::OrderList:
      write_orders(out, ledger_, args.open);
      break;
    case Query::OrderGet: {
      auto found = ledger_.orders.find(args.order);
      bool is_hidden = found != ledger_.orders.end() && screen.role == Role::Kiosk &&
                       found->second.device != screen.device;
      if (found == ledger_.orders.end() || is_hidden) {
        return larder::refuse(Code::NotFound,
                              "there is no order " + args.order.text() + " in today's books");
      }
      out.key("order");
      write_order(out, found->second);
      break;
    }
    case Query::StockList:
      return view_of(Topic::Stock, ledger_);
    case Query::MenuExport:
      out.key("menu");
      write_menu(out, ledger_.catalog.menu());
      break;
    case Query::DeviceList:
      return view_of(Topic::Devices, ledger_);
    case Query::StaffList:
      out.key("staff").begin_array();
      for (const auto& [id, person] : ledger_.staff) write_staff(out, person);
      out.end_array();
      break;
    case Query::DayStatement: {
      BusinessDay day = args.day == BusinessDay{} ? ledger_.day : args.day;
      auto book = ledger_.day_books.find(day);
      if (book == ledger_.day_books.end()) {
        return larder::refuse(Code::NotFound, "the figures of that day are not kept here");
      }
      write_statement(out.key("statement"), day, book->second, open_tally(ledger_));
      break;
    }
    case Query::HubStatus:
      return status();
    case Query::StockUnseen:
      write_unseen(out.key("changes"), shown_.unseen(ledger_.day));
      break;
    case Query::JournalRead:
    case Query::HubBackup:
    case Query::BooksStatement:
      break;  // answered by the writer thread
  }
  out.end_object();
  return out.take();
}

std::string Hub::status() const {
  std::size_t open = 0;
  std::int64_t total_today = 0;
  std::size_t orders_today = 0;
  for (const auto& [id, order] : ledger_.orders) {
    if (!is_closed(order)) open++;
    bool is_sold = order.state != OrderState::Cancelled && order.state != OrderState::Voided;
    if (order.day == ledger_.day) {
      orders_today++;
      if (is_sold) total_today += order.total.in_minor();
    }
  }
  JsonWriter out;
  out.begin_object()
      .member("store", settings_.store.text())
      .member("hub", settings_.hub.text())
      .member("name", settings_.name)
      .member("epoch", decided_.epoch)
      .member("seq", decided_.seq)
      .member("head_hash", hex(decided_.hash))
      .member("state_hash", hex(sha256(to_snapshot(ledger_))))
      .member("day", ledger_.day.yyyymmdd)
      .member("sessions", std::uint64_t{screens_.all().size()})
      .member("open_orders", std::uint64_t{open})
      .member("orders_today", std::uint64_t{orders_today})
      .member("total_today", total_today)
      .member("menu_version", ledger_.catalog.menu().version)
      .member("storage", room_ == Room::Enough ? "ok" : "full")
      .member("version", settings_.version)
      .member("uptime_s", ports_.clock.steady().micros / 1'000'000);
  if (cloud_ != nullptr) write_cloud(out.key("cloud"), cloud_->state());
  if (const RecoveryNotice notice = recovery_notice(); !notice.why.empty()) {
    out.key("recovery").begin_object().member("why", notice.why).member("reason", notice.reason);
    out.member("since", notice.since.micros).member("known", notice.known).end_object();
  }
  write_losses(out);
  write_unsettled(out);
  out.key("devices").begin_array();
  for (const auto& [key, screen] : screens_.all()) {
    if (!screen.authenticated) continue;
    out.begin_object()
        .member("device", screen.device.text())
        .member("role", wire_name(screen.role))
        .member("address", screen.address)
        .member("since", screen.since.micros)
        .end_object();
  }
  out.end_array().end_object();
  return out.take();
}

void Hub::write_losses(JsonWriter& out) const {
  if (losses_.empty()) return;
  out.key("lost").begin_array();
  for (const auto& [epoch, loss] : losses_) {
    out.begin_object().member("epoch", epoch).member("seen", loss.seen).member("known", loss.end);
    out.member("since", loss.told_at.micros).end_object();
  }
  out.end_array();
}

void Hub::write_unsettled(JsonWriter& out) const {
  if (unsettled_.empty()) return;
  out.key("unsettled").begin_array();
  for (const Unsettled& each : unsettled_) {
    out.begin_object().member("lease", each.told.lease.text());
    out.key("sold").raw(each.told.sold.text()).key("returned").raw(each.told.returned.text());
    out.member("reason", each.why).member("since", each.at.micros).end_object();
  }
  out.end_array();
}

void Hub::read_journal(SessionKey key, const std::string& id, const QueryArgs& args) {
  ports_.writer.run([this, key, id, args](Journal& journal) -> std::function<void()> {
    auto events = journal.read(args.after, std::min(args.limit, kJournalReadMax));
    return [this, key, id, events = std::move(events)]() {
      if (!events) return send_refusal(key, id, events.error());
      JsonWriter out;
      out.begin_object().key("events").begin_array();
      for (const StoredEvent& event : *events) {
        out.begin_object()
            .member("epoch", event.epoch)
            .member("seq", event.seq)
            .member("hash", hex(event.hash));
        out.key("data").raw(*event.data).end_object();
      }
      out.end_array().member("head", committed_.seq).end_object();
      screens_.send(key, share(write_reply(id, committed_.epoch, committed_.seq, out.text())));
    };
  });
}

void Hub::back_up(SessionKey key, const std::string& id, const QueryArgs& args) {
  if (room_ == Room::Scarce) {
    return send_refusal(key, id, Error(Code::StorageFull, "the hub's disk is full"));
  }
  ports_.writer.run([this, key, id, name = args.name](Journal& journal) -> std::function<void()> {
    auto begun = journal.begin_backup(name);
    return [this, key, id, begun = std::move(begun)]() {
      if (!begun) return send_refusal(key, id, begun.error());
      continue_backup(key, id);
    };
  });
}

// One step, behind the groups that wait: no order waits for more than a step of the backup.
void Hub::continue_backup(SessionKey key, const std::string& id) {
  ports_.writer.run([this, key, id](Journal& journal) -> std::function<void()> {
    auto taken = journal.continue_backup();
    return [this, key, id, taken = std::move(taken)]() {
      if (!taken) return send_refusal(key, id, taken.error());
      if (!*taken) return continue_backup(key, id);
      JsonWriter out;
      out.begin_object()
          .member("file", (*taken)->file)
          .member("seq", (*taken)->seq)
          .member("head_hash", hex((*taken)->hash))
          .end_object();
      screens_.send(key, share(write_reply(id, committed_.epoch, committed_.seq, out.text())));
    };
  });
}

HttpAnswer Hub::health() {
  JsonWriter out;
  out.begin_object()
      .member("status", stopping_ ? "stopping" : "ok")
      .member("store", settings_.store.text())
      .member("hub", settings_.hub.text())
      .member("epoch", committed_.epoch)
      .member("seq", committed_.seq)
      .member("storage", room_ == Room::Enough ? "ok" : "full")
      .member("version", settings_.version);
  if (doubt_.is_on()) out.member("recovery", wire_name(doubt_.doubt));
  out.end_object();
  return HttpAnswer{stopping_ ? 503 : 200, "application/json", share(out.take())};
}

HttpAnswer Hub::metrics() {
  Telemetry::Gauges gauges;
  gauges.epoch = committed_.epoch;
  gauges.seq = committed_.seq;
  gauges.in_flight = in_flight_;
  gauges.storage_full = room_ == Room::Scarce;
  gauges.losses = losses_.size();
  if (cloud_ != nullptr) gauges.cloud = cloud_->state();
  for (const auto& [sku, level] : ledger_.stock.levels()) {
    const Alert alert = alert_of(level);
    if (alert != Alert::None) gauges.low_stock++;
    if (alert == Alert::Critical) gauges.critical_stock++;
  }
  for (const auto& [id, order] : ledger_.orders) {
    if (!is_closed(order)) gauges.open_orders++;
  }
  for (const auto& [key, screen] : screens_.all()) {
    if (screen.authenticated) {
      gauges.sessions_by_role[static_cast<std::size_t>(screen.role)]++;
    } else {
      gauges.sessions_unauthenticated++;
    }
  }
  return HttpAnswer{200, "text/plain; version=0.0.4", share(ports_.telemetry.expose(gauges))};
}

void Hub::import_menu(const std::string& bearer, const std::string& command_id, std::string body,
                      std::function<void(HttpAnswer)> answer) {
  const Device* device = device_of_token(bearer);
  if (device == nullptr) {
    ports_.telemetry.refusal(code_name(Code::Unauthorized));
    return answer(http_error(401, Error(Code::Unauthorized, "this token is not known here")));
  }
  const CommandVerb* verb = find_command_verb("menu.import");
  if ((verb->roles & role_bit(device->role)) == 0) {
    return answer(http_error(403, Error(Code::Forbidden, "only an admin may import a menu")));
  }
  auto json = parse_json(body, JsonLimits{kJsonDepthMax, kMenuJsonNodesMax, kStringBytesMax});
  if (!json) return answer(http_error(400, json.error()));
  auto menu = decode_menu(*json);
  if (!menu) return answer(http_error(400, menu.error()));
  if (!settings_.currency.empty() && menu->currency.text() != settings_.currency) {
    return answer(
        http_error(400, Error(Code::BadMoney, "this store sells in " + settings_.currency +
                                                  ", the menu is in " + menu->currency.text())));
  }
  Submission submission;
  submission.asker = Asker{device->id, device->role};
  submission.id = CommandId(command_id);
  submission.verb = verb->name;
  submission.command = ImportMenu{std::move(*menu)};
  submission.body = body_digest(verb->name, encode_args(submission.command));
  submission.reply = [answer](Bytes bytes) {
    answer(HttpAnswer{http_status_of(*bytes), "application/json", bytes});
  };
  submit(std::move(submission));
}

void Hub::count_refusal(std::string_view reason) { ports_.telemetry.refusal(reason); }

}  // namespace larder::edge
