#include "relay/api/api.hpp"

#include <utility>

#include "platform/web/web_files.hpp"
#include "relay/api/envelope.hpp"
#include "relay/api/gatekeeper.hpp"
#include "relay/api/router.hpp"
#include "relay/api/server.hpp"
#include "relay/api/store_index.hpp"
#include "relay/api/storefront.hpp"

namespace larder::relay {

namespace {

constexpr std::string_view kPages = "/hq/";
constexpr std::string_view kGuestPages = "/order/";
constexpr std::string_view kMedia = "/media/";  // the dishes
constexpr std::string_view kPagePolicy =
    "default-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

bool is_json(std::string_view content_type) {
  const std::string_view kind = content_type.substr(0, content_type.find(';'));
  const std::string_view word = kind.substr(0, kind.find_last_not_of(' ') + 1);
  constexpr std::string_view kJson = "application/json";
  if (word.size() != kJson.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c =
        word[i] >= 'A' && word[i] <= 'Z' ? static_cast<char>(word[i] - 'A' + 'a') : word[i];
    if (c != kJson[i]) return false;
  }
  return true;
}

Welcome refused(HttpReply reply, std::string_view route) {
  reply.route = std::string(route);
  return {.refusal = std::move(reply), .body_bytes_max = 0, .serve = {}, .asks_hub = false};
}

HttpReply page_of(const WebFile& file, const HttpRequest& request) {
  HttpReply reply;
  reply.content_type = file.content_type;
  reply.fields = {
      {"ETag", file.etag},
      {"Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache"},
      {"Content-Security-Policy", std::string(kPagePolicy)},
      {"Referrer-Policy", "no-referrer"}};
  if (request.field("if-none-match") == file.etag) {
    reply.status = 304;
  } else {
    reply.body = file.bytes;
  }
  return reply;
}

HttpReply redirect_to(std::string_view path) {
  HttpReply reply;
  reply.status = 302;
  reply.fields = {{"Location", std::string(path)}, {"Cache-Control", "no-cache"}};
  return reply;
}

}  // namespace

class Api::Parts final : public Site {
 public:
  Parts(Loop& loop, ApiConfig config, Desk& desk, Clock& clock, Telemetry& telemetry)
      : config_(std::move(config)),
        gate_(loop, clock, config_.data_dir, config_.secure_cookie),
        storefront_(desk, clock),
        rooms_{.desk = desk,
               .gate = gate_,
               .clock = clock,
               .index = index_,
               .storefront = config_.storefront ? &storefront_ : nullptr},
        telemetry_(telemetry),
        server_(loop, config_.limits, *this) {}

  Result<void> start() {
    if (auto opened = gate_.open(); !opened) return opened;
    auto files = WebFiles::load(config_.web_root);
    if (!files) return pass_on(files);
    files_ = std::move(*files);
    return server_.start(config_.address, config_.port);
  }
  HttpServer& server() { return server_; }

  Welcome look(const HttpRequest& head) override;
  HttpReply refusal(int status, std::string_view trace_id, std::string_view sentence) override {
    return http_failure(status, sentence, trace_id);
  }
  void answered(const HttpReply& reply, std::int64_t micros) override {
    telemetry_.request(reply.route, reply.code, Duration{micros});
  }

 private:
  // Guests' routes are nowhere while there is no storefront.
  bool is_closed(std::string_view pattern) const {
    return !config_.storefront && pattern.starts_with(kStorefrontRoutes);
  }
  Welcome look_at_page(const HttpRequest& head, const RouteMatch& match);
  Welcome look_at_route(const HttpRequest& head, RouteMatch match);
  std::optional<HttpReply> wrong_query(const HttpRequest& head, const Route& route,
                                       QueryPairs& query) const;

