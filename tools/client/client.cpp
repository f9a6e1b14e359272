#include "tools/client/client.hpp"

#include <future>

#include "tools/client/conversation.hpp"

namespace larder::client {
namespace {

// Holds a reply for a thread that waits; the waiter may have given up.
Reply wait_for(const std::shared_ptr<std::promise<Reply>>& promise,
               std::chrono::milliseconds within) {
  auto future = promise->get_future();
  if (future.wait_for(within) == std::future_status::ready) return future.get();
  Reply late;
  late.code = "unavailable";
  late.message = "no answer within " + std::to_string(within.count()) + " ms";
  return late;
}

}  // namespace

Client::Client(Network& network, ClientOptions options)
    : network_(network),
      conversation_(std::make_shared<Conversation>(network, std::move(options))) {}

Client::~Client() {
  network_.run_and_wait([this] {
    conversation_->on_link = nullptr;
    conversation_->on_ready = nullptr;
    conversation_->stop("unavailable", "closed");
  });
}

void Client::on_link(std::function<void(Link, const std::string&)> listener) {
  conversation_->on_link = std::move(listener);
}

void Client::start() {
  network_.run_soon([conversation = conversation_] { conversation->start(); });
}

void Client::stop() {
  network_.run_and_wait([this] { conversation_->stop("unavailable", "closed"); });
}

Result<Hello> Client::wait_ready(std::chrono::milliseconds within) {
  const auto promise = std::make_shared<std::promise<Result<Hello>>>();
  network_.run_soon([conversation = conversation_, promise] {
    if (conversation->link == Link::Live || conversation->link == Link::Stale)
      return promise->set_value(conversation->hello);
    if (conversation->link == Link::Stopped)
      return promise->set_value(Refused(conversation->stopped_because));
    conversation->on_ready = [promise](const Result<Hello>& outcome) {
      promise->set_value(outcome);
    };
  });
  auto future = promise->get_future();
  if (future.wait_for(within) == std::future_status::ready) return future.get();
  network_.run_and_wait([this] { conversation_->on_ready = nullptr; });
  return refuse(Code::Unavailable,
                "the hub did not answer within " + std::to_string(within.count()) + " ms");
}

void Client::command(std::string id, std::string_view verb, std::string_view args,
                     OnReply on_reply) {
  if (network_.is_this_thread())
    return conversation_->ask("command", std::move(id), verb, args, std::move(on_reply));
  network_.run_soon([conversation = conversation_, id = std::move(id), verb = std::string(verb),
                     args = std::string(args), on_reply = std::move(on_reply)] {
    conversation->ask("command", id, verb, args, on_reply);
  });
}

void Client::query(std::string_view verb, std::string_view args, OnReply on_reply) {
  if (network_.is_this_thread())
    return conversation_->ask("query", conversation_->next_id(), verb, args, std::move(on_reply));
  network_.run_soon([conversation = conversation_, verb = std::string(verb),
                     args = std::string(args), on_reply = std::move(on_reply)] {
    conversation->ask("query", conversation->next_id(), verb, args, on_reply);
  });
}

void Client::subscribe(std::string topic, Follower follower, std::optional<Place> since) {
  network_.run_soon([conversation = conversation_, topic = std::move(topic),
                     follower = std::move(follower),
                     since] { conversation->subscribe(topic, follower, since); });
}

void Client::seen(std::string topic, Place shown) {
  if (network_.is_this_thread()) return conversation_->seen(topic, shown);
  network_.run_soon([conversation = conversation_, topic = std::move(topic), shown] {
    conversation->seen(topic, shown);
  });
}

Reply Client::ask_command(std::string id, std::string_view verb, std::string_view args,
                          std::chrono::milliseconds within) {
  const auto promise = std::make_shared<std::promise<Reply>>();
  command(id, verb, args, [promise](const Reply& reply) { promise->set_value(reply); });
  Reply reply = wait_for(promise, within);
  if (reply.text.empty()) network_.run_soon([c = conversation_, id] { c->forget(id); });
  return reply;
}

Reply Client::ask(std::string_view verb, std::string_view args, std::chrono::milliseconds within) {
  const auto promise = std::make_shared<std::promise<Reply>>();
  query(verb, args, [promise](const Reply& reply) { promise->set_value(reply); });
  return wait_for(promise, within);
}

Counters Client::counters() const {
  Counters now;
  network_.run_and_wait([&] { now = conversation_->counters; });
  return now;
}

std::size_t Client::unanswered() const {
  std::size_t now = 0;
  network_.run_and_wait([&] { now = conversation_->unanswered(); });
  return now;
}

}  // namespace larder::client
