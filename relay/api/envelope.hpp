// The envelope of every JSON answer (the estate's contract, section 3). Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "relay/api/http.hpp"

namespace larder::relay {

// {"code":"0","message":"success","data":<data_json>}
HttpReply success(std::string_view data_json);
// {"code":..,"message":..,"detail":..,"trace_id":..} with the status and code of the contract for
// this Code: wire_code_of(). 503 comes with Retry-After.
HttpReply failure(const Error& error, std::string_view trace_id);
// The same for what HTTP itself has a word for (401, 403, 404, 405, 408, 413, 415, 429, ..), code
// "HTTP_<status>"; 503 is INV_006.
HttpReply http_failure(int status, std::string_view detail, std::string_view trace_id);

struct WireCode {
  int status = 500;
  std::string_view code;  // INV_001 .. INV_006
  std::string_view message;
};
WireCode wire_code_of(Code code);

}  // namespace larder::relay
