// MQTT 3.1.1, QoS 0: a subscriber and a publisher.
#include <optional>

#include "bench/load/audience.hpp"

namespace larder::bench {

namespace {

constexpr std::uint8_t kConnected = 2, kPublish = 3, kSubscribed = 9;
constexpr std::string_view kTopic = "larder/bench/stock";

void put_text(std::string_view text, std::string& out) {
  out += static_cast<char>(text.size() >> 8);
  out += static_cast<char>(text.size() & 0xff);
  out += text;
}

void put_packet(std::uint8_t head, std::string_view body, std::string& out) {
  out += static_cast<char>(head);
  std::size_t left = body.size();
  do {
    const auto low = static_cast<std::uint8_t>(left & 0x7f);
    left >>= 7;
    out += static_cast<char>(left > 0 ? low | 0x80 : low);
  } while (left > 0);
  out += body;
}

void put_connect(const std::string& id, std::string& out) {
  std::string body;
  put_text("MQTT", body);
  body += '\4';  // 3.1.1
  body += '\2';  // a clean session
  body.append(2, '\0');
  put_text(id, body);
  put_packet(0x10, body, out);
}

struct Packet {
  std::uint8_t type = 0;
  std::size_t bytes = 0;  // of the whole
};

std::optional<Packet> front_packet(const Inbox& in) {
  const std::string_view all = in.rest();
  std::size_t length = 0;
  for (std::size_t i = 1; i < all.size() && i < 5; ++i) {
    const auto byte = static_cast<std::uint8_t>(all[i]);
    length |= static_cast<std::size_t>(byte & 0x7f) << (7 * (i - 1));
    if ((byte & 0x80) != 0) continue;
    if (all.size() < 1 + i + length) return std::nullopt;
    return Packet{static_cast<std::uint8_t>(static_cast<std::uint8_t>(all[0]) >> 4),
                  1 + i + length};
  }
  return std::nullopt;
}

class Subscriber final : public Watcher {
 public:
  explicit Subscriber(const Introduction& who) : id_(who.run + "-" + std::to_string(who.number)) {}

  void greet(std::string& out) override { put_connect(id_, out); }

  Heard hear(Inbox& in, std::string& out) override {
    const auto packet = front_packet(in);
    if (!packet) return Heard::Nothing;
    in.drop(packet->bytes);
    if (packet->type == kConnected) {
      std::string body(1, '\0');
      body += '\1';  // the packet's number
      put_text(kTopic, body);
      body += '\0';  // QoS 0
      put_packet(0x82, body, out);
    }
    if (packet->type == kSubscribed) return Heard::Ready;
    if (packet->type != kPublish) return Heard::Skipped;
    ++seen_;
    last_bytes_ = packet->bytes;
    return Heard::Accepted;
  }

 private:
  std::string id_;
};

class Publisher final : public Caller {
 public:
  Publisher(const Introduction& who, std::size_t payload_bytes)
      : id_(who.run + "-caller"), payload_(payload_bytes, 'x') {}

  void greet(std::string& out) override { put_connect(id_, out); }

  Heard hear(Inbox& in, std::string&) override {
    const auto packet = front_packet(in);
    if (!packet) return Heard::Nothing;
    in.drop(packet->bytes);
    return packet->type == kConnected ? Heard::Ready : Heard::Skipped;
  }

  void call(std::uint64_t, std::string& out) override {
    std::string body;
    put_text(kTopic, body);
    body += payload_;
    put_packet(0x30, body, out);
  }

 private:
  std::string id_;
  std::string payload_;
};

}  // namespace

std::unique_ptr<Watcher> watch_mqtt(const Introduction& who) {
  return std::make_unique<Subscriber>(who);
}
std::unique_ptr<Caller> call_mqtt(const Introduction& who, std::size_t payload_bytes) {
  return std::make_unique<Publisher>(who, payload_bytes);
}

}  // namespace larder::bench
