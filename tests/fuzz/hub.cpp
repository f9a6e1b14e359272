// A whole hub on fakes, and whatever its screens say to it: a line is a message, its first letter
// the screen (a admin, k kiosk, d kitchen, t till). "~" lets a minute pass, "^" begins a day, "!"
// is a crash and a start. The books stay books, and a start on the journal gives the same ones.
#include <array>
#include <charconv>

#include "core/ledger/snapshot.hpp"
#include "lan-protocol/codec.hpp"
#include "tests/app/kitchen_table.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace larder::edge {
namespace {

using fuzz::require;

constexpr std::size_t kLinesMax = 64;

struct Seat {
  char letter;
  const char* device;
  RecordingSession session = {};
  SessionKey key = 0;
};

class Shift {
 public:
  Shift() { sit_down(); }

  void take(std::string_view line) {
    if (line.empty()) return;
    if (line == "~") {
      table_.clock.pass(Duration::minutes(1));
    } else if (line == "^") {
      table_.clock.set_day(++day_);
      table_.clock.pass(Duration::minutes(60 * 24));
    } else if (line == "!") {
      crash();
    } else {
      say(line);
    }
    table_.hub->tick();
    table_.writer->settle();
    table_.pins.settle();
    table_.writer->settle();
  }

  void require_books() {
    require(!table_.fatal, "nothing that a screen says ends the hub");
    const Ledger& ledger = table_.hub->ledger();
    for (const auto& [sku, level] : ledger.stock.levels()) {
      require(level.available >= Quantity() && level.held >= Quantity(), "no stock below zero");
    }
    const auto books = rebuild_books(table_.journal.recovered());
    require(books.has_value(), "a start finds books in the journal");
    require(to_snapshot(books->ledger) == to_snapshot(ledger), "and they are the same ones");
    for (const StoredEvent& event : table_.journal.events) {
      const auto read = decode_event(*event.data);
      require(read.has_value() && encode_event(*read) == *event.data, "an event is its own bytes");
    }
  }

 private:
  void sit_down() {
    for (Seat& seat : seats_) {
      seat.session = RecordingSession();
      seat.key = table_.join(seat.session, seat.device);
    }
  }

  void say(std::string_view line) {
    for (Seat& seat : seats_) {
      if (seat.letter != line.front()) continue;
      table_.hub->received(seat.key, line.substr(1));
      table_.writer->settle();
      for (const std::string& frame : seat.session.take()) {
        require(parse_json(frame, {32, 100'000, 64 * 1024}).has_value(), "a screen can read it");
      }
      // Cut for good reason; the next one to come is a new connection.
      if (seat.session.closed_with != 0) rejoin(seat);
    }
  }

  void rejoin(Seat& seat) {
    table_.hub->closed(seat.key);
    seat.session = RecordingSession();
    seat.key = table_.join(seat.session, seat.device);
  }

  void crash() {
    table_.start();
    sit_down();
  }

  KitchenTable table_;
  std::array<Seat, 4> seats_ = {
      {{'a', "admin"}, {'k', "kiosk-1"}, {'d', "kds-1"}, {'t', "till-1"}}};
  std::int32_t day_ = 20261121;
};

}  // namespace
}  // namespace larder::edge

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  larder::edge::Shift shift;
  std::string_view script = larder::fuzz::text_of(bytes, size);
  for (std::size_t line = 0; line < larder::edge::kLinesMax && !script.empty(); ++line) {
    const std::size_t end = std::min(script.find('\n'), script.size());
    shift.take(script.substr(0, end));
    script.remove_prefix(std::min(end + 1, script.size()));
  }
  shift.require_books();
  return 0;
}
