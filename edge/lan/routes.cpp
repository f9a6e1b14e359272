#include "edge/lan/routes.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/limits.hpp"
#include "edge/lan/upgrade_check.hpp"

namespace larder::edge {

namespace {

constexpr std::string_view kMenuPath = "/v1/menu";

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find_first_of("?#"));
}

Route answer(HttpReply reply) {
  Route route;
  route.reply = std::move(reply);
  return route;
}

Route refusal(int status, Code code, std::string message) {
  return answer(
      reply_of(HttpRefusal{.status = status, .code = code, .message = std::move(message)}));
}

Route wrong_method(std::string_view allowed) {
  Route route = refusal(405, Code::BadRequest, "this path takes " + std::string(allowed));
  route.reply.headers += "Allow: " + std::string(allowed) + "\r\n";
  return route;
}

bool reads(const HttpHead& head) { return head.method == "GET" || head.method == "HEAD"; }

bool is_command_id(std::string_view id) {
  const auto good = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("._:/-").find(c) != std::string_view::npos;
  };
  return !id.empty() && id.size() <= kIdBytesMax && std::all_of(id.begin(), id.end(), good);
}

Route menu_route(const HttpHead& head) {
  if (head.method != "POST") return wrong_method("POST");
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view authorization = head.field("Authorization");
  if (authorization.size() <= kScheme.size() ||
      !same_word(authorization.substr(0, kScheme.size()), kScheme)) {
    return refusal(401, Code::Unauthorized,
                   "an admin's token is needed: Authorization: Bearer ...");
  }
  const std::string_view id = head.field("Idempotency-Key");
  if (head.count("Idempotency-Key") != 1 || !is_command_id(id)) {
    return refusal(400, Code::BadRequest, "Idempotency-Key must be one id of 1 to 64 characters");
  }
  Route route;
  route.kind = Route::Kind::ImportMenu;
  route.bearer = authorization.substr(kScheme.size());
  route.command_id = id;
  return route;
}

Route file_route(const HttpHead& head, const WebFiles& files) {
  if (!reads(head)) return wrong_method("GET, HEAD");
  const std::optional<std::string> path = decoded_path(head.target);
  if (!path) return refusal(400, Code::BadRequest, "the address has a broken escape");
  if (const WebFile* file = files.find(*path)) {
    return answer(reply_of(*file, head.field("If-None-Match")));
  }
  if (*path == "/" && files.is_directory("/kiosk")) return answer(redirect_to("/kiosk/"));
  // From the target, not from the decoded path: that one could hold a line end. One slash only,
  // since "//host/" would lead elsewhere.
  const std::string_view sent = path_of(head.target);
  if (!sent.starts_with("//") && files.is_directory(*path)) {
    return answer(redirect_to(std::string(sent) + "/"));
  }
  return refusal(404, Code::NotFound, "nothing is served at this address");
}

}  // namespace

Route find_route(const HttpHead& head, Gate& gate, const WebFiles& files) {
  const std::string_view path = path_of(head.target);
  if (path == kWebSocketPath) {
    if (auto wrong = check_upgrade(head)) {
      Route route = answer(reply_of(*wrong));
      if (wrong->status == 405) route.reply.headers += "Allow: GET\r\n";
      return route;
    }
    Route route;
    route.kind = Route::Kind::Upgrade;
    return route;
  }
  if (path == kMenuPath) return menu_route(head);
  if (path == "/healthz" || path == "/metrics") {
    if (!reads(head)) return wrong_method("GET, HEAD");
    return answer(reply_of(path == "/healthz" ? gate.health() : gate.metrics()));
  }
  return file_route(head, files);
}

std::optional<HttpRefusal> check_body(const HttpHead& head) {
  const bool menu = path_of(head.target) == kMenuPath;
  const std::size_t most = menu ? kMenuBytesMax : kHttpBodyBytesMax;
  if (head.content_length <= most) return std::nullopt;
  return HttpRefusal{.status = 413,
                     .code = Code::TooLarge,
                     .message = "a body here is at most " + std::to_string(most) + " bytes"};
}

}  // namespace larder::edge
