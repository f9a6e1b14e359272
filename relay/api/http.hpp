// What an HTTP request and its answer are to this room. Values; no sockets.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace larder::relay {

struct HttpRequest {
  std::string method;
  std::string target;                                       // as sent, begins with '/'
  std::vector<std::pair<std::string, std::string>> fields;  // names in lower case
  std::string body;                                         // empty until it was read
  std::string address;                                      // of the peer
  std::string trace_id;                                     // 32 hex digits

  // The first field of that (lower case) name; empty when there is none.
  std::string_view field(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  std::string_view path() const;  // as sent, without the query
};

struct HttpReply {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> fields;
  std::shared_ptr<const std::string> body;  // null: none
  std::string route = "none";               // for the metrics: as the table of routes names it
  std::string code = "0";                   // of the envelope
};

// Called once, on the loop. A second call, or one after the deadline, does nothing.
using Respond = std::function<void(HttpReply)>;

// What a Site says to the head of a request.
struct Welcome {
  std::optional<HttpReply> refusal;  // said at once; the body is not read
  std::size_t body_bytes_max = 0;
  std::function<void(HttpRequest, Respond)> serve;  // when there is no refusal
  bool asks_hub = false;                            // so that the answer may take longer
};

// Whoever answers: the Api, or a test.
class Site {
 public:
  virtual ~Site() = default;
  virtual Welcome look(const HttpRequest& head) = 0;
  // What went wrong below HTTP's meaning: too large, too slow, not HTTP at all.
  virtual HttpReply refusal(int status, std::string_view trace_id, std::string_view sentence) = 0;
  // One answer went out, `micros` after its head was read.
  virtual void answered(const HttpReply& reply, std::int64_t micros) = 0;
};

// "%41" -> "A"; none when an escape is broken or the text holds a NUL. '+' stays '+'.
std::optional<std::string> percent_decoded(std::string_view text);
// "a=1&b=2" of a target, decoded, in order; none when an escape is broken or a name comes twice.
using QueryPairs = std::vector<std::pair<std::string, std::string>>;
std::optional<QueryPairs> query_of(std::string_view target);
// The trace id of a W3C traceparent, when it is a good one.
std::optional<std::string> trace_id_of(std::string_view traceparent);
std::string_view phrase_of(int status);
// Is this text UTF-8 without control characters?
bool is_clean_text(std::string_view text);

}  // namespace larder::relay
