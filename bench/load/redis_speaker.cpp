// RESP2: the reserve script is loaded once and called by its SHA-1, as one does.
#include "bench/load/speaker.hpp"

namespace larder::bench {

namespace {

// The same id again changes nothing; what is not there is not taken; the hold is remembered.
constexpr std::string_view kScript =
    "if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end "
    "local left = tonumber(redis.call('GET', KEYS[1]) or '0') "
    "local wanted = tonumber(ARGV[1]) "
    "if left < wanted then return -1 end "
    "redis.call('DECRBY', KEYS[1], wanted) "
    "redis.call('SET', KEYS[2], ARGV[1]) "
    "return left - wanted";

void put_word(std::string_view word, std::string& out) {
  out += '$';
  out += std::to_string(word.size());
  out += "\r\n";
  out += word;
  out += "\r\n";
}

class RedisSpeaker final : public Speaker {
 public:
  explicit RedisSpeaker(Introduction who) : who_(std::move(who)) {}

  void greet(std::string& out) override {
    out += "*3\r\n";
    put_word("SCRIPT", out);
    put_word("LOAD", out);
    put_word(kScript, out);
  }

  Heard hear(Inbox& in, std::string&) override {
    const std::string_view rest = in.rest();
    const std::size_t end = rest.find("\r\n");
    if (end == std::string_view::npos) return Heard::Nothing;
    if (rest.front() == '$') return hear_digest(in, end);
    if (rest.front() != ':') return broken(rest);
    const bool refused = rest[1] == '-';
    in.drop(end + 2);
    return refused ? Heard::Refused : Heard::Accepted;
  }

  void reserve(std::uint64_t number, std::string_view sku, std::string& out) override {
    out += "*6\r\n";
    put_word("EVALSHA", out);
    put_word(digest_, out);
    put_word("2", out);
    word_ = "stock:";
    word_ += sku;
    put_word(word_, out);
    word_ = "hold:" + command_id(who_, number);
    put_word(word_, out);
    put_word("1", out);
  }

 private:
  Heard hear_digest(Inbox& in, std::size_t end) {
    constexpr std::size_t kHexBytes = 40;
    if (in.rest().size() < end + 2 + kHexBytes + 2) return Heard::Nothing;
    digest_ = in.rest().substr(end + 2, kHexBytes);
    in.drop(end + 2 + kHexBytes + 2);
    return Heard::Ready;
  }

  Introduction who_;
  std::string digest_;
  std::string word_;
};

}  // namespace

std::unique_ptr<Speaker> speak_redis(const Introduction& who) {
  return std::make_unique<RedisSpeaker>(who);
}

}  // namespace larder::bench