  ApiConfig config_;
  Gatekeeper gate_;
  StoreIndex index_;
  Storefront storefront_;
  Rooms rooms_;
  Telemetry& telemetry_;
  WebFiles files_;
  HttpServer server_;
};

Welcome Api::Parts::look(const HttpRequest& head) {
  RouteMatch match = find_route(head.method, head.path());
  if (match.route != nullptr && !is_closed(match.route->pattern)) {
    return look_at_route(head, std::move(match));
  }
  return look_at_page(head, match);
}

Welcome Api::Parts::look_at_page(const HttpRequest& head, const RouteMatch& match) {
  const bool reads = head.method == "GET" || head.method == "HEAD";
  const auto path = decoded_path(head.target);
  const bool is_page =
      path &&
      (path->starts_with(kPages) ||
       (config_.storefront && (path->starts_with(kGuestPages) || path->starts_with(kMedia))));
  const WebFile* file = is_page ? files_.find(*path) : nullptr;
  const bool is_front = head.path() == "/" || head.path() == "/hq";
  std::string allowed = match.allowed;
  if (file != nullptr || is_front) {
    if (reads && is_front) return refused(redirect_to(kPages), "page");
    if (reads) return refused(page_of(*file, head), "page");
    allowed = "GET, HEAD";
  }
  if (allowed.empty()) {
    return refused(http_failure(404, "nothing is served at this address", head.trace_id), "none");
  }
  HttpReply reply = http_failure(405, "this address takes " + allowed, head.trace_id);
  reply.fields.emplace_back("Allow", allowed);
  return refused(std::move(reply), "none");
}

std::optional<HttpReply> Api::Parts::wrong_query(const HttpRequest& head, const Route& route,
                                                 QueryPairs& query) const {
  auto pairs = query_of(head.target);
  if (!pairs) {
    return failure({Code::BadRequest, "the query has a broken escape, or a name comes twice"},
                   head.trace_id);
  }
  for (const auto& [name, value] : *pairs) {
    if (route.knows_query(name)) continue;
    return failure(wrong_field(is_clean_text(name) ? name : "a parameter", "is not known here"),
                   head.trace_id);
  }
  query = std::move(*pairs);
  return std::nullopt;
}

Welcome Api::Parts::look_at_route(const HttpRequest& head, RouteMatch match) {
  const Route& route = *match.route;
  Caller caller;
  if (route.right != Right::Anybody) {
    auto admitted = gate_.admit(head, route.right);
    if (!admitted) {
      const auto& refusal = admitted.error();
      HttpReply reply = http_failure(refusal.status, refusal.sentence, head.trace_id);
      if (refusal.status == 401) reply.fields.emplace_back("WWW-Authenticate", "Bearer");
      return refused(std::move(reply), route.pattern);
    }
    caller = std::move(*admitted);
  }
  if (route.body != BodyKind::None && !is_json(head.field("content-type"))) {
    return refused(http_failure(415, "the body must be application/json", head.trace_id),
                   route.pattern);
  }
  QueryPairs query;
  if (auto wrong = wrong_query(head, route, query))
    return refused(std::move(*wrong), route.pattern);
  auto serve = [this, &route, caller, params = std::move(match.params), query](
                   HttpRequest request, const Respond& respond) {
    const std::string name(route.pattern);
    const auto named = [respond, name](HttpReply reply) {
      reply.route = name;
      respond(std::move(reply));
    };
    route.serve(std::make_shared<const Call>(Call{.rooms = rooms_,
                                                  .request = std::move(request),
                                                  .caller = caller,
                                                  .params = params,
                                                  .query = query,
                                                  .respond = named}));
  };
  return {.refusal = std::nullopt,
          .body_bytes_max = route.body_bytes_max(),
          .serve = std::move(serve),
          .asks_hub = route.asks_hub};
}

Api::Api(Loop& loop, ApiConfig config, Desk& desk, Clock& clock, Telemetry& telemetry)
    : parts_(std::make_unique<Parts>(loop, std::move(config), desk, clock, telemetry)) {}
Api::~Api() = default;

Result<void> Api::start() { return parts_->start(); }
std::uint16_t Api::port() const { return parts_->server().port(); }
void Api::stop(std::function<void()> stopped) { parts_->server().stop(std::move(stopped)); }

}  // namespace larder::relay
