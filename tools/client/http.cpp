#include "tools/client/http.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>

namespace larder::client {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

// The steps of one request; each starts the next. Lives on the stack of ask_http.
struct Exchange {
  explicit Exchange(asio::io_context& context) : resolver(context), socket(context) {}

  void resolve(const HttpRequest& request) {
    resolver.async_resolve(request.host, std::to_string(request.port),
                           [this](ErrorCode error, const tcp::resolver::results_type& places) {
                             if (error) return fail(error);
                             asio::async_connect(socket, places,
                                                 [this](ErrorCode refused, const tcp::endpoint&) {
                                                   if (refused) return fail(refused);
                                                   write();
                                                 });
                           });
  }
  void write() {
    http::async_write(socket, message, [this](ErrorCode error, std::size_t) {
      if (error) return fail(error);
      http::async_read(socket, buffer, answer, [this](ErrorCode broken, std::size_t) {
        if (broken) return fail(broken);
        done = true;
      });
    });
  }
  void fail(ErrorCode error) { failure = error; }

  tcp::resolver resolver;
  tcp::socket socket;
  http::request<http::string_body> message;
  http::response_parser<http::string_body> answer;
  boost::beast::flat_buffer buffer;
  ErrorCode failure;
  bool done = false;
};

}  // namespace

Result<HttpResponse> ask_http(const HttpRequest& request) {
  asio::io_context context{1};
  Exchange exchange(context);
  exchange.message.method_string(request.method);
  exchange.message.target(request.target);
  exchange.message.set(http::field::host, request.host + ":" + std::to_string(request.port));
  exchange.message.set(http::field::connection, "close");
  for (const auto& [name, value] : request.headers) exchange.message.set(name, value);
  exchange.message.body() = request.body;
  exchange.message.prepare_payload();
  exchange.answer.body_limit(64ULL * 1024 * 1024);
  exchange.resolve(request);
  context.run_for(request.within);
  if (exchange.done)
    return HttpResponse{exchange.answer.get().result_int(), exchange.answer.get().body()};
  const std::string where = request.host + ":" + std::to_string(request.port);
  if (exchange.failure)
    return refuse(Code::Unavailable,
                  "cannot reach the hub at " + where + ": " + exchange.failure.message());
  return refuse(Code::Unavailable, "the hub at " + where + " did not answer in time");
}

}  // namespace larder::client
