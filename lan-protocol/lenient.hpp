// Reading what another version of the other side may have written: members that are not known are
// passed over. Private to this room.
#pragma once

#include <string_view>

#include "lan-protocol/fields.hpp"
#include "lan-protocol/json.hpp"

namespace larder {

// `take_members` says which members there are. BadJson, TooDeep, TooLarge, BadRequest.
template <typename T>
Result<T> read_leniently(std::string_view json, const JsonLimits& limits,
                         void (*take_members)(Fields&, T&)) {
  Result<Json> tree = parse_json(json, limits);
  if (!tree) return pass_on(tree);
  Verdict verdict(Strictness::Lenient);
  const Input in(verdict, *tree);
  T out;
  Fields fields(in);
  take_members(fields, out);
  fields.done();
  if (verdict.error) return Refused(*verdict.error);
  return out;
}

}  // namespace larder
