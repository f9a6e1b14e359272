// The relay's reservations over HTTP, one keep-alive connection each. A token line is
// "<token> <store>". "relay" reserves one order after the other; "relay-steps" goes through a whole
// life in turn: reserve and confirm, reserve and release.
#include <charconv>

#include "bench/load/speaker.hpp"

namespace larder::bench {

namespace {

constexpr std::string_view kLengthField = "Content-Length: ";
constexpr std::uint64_t kSteps = 4;

class RelaySpeaker final : public Speaker {
 public:
  RelaySpeaker(Introduction who, bool takes_steps)
      : who_(std::move(who)), takes_steps_(takes_steps) {
    const std::size_t blank = who_.token.find(' ');
    store_ = who_.token.substr(blank + 1);
    who_.token.resize(blank);
  }

  void greet(std::string& out) override { ask("GET", "/healthz", {}, out); }

  Heard hear(Inbox& in, std::string&) override {
    const std::string_view rest = in.rest();
    const std::size_t end = rest.find("\r\n\r\n");
    if (end == std::string_view::npos) return Heard::Nothing;
    const std::size_t field = rest.find(kLengthField);
    if (field > end) return broken(rest);
    std::size_t length = 0;
    std::from_chars(rest.data() + field + kLengthField.size(), rest.data() + end, length);
    if (rest.size() < end + 4 + length) return Heard::Nothing;
    const bool is_good = rest.starts_with("HTTP/1.1 200");
    const bool is_refused = rest.starts_with("HTTP/1.1 400");
    if (!is_good && !is_refused) return broken(rest);
    in.drop(end + 4 + length);
    if (!is_ready_) {
      is_ready_ = true;
      return Heard::Ready;
    }
    return is_good ? Heard::Accepted : Heard::Refused;
  }

  // `number` counts from 1, and a life begins with its reserve.
  void reserve(std::uint64_t number, std::string_view sku, std::string& out) override {
    const std::uint64_t step = takes_steps_ ? (number - 1) % kSteps : 0;
    const std::string order = command_id(who_, takes_steps_ ? (number - 1) / 2 : number);
    const std::string place = order + "&warehouseId=" + store_;
    if (step == 1) return ask("POST", "/inventory/reservations/confirm?orderNo=" + place, {}, out);
    if (step == 3) return ask("POST", "/inventory/reservations/release?orderNo=" + place, {}, out);
    std::string body = R"({"orderNo":")" + order + R"(","warehouseId":")" + store_;
    body += R"(","skuId":")";
    body += sku;
    body += R"(","qty":1})";
    ask("POST", "/inventory/reserve", body, out);
  }

 private:
  void ask(std::string_view method, const std::string& target, std::string_view body,
           std::string& out) const {
    out.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    out.append("Authorization: Bearer ").append(who_.token).append("\r\n");
    if (!body.empty()) out += "Content-Type: application/json\r\n";
    out.append(kLengthField).append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  }

  Introduction who_;
  bool takes_steps_;
  std::string store_;
  bool is_ready_ = false;
};

}  // namespace

std::unique_ptr<Speaker> speak_relay(const Introduction& who) {
  return std::make_unique<RelaySpeaker>(who, false);
}

std::unique_ptr<Speaker> speak_relay_steps(const Introduction& who) {
  return std::make_unique<RelaySpeaker>(who, true);
}

}  // namespace larder::bench
