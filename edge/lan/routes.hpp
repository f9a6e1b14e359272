// Where an HTTP request goes. No sockets: an answer, or what is still needed for one.
#pragma once

#include <cstddef>
#include <string>

#include "edge/app/gate.hpp"
#include "edge/lan/http_answer.hpp"
#include "edge/lan/http_head.hpp"
#include "platform/web/web_files.hpp"

namespace larder::edge {

struct Route {
  enum class Kind {
    Answer,      // `reply`, after the body (at most `body_bytes_max`) was read and dropped
    ImportMenu,  // body to Gate::import_menu with `bearer` and `command_id`
    Upgrade      // to a WebSocket
  };
  Kind kind = Kind::Answer;
  HttpReply reply;
  std::string bearer;
  std::string command_id;
};

// Refusals are routes too. Host and Origin have been checked.
Route find_route(const HttpHead& head, Gate& gate, const WebFiles& files);

// Refuses a body that is too long before a byte of it is read; nullopt when it may come.
std::optional<HttpRefusal> check_body(const HttpHead& head);

}  // namespace larder::edge
