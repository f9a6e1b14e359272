// The one closed list of reasons for which Larder says no, or fails.
// A Code travels to the LAN as its wire name (code_name); docs/PROTOCOL lists what each one asks of
// the reader.
#pragma once

#include <string_view>

namespace larder {

enum class Code {
  // The message cannot be read.
  BadJson,      // not JSON, duplicate key, trailing bytes
  TooDeep,      // nested deeper, or more nodes, than the limits allow
  TooLarge,     // more bytes than the limits allow
  BadText,      // NUL, control bytes, or text longer than its limit
  BadRequest,   // a field is missing, unknown or of the wrong type
  UnknownVerb,  // no such verb in the verb table
  Unsupported,  // a protocol version or feature this hub does not speak
  // Who is asking.
  Unauthorized,  // no token, or one this hub does not know
  Forbidden,     // the role may not use this verb or topic
  WrongStore,    // the command names another store
  RateLimited,   // too many commands from one device; wait and send the same id again
  Overloaded,    // the hub has too much in flight; wait and send the same id again
  Busy,          // storage is slow; wait and send the same id again
  KeyReuse,      // this command id was used with another body
  // Values.
  BadQuantity,  // not 0.1 .. 10,000.0 with at most one decimal
  BadMoney,     // not whole minor units in range, or another currency
  Overflow,     // a sum left the range of the books
  // Menu and order.
  UnknownSku,
  BadMenu,       // the menu contradicts itself
  BadOption,     // an option is unknown, or min/max choices are not kept
  BadCombo,      // a combo refers to itself, to a combo, or a part is not chosen
  BadOrder,      // no lines, too many lines, no table where one is needed
  PriceChanged,  // the client's expected total is not the hub's
  NotSoldHere,   // the item is not on this channel
  // State of the world.
  OutOfStock,
  NotFound,               // no such order, ticket, hold, device
  BadState,               // the order or ticket is not in a state that allows this
  Expired,                // the hold has run out
  Cancelled,              // the order was cancelled
  TooMuch,                // more than is held or owed
  WouldBreakCommitments,  // a count below what is already promised
  StaleCount,             // a count based on an older sequence number
  InRecovery,             // the hub does not trust its books: nothing is sold until it is settled
  // Storage and start-up.
  StorageFull,
  StorageFault,
  Corrupt,      // the file fails its own checks
  NewerSchema,  // written by a later Larder
  Locked,       // another process owns the data directory
  BadConfig,
  Unavailable,  // a part this needs is absent
};

// The wire name, for example "out_of_stock". Never empty.
std::string_view code_name(Code code);

}  // namespace larder
