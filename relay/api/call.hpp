// Call: one request on its way through a route. Shared by the callbacks that wait for the Desk;
// answered once (a second answer does nothing). Loop thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "lan-protocol/json.hpp"
#include "relay/api/gatekeeper.hpp"
#include "relay/api/http.hpp"
#include "relay/app/desk.hpp"

namespace larder::relay {

struct StoreIndex;
class Storefront;

// What the routes speak to.
struct Rooms {
  Desk& desk;
  Gatekeeper& gate;
  Clock& clock;
  StoreIndex& index;
  Storefront* storefront;  // null: there is none
};

struct Call {
  Rooms& rooms;
  HttpRequest request;
  Caller caller;
  std::vector<std::string> params;  // of the path, in order, decoded
  QueryPairs query;
  Respond respond;

  void answer(std::string_view data_json) const;
  void refuse(const Error& error) const;
  void refuse_http(int status, std::string_view sentence) const;

  // The value of a query parameter; none when it is not there.
  std::optional<std::string> query_text(std::string_view name) const;
  // A whole number from `least` to `most`; `otherwise` when it is not there. BadRequest names it.
  Result<std::size_t> query_number(std::string_view name, std::size_t least, std::size_t most,
                                   std::size_t otherwise) const;
  // "wait=applied" is asked for; BadRequest for any other value.
  Result<bool> query_wait() const;
  // The body as JSON: strict, bounded.
  Result<Json> json(const JsonLimits& limits = {}) const;
  // May this caller see the store? When not, the call has been refused (403).
  bool may_see(const StoreId& store) const;
};
using CallPtr = std::shared_ptr<const Call>;

// A refusal that names a member or parameter.
Error wrong_field(std::string_view name, std::string_view sentence);

}  // namespace larder::relay
