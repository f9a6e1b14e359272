// What a hub says to a client, line by line; "!4403" is a close, "~" lets time pass. Whatever
// comes: a request has one answer, a follower sees a topic's events in order and without a gap, and
// all that the client says is what a hub can read.
#include <cstdlib>
#include <map>
#include <memory>

#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/scripted_wire.hpp"
#include "tools/client/client.hpp"

namespace larder::fuzz {
namespace {

using client::Client;
using client::ClientOptions;
using client::Follower;
using client::Network;
using client::Reply;
using client::TopicEvent;
using client::TopicSnapshot;

// What one follower has seen of its topic since the last snapshot.
struct Seen {
  bool has_snapshot = false;
  Seq last = 0;
};

Follower watch(Seen& seen) {
  Follower follower;
  follower.on_snapshot = [&seen](const TopicSnapshot& snapshot) {
    require(!snapshot.topic.empty(), "a snapshot has a topic");
    seen.has_snapshot = true;
    seen.last = 0;
  };
  follower.on_event = [&seen](const TopicEvent& event) {
    require(seen.has_snapshot, "no event before a snapshot");
    require(event.seq > seen.last, "events come in order, each once");
    seen.last = event.seq;
  };
  return follower;
}

void take_line(std::string_view line) {
  if (line == "~") return time_passes();
  if (line.starts_with('!')) {
    const std::string code(line.substr(1, 5));
    return hub_hangs_up(static_cast<std::uint16_t>(std::strtoul(code.c_str(), nullptr, 10)));
  }
  hub_says(line);
}

void require_readable_by_a_hub() {
  for (const std::string& text : wire_script().sent) {
    const Result<ClientMessage> message = read_client_message(text);
    require(message.has_value(), "a hub can read what the client says");
  }
}

void play(std::string_view script) {
  wire_script() = WireScript{};
  Network network;
  std::map<std::string, Seen> seen;
  std::map<std::string, int> answers;
  std::size_t asked = 0;
  {
    ClientOptions options;
    options.token = "token";
    Client hub(network, options);
    hub.subscribe("menu", watch(seen["menu"]));
    hub.subscribe("orders", watch(seen["orders"]));
    hub.start();
    for (const char* id : {"c1", "c2"}) {
      ++asked;
      hub.command(id, "order.accept", R"({"order":"1"})", [&answers, id](const Reply& reply) {
        ++answers[id];
        require(reply.ok || !reply.text.empty() || !reply.code.empty(), "an answer");
      });
    }
    while (!script.empty()) {
      const std::size_t end = std::min(script.find('\n'), script.size());
      take_line(script.substr(0, end));
      script.remove_prefix(std::min(end + 1, script.size()));
    }
    require(hub.unanswered() + answers.size() == asked, "a request is open or answered");
  }
  for (const auto& [id, times] : answers) require(times == 1, "a request has one answer");
  require(answers.size() == asked, "a client that goes has answered everything");
  require_readable_by_a_hub();
  wire_script() = WireScript{};
}

}  // namespace
}  // namespace larder::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  larder::fuzz::play(larder::fuzz::text_of(bytes, size));
  return 0;
}
