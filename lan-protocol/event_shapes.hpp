// The bodies of every event, written (put) and read (take). Private to this room.
#pragma once

#include "core/ledger/events.hpp"
#include "lan-protocol/fields.hpp"
#include "lan-protocol/json.hpp"

namespace larder {

void put(JsonWriter& out, const EpochBegun& event);
void put(JsonWriter& out, const DayOpened& event);
void put(JsonWriter& out, const MenuImported& event);
void put(JsonWriter& out, const DeviceAdded& event);
void put(JsonWriter& out, const DeviceRevoked& event);
void put(JsonWriter& out, const StockChanged& event);
void put(JsonWriter& out, const HoldLocked& event);
void put(JsonWriter& out, const HoldMoved& event);
void put(JsonWriter& out, const HoldConfirmed& event);
void put(JsonWriter& out, const HoldReleased& event);
void put(JsonWriter& out, const OrderPlaced& event);
void put(JsonWriter& out, const OrderPaid& event);
void put(JsonWriter& out, const OrderAccepted& event);
void put(JsonWriter& out, const OrderServed& event);
void put(JsonWriter& out, const OrderCancelled& event);
void put(JsonWriter& out, const OrderVoided& event);
void put(JsonWriter& out, const TicketChanged& event);
void put(JsonWriter& out, const OrderDiscounted& event);
void put(JsonWriter& out, const OrderLineVoided& event);
void put(JsonWriter& out, const StaffAdded& event);
void put(JsonWriter& out, const StaffRemoved& event);
void put(JsonWriter& out, const DayClosed& event);
void put(JsonWriter& out, const WordTaken& event);
void put(JsonWriter& out, const LeaseGranted& event);
void put(JsonWriter& out, const LeaseSettled& event);
void put(JsonWriter& out, const LeaseRecalled& event);
void put(JsonWriter& out, const StockOversold& event);
void put(JsonWriter& out, const OversellResolved& event);

void take(const Input& in, EpochBegun& out);
void take(const Input& in, DayOpened& out);
void take(const Input& in, MenuImported& out);
void take(const Input& in, DeviceAdded& out);
void take(const Input& in, DeviceRevoked& out);
void take(const Input& in, StockChanged& out);
void take(const Input& in, HoldLocked& out);
void take(const Input& in, HoldMoved& out);
void take(const Input& in, HoldConfirmed& out);
void take(const Input& in, HoldReleased& out);
void take(const Input& in, OrderPlaced& out);
void take(const Input& in, OrderPaid& out);
void take(const Input& in, OrderAccepted& out);
void take(const Input& in, OrderServed& out);
void take(const Input& in, OrderCancelled& out);
void take(const Input& in, OrderVoided& out);
void take(const Input& in, TicketChanged& out);
void take(const Input& in, OrderDiscounted& out);
void take(const Input& in, OrderLineVoided& out);
void take(const Input& in, StaffAdded& out);
void take(const Input& in, StaffRemoved& out);
void take(const Input& in, DayClosed& out);
void take(const Input& in, WordTaken& out);
void take(const Input& in, LeaseGranted& out);
void take(const Input& in, LeaseSettled& out);
void take(const Input& in, LeaseRecalled& out);
void take(const Input& in, StockOversold& out);
void take(const Input& in, OversellResolved& out);

}  // namespace larder
