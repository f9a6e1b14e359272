// A hub on fakes, with a menu and one device of each role: the table that the tests of edge/app are
// laid on.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "edge/app/hub.hpp"
#include "edge/app/recovery.hpp"
#include "lan-protocol/digest.hpp"
#include "tests/support/fakes.hpp"

namespace larder::edge {

class KitchenTable {
 public:
  KitchenTable() {
    start();
    run_own(BeginEpoch{"first start"});
    add_device("admin", Role::Admin);
    add_device("kiosk-1", Role::Kiosk);
    add_device("kds-1", Role::Kds);
    add_device("till-1", Role::Till);
    run_own(ImportMenu{sample_menu()});
    writer->settle();
  }

  // A new process on the same journal; what was not committed is gone.
  void start() {
    hub.reset();
    writer = std::make_unique<SteppedWriter>(journal);
    auto recovered = journal.recovered();
    auto books = rebuild_books(recovered);
    if (!books) std::abort();
    HubSettings settings;
    settings.store = StoreId("s1");
    settings.hub = HubId("h-test");
    settings.name = "Test store";
    settings.zone = "UTC";
    settings.version = "0";
    settings.currency = currency;
    settings.commands_per_second = per_second;
    settings.command_burst = burst;
    hub = std::make_unique<Hub>(
        settings,
        HubPorts{clock, *writer, telemetry, pins, [this](const Error& error) { fatal = error; }},
        std::move(books->ledger), books->head, recovered.answer_keys, recovered.room,
        recovered.doubt, was);
  }

  void run_own(const Command& command) {
    if (!hub->run_own(command)) std::abort();
  }

  void add_device(const std::string& id, Role role) {
    AddDevice command;
    command.device = DeviceId(id);
    command.name = id;
    command.role = role;
    command.token_sha256 = hex(sha256("token-" + id));
    run_own(command);
  }

  // Opens a session and signs it in; the greeting is taken off.
  SessionKey join(RecordingSession& session, const std::string& device) {
    SessionKey key = hub->opened(session, "127.0.0.1");
    hub->received(key, R"({"type":"auth","token":"token-)" + device + R"("})");
    writer->settle();
    session.take();
    return key;
  }

  static std::string command(const std::string& id, const std::string& verb,
                             const std::string& args) {
    return R"({"type":"command","id":")" + id + R"(","verb":")" + verb + R"(","args":)" + args +
           "}";
  }
  static std::string order(const std::string& id, const std::string& sku = "soup") {
    return command(id, "order.place",
                   R"({"service":"takeaway","lines":[{"sku":")" + sku + R"(","quantity":1}]})");
  }
  static std::string subscribe(const std::string& id, const std::string& topic) {
    return R"({"type":"subscribe","id":")" + id + R"(","topic":")" + topic + R"("})";
  }

  std::string currency;
  std::vector<HubId> was;
  double per_second = 1e6;
  double burst = 1e6;
  FakeClock clock;
  MemoryJournal journal;
  QuietTelemetry telemetry;
  FakePins pins;
  std::unique_ptr<SteppedWriter> writer;
  std::unique_ptr<Hub> hub;
  std::optional<Error> fatal;
};

}  // namespace larder::edge
