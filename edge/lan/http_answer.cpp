#include "edge/lan/http_answer.hpp"

#include <memory>
#include <utility>

namespace larder::edge {

namespace {

std::string_view phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Answer";
  }
}

// For JSON strings; our own sentences hold nothing else that needs it.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// A page may load what this hub serves, speak to it, and nothing else. `ws:` is there because some
// browsers do not count ws://host as 'self'.
constexpr std::string_view kPagePolicy =
    "Content-Security-Policy: default-src 'self'; connect-src 'self' ws:; img-src 'self' data:; "
    "style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; "
    "object-src 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n";

}  // namespace

HttpReply reply_of(HttpAnswer answer) {
  return HttpReply{.status = answer.status,
                   .content_type = std::move(answer.content_type),
                   .headers = "Cache-Control: no-store\r\n",
                   .body = std::move(answer.body)};
}

HttpReply reply_of(const HttpRefusal& refusal) {
  HttpReply reply;
  reply.status = refusal.status;
  reply.content_type = "application/json";
  reply.headers = "Cache-Control: no-store\r\n";
  if (refusal.status == 426) {
    reply.headers += "Sec-WebSocket-Version: 13\r\nUpgrade: websocket\r\n";
  }
  if (refusal.status == 401) reply.headers += "WWW-Authenticate: Bearer\r\n";
  reply.body =
      std::make_shared<const std::string>("{\"code\":\"" + std::string(code_name(refusal.code)) +
                                          "\",\"message\":\"" + escaped(refusal.message) + "\"}\n");
  return reply;
}

HttpReply reply_of(const WebFile& file, std::string_view if_none_match) {
  HttpReply reply;
  reply.content_type = file.content_type;
  reply.headers = "ETag: " + file.etag + "\r\n";
  reply.headers += file.immutable ? "Cache-Control: public, max-age=31536000, immutable\r\n"
                                  : "Cache-Control: no-cache\r\n";
  reply.headers += kPagePolicy;
  const bool known = list_has(if_none_match, file.etag) || if_none_match == "*" ||
                     list_has(if_none_match, "W/" + file.etag);
  if (known) {
    reply.status = 304;
  } else {
    reply.body = file.bytes;
  }
  return reply;
}

HttpReply redirect_to(std::string_view path) {
  HttpReply reply;
  reply.status = 302;
  reply.headers = "Location: " + std::string(path) + "\r\nCache-Control: no-cache\r\n";
  return reply;
}

std::string head_of(const HttpReply& reply, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + ' ';
  head += phrase(reply.status);
  head += "\r\nServer: larder\r\nX-Content-Type-Options: nosniff\r\n";
  if (!reply.content_type.empty()) head += "Content-Type: " + reply.content_type + "\r\n";
  // A 304 speaks of the body that was not sent, so it must not say that it is empty.
  if (reply.status != 304) {
    head += "Content-Length: " + std::to_string(reply.body ? reply.body->size() : 0) + "\r\n";
  }
  head += reply.headers;
  if (reply.status == 426) {
    head += "Connection: upgrade, close\r\n";
  } else {
    head += keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
  }
  head += "\r\n";
  return head;
}

}  // namespace larder::edge
