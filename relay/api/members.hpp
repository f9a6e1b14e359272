// Members: a JSON object that somebody sent, read member by member. The first thing that is wrong
// is kept, with the name of its member; what follows is skipped. Life: on the stack, inside that of
// the Json. Members nobody asked for are an error too, said by finish().
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/quantity.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "lan-protocol/json.hpp"

namespace larder::relay {

class Members {
 public:
  // `path` goes in front of the names: "channel_stocks[0].".
  explicit Members(const Json& json, std::string path = {});

  // Text of 1 to `bytes_max` bytes, UTF-8 without control characters.
  std::string text(std::string_view name, std::size_t bytes_max);
  std::optional<std::string> text_if(std::string_view name, std::size_t bytes_max);
  // An id: see is_id.
  std::string id(std::string_view name);
  std::optional<std::string> id_if(std::string_view name);
  int one_of(std::string_view name, int first, int last);
  std::optional<int> one_of_if(std::string_view name, int first, int last);
  // A whole number in [least, most]; `rule` says so.
  std::optional<std::int64_t> whole_if(std::string_view name, std::int64_t least, std::int64_t most,
                                       std::string_view rule);
  std::optional<Quantity> quantity_if(std::string_view name);
  std::optional<TimePoint> time_if(std::string_view name);
  // Null when it is not there.
  const JsonArray* array_if(std::string_view name, std::size_t most);
  // The value itself, to be read by somebody else.
  const Json* value(std::string_view name);
  const Json* value_if(std::string_view name);

  void wrong(std::string_view name, std::string_view sentence);
  bool failed() const { return error_.has_value(); }
  // Takes over what was found wrong in a part of this object.
  void join(const Result<void>& part);
  Result<void> finish();

 private:
  // Null when it is not there, or something was wrong before. A member that is null is not there.
  const Json* find(std::string_view name, bool needed);

  const JsonObject* object_;
  std::string path_;
  std::optional<Error> error_;
  std::set<std::string, std::less<>> asked_;
};

// A channel as the estate spells it ("ONLINE_ORDER"), as the ledger does.
std::optional<ChannelCode> channel_of(std::string_view code);

// An id as the whole house knows it: 1 to kIdBytesMax of A-Z a-z 0-9 . _ : / -
bool is_id(std::string_view text);
inline constexpr std::string_view kIdRule = "must be 1 to 64 of A-Z a-z 0-9 . _ : / -";

}  // namespace larder::relay
