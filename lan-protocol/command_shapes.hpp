// The args of every command, read (take) and written (put). Private to this room.
// Canonical args leave out optional members that say nothing, so that a client which leaves them
// out and one which spells them out have the same body digest.
#pragma once

#include "core/ledger/commands.hpp"
#include "lan-protocol/fields.hpp"
#include "lan-protocol/json.hpp"

namespace larder {

void take(const Input& in, PlaceOrder& out);
void take(const Input& in, PayOrder& out);
void take(const Input& in, AcceptOrder& out);
void take(const Input& in, ServeOrder& out);
void take(const Input& in, CancelOrder& out);
void take(const Input& in, VoidOrder& out);
void take(const Input& in, CheckTicketItem& out);
void take(const Input& in, BumpTicket& out);
void take(const Input& in, RecallTicket& out);
void take(const Input& in, UndoTicket& out);
void take(const Input& in, PlaceHold& out);
void take(const Input& in, ReleaseHold& out);
void take(const Input& in, CountStock& out);
void take(const Input& in, MarkStock& out);
void take(const Input& in, LimitStock& out);
void take(const Input& in, ImportMenu& out);
void take(const Input& in, AddDevice& out);
void take(const Input& in, RevokeDevice& out);
void take(const Input& in, VoidLine& out);
void take(const Input& in, DiscountOrder& out);
void take(const Input& in, AddStaff& out);
void take(const Input& in, RemoveStaff& out);
void take(const Input& in, CloseDay& out);
void take(const Input& in, SetChannels& out);
void take(const Input& in, SetThresholds& out);
void take(const Input& in, ResolveOversell& out);
void take(const Input& in, AskLease& out);
void take(const Input& in, SettleLease& out);
void take(const Input& in, PlaceOnline& out);
void take(const Input& in, BeginEpoch& out);

}  // namespace larder
