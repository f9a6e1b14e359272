// The head of an HTTP request and the upgrade: the verdict does not hang on how the bytes were cut,
// nothing points outside of them, and Beast reads what we let through as we do.
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "core/base/limits.hpp"
#include "edge/lan/upgrade_check.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace larder::edge {
namespace {

using fuzz::require;
namespace http = boost::beast::http;

bool is_inside(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void require_refusal(const std::optional<HttpRefusal>& refusal) {
  if (!refusal) return;
  const int status = refusal->status;
  require(status == 400 || status == 403 || status == 405 || status == 414 || status == 421 ||
              status == 426 || status == 431,
          "a refusal has a status of PROTOCOL.md section 9");
  fuzz::require_tellable(Error(refusal->code, refusal->message));
}

// It may be stricter with headers that neither of us acts on; it may not read something else.
void ask_beast(std::string_view bytes, const HttpHead& head) {
  http::request_parser<http::string_body> parser;
  boost::system::error_code failed;
  parser.put(boost::asio::buffer(bytes.data(), head.bytes), failed);
  if (failed == http::error::need_more) failed = {};
  if (failed) return;
  require(parser.is_header_done(), "Beast takes the same head as whole");
  const auto& request = parser.get();
  require(request.method_string() == head.method, "Beast reads the same method");
  require(request.target() == head.target, "Beast reads the same target");
  require(request[http::field::host] == head.host, "Beast reads the same host");
  require(parser.content_length().value_or(0) == head.content_length, "and the same length");
  require(!parser.chunked(), "nothing chunked is let through");
}

void try_whole(std::string_view bytes, const HttpHead& head) {
  require(head.bytes <= bytes.size() && head.bytes <= kHttpHeadBytesMax, "a head is in its bytes");
  require(head.fields.size() <= kHttpHeadersMax, "a head has no more fields than the limit");
  require(
      is_inside(head.method, bytes) && is_inside(head.target, bytes) && is_inside(head.host, bytes),
      "nothing points outside of the bytes");
  require(head.target.size() <= kHttpTargetBytesMax && head.target.front() == '/', "a path");
  require(head.count("Transfer-Encoding") == 0 && head.count("Content-Length") <= 1, "one length");
  const std::string name = "shop.example";
  require_refusal(check_host(head.host, std::span(&name, 1)));
  require_refusal(check_origin(head));
  const std::optional<HttpRefusal> refusal = check_upgrade(head);
  require_refusal(refusal);
  if (!refusal) {
    require(head.method == "GET" && head.field("Sec-WebSocket-Version") == "13" &&
                head.content_length == 0,
            "an upgrade is one");
  }
  ask_beast(bytes, head);
}

// The same bytes one packet at a time: as long as more is needed nothing was refused for good.
void try_cut(std::string_view bytes, std::size_t cut, const HeadCheck& check) {
  const HeadCheck before = check_head(bytes.substr(0, cut));
  using State = HeadCheck::State;
  if (check.state == State::Whole) {
    require(before.state == (cut < check.head.bytes ? State::NeedMore : State::Whole),
            "every beginning of a good head needs more, and nothing after it counts");
  } else if (before.state == State::Whole) {
    require(false, "a head that was whole stays whole");
  } else if (before.state == State::NotHttp) {
    require(check.state == State::NotHttp, "what is no HTTP does not become some");
  }
}

}  // namespace
}  // namespace larder::edge

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace larder::edge;
  if (size == 0) return -1;
  // A copy of exactly this size, so that a look beyond its end is seen.
  const std::string text(larder::fuzz::text_of(bytes + 1, size - 1));
  const HeadCheck check = check_head(text);
  if (check.state == HeadCheck::State::Refused) require_refusal(check.refusal);
  if (check.state == HeadCheck::State::Whole) try_whole(text, check.head);
  try_cut(text, text.size() * bytes[0] / 256, check);
  return 0;
}
