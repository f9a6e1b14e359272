// What goes back over HTTP: status, headers and shared bytes. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "edge/app/gate.hpp"
#include "edge/lan/http_head.hpp"
#include "platform/web/web_files.hpp"

namespace larder::edge {

struct HttpReply {
  int status = 200;
  std::string content_type;
  std::string headers;  // further lines, each with its CR LF
  Bytes body;           // null: none
};

HttpReply reply_of(HttpAnswer answer);
HttpReply reply_of(const HttpRefusal& refusal);
// 200, or 304 when the client's If-None-Match names what we hold.
HttpReply reply_of(const WebFile& file, std::string_view if_none_match);
HttpReply redirect_to(std::string_view path);

// Status line and headers, with the empty line. The length of the body is told to a HEAD too.
std::string head_of(const HttpReply& reply, bool keep_alive);

}  // namespace larder::edge
