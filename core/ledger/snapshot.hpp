// The whole state of a Ledger as canonical bytes: the same books give the same bytes on every
// compiler and machine. The state hash is SHA-256 of these bytes (taken outside core); the hub's
// snapshot in the store file is these bytes too.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/ledger/ledger.hpp"

namespace larder {

// Little-endian integers, length-prefixed strings, fields in a fixed order, a format number first.
std::string to_snapshot(const Ledger& ledger);

// Written by an earlier Larder, which kept less: to be passed over, so that the journal makes the
// books anew.
bool is_earlier_snapshot(std::string_view bytes);
// Corrupt when the bytes end early, run on, or name values out of range; NewerSchema for a later
// format number.
Result<Ledger> from_snapshot(std::string_view bytes);

}  // namespace larder
