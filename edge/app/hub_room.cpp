// What the disk can take: on a full one the Hub finishes what was begun and begins nothing, until
// there is room again; on a slow one it says so instead of piling up promises.
#include "edge/app/hub.hpp"

namespace larder::edge {

namespace {

// What a guest or the kitchen has begun and must be able to end, and what must never wait for a
// disk: shutting a device out.
struct Finishes {
  bool operator()(const PayOrder&) const { return true; }
  bool operator()(const AcceptOrder&) const { return true; }
  bool operator()(const ServeOrder&) const { return true; }
  bool operator()(const CancelOrder&) const { return true; }
  bool operator()(const VoidOrder&) const { return true; }
  bool operator()(const CheckTicketItem&) const { return true; }
  bool operator()(const BumpTicket&) const { return true; }
  bool operator()(const RecallTicket&) const { return true; }
  bool operator()(const UndoTicket&) const { return true; }
  bool operator()(const ReleaseHold&) const { return true; }
  bool operator()(const RevokeDevice&) const { return true; }
  bool operator()(const VoidLine&) const { return true; }
  bool operator()(const RemoveStaff&) const { return true; }
  bool operator()(const CloseDay&) const { return true; }
  bool operator()(const ExpireHolds&) const { return true; }
  bool operator()(const BeginEpoch&) const { return true; }
  bool operator()(const TakeWord&) const { return false; }  // the word comes again

  bool operator()(const PlaceOrder&) const { return false; }
  bool operator()(const PlaceHold&) const { return false; }
  bool operator()(const CountStock&) const { return false; }
  bool operator()(const MarkStock&) const { return false; }
  bool operator()(const LimitStock&) const { return false; }
  bool operator()(const SetChannels&) const { return false; }
  bool operator()(const SetThresholds&) const { return false; }
  bool operator()(const ResolveOversell&) const { return false; }
  bool operator()(const AskLease&) const { return false; }  // these words come again, too
  bool operator()(const SettleLease&) const { return false; }
  bool operator()(const PlaceOnline&) const { return false; }
  bool operator()(const ImportMenu&) const { return false; }
  bool operator()(const AddDevice&) const { return false; }
  bool operator()(const DiscountOrder&) const { return false; }
  bool operator()(const AddStaff&) const { return false; }
};

}  // namespace

Result<void> Hub::may_begin(const Command& command) const {
  if (stopping_) {
    return larder::refuse(Code::Busy, "the hub is stopping; send the same id again");
  }
  if (auto may = may_while_in_doubt(command); !may) return may;
  if (in_flight_ >= kInFlightCommandsMax) {
    return larder::refuse(Code::Overloaded, "the hub has too much to do; send the same id again");
  }
  if (committing_ &&
      ports_.clock.steady() - commit_started_ > Duration::seconds(kSlowDiskSeconds)) {
    return larder::refuse(Code::Busy, "the hub's disk is slow; send the same id again");
  }
  if (room_ == Room::Scarce && !std::visit(Finishes{}, command)) {
    return larder::refuse(Code::StorageFull,
                          "the hub's disk is full: open orders can be finished, nothing new can "
                          "begin; make room on the disk");
  }
  return {};
}

void Hub::found_room(Room room) {
  if (room == room_) return;
  room_ = room;
  if (room == Room::Scarce) {
    next_look_ = ports_.clock.steady() + Duration::seconds(kRoomLookSeconds);
    ports_.telemetry.warn(
        "the disk is full: new orders are refused, open ones are finished in the space set aside; "
        "make room now");
  } else {
    ports_.telemetry.note("the disk has room again: orders are taken");
  }
  beat();  // the screens need not wait for the next second
}

void Hub::look_for_room(Duration now) {
  if (room_ == Room::Enough || now < next_look_) return;
  next_look_ = now + Duration::seconds(kRoomLookSeconds);
  ports_.writer.run([this](Journal& journal) -> std::function<void()> {
    const Room room = journal.room();
    return [this, room] { found_room(room); };
  });
}

}  // namespace larder::edge
