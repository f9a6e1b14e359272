// The head of an HTTP/1.1 request, read by hand and strictly: what two readers could understand
// differently is refused (request smuggling). Pure functions; views point into the given bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/code.hpp"

namespace larder::edge {

struct HttpField {
  std::string_view name;
  std::string_view value;  // without the blanks around it
};

struct HttpHead {
  std::string_view method;
  std::string_view target;  // as sent, begins with '/'
  std::string_view host;
  std::vector<HttpField> fields;
  std::size_t bytes = 0;  // of the head, with the empty line that ends it
  std::uint64_t content_length = 0;
  bool keep_alive = true;
  bool expects_continue = false;
  bool wants_upgrade = false;

  // The value of the first field of that name, whatever its case; empty when there is none.
  std::string_view field(std::string_view name) const;
  std::size_t count(std::string_view name) const;
};

struct HttpRefusal {
  int status = 400;
  Code code = Code::BadRequest;
  std::string message;
};

struct HeadCheck {
  enum class State {
    NeedMore,  // a good beginning
    Whole,     // `head` is filled
    Refused,   // `refusal` says why; the connection must be closed
    NotHttp,   // these bytes are no HTTP at all (TLS, noise): no answer would be understood
  };
  State state = State::NeedMore;
  HttpHead head;
  HttpRefusal refusal;
};

// `bytes` is all that arrived since the last request. Limits: kHttpHeadBytesMax,
// kHttpTargetBytesMax, kHttpHeadersMax.
HeadCheck check_head(std::string_view bytes);

// Case-insensitive, ASCII only.
bool same_word(std::string_view a, std::string_view b);
// Is `word` in a comma-separated list such as that of Connection?
bool list_has(std::string_view list, std::string_view word);

}  // namespace larder::edge
