// PostgreSQL's protocol 3.0: one prepared statement that takes and remembers in one round trip and
// one transaction, the quickest way there is to say it.
#include <array>

#include "bench/load/speaker.hpp"

namespace larder::bench {

namespace {

constexpr std::string_view kReserve =
    "WITH taken AS (UPDATE stock SET available = available - 1 WHERE sku = $1 AND available >= 1 "
    "RETURNING sku) INSERT INTO hold (id, sku, quantity) SELECT $2, sku, 1 FROM taken";

void put_number(std::uint32_t number, std::size_t bytes, std::string& out) {
  for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>((number >> (8 * i)) & 0xff);
}

void put_message(char type, std::string_view body, std::string& out) {
  if (type != '\0') out += type;
  put_number(static_cast<std::uint32_t>(body.size() + 4), 4, out);
  out += body;
}

std::string text_of(std::string_view text) { return std::string(text) + '\0'; }

class PostgresSpeaker final : public Speaker {
 public:
  explicit PostgresSpeaker(Introduction who) : who_(std::move(who)) {}

  void greet(std::string& out) override {
    std::string body;
    put_number(3U << 16, 4, body);
    for (const char* word : {"user", "bench", "database", "bench"}) body += text_of(word);
    body += '\0';
    put_message('\0', body, out);
  }

  Heard hear(Inbox& in, std::string& out) override {
    const std::string_view rest = in.rest();
    if (rest.size() < 5) return Heard::Nothing;
    std::size_t length = 0;
    for (std::size_t i = 1; i < 5; ++i) length = (length << 8) | static_cast<std::uint8_t>(rest[i]);
    if (rest.size() < length + 1) return Heard::Nothing;
    const Heard heard = hear_message(rest.front(), rest.substr(5, length - 4), out);
    in.drop(length + 1);
    return heard;
  }

  void reserve(std::uint64_t number, std::string_view sku, std::string& out) override {
    const std::string id = command_id(who_, number);
    body_ = text_of("") + text_of("r");
    put_number(0, 2, body_);  // parameters as text
    put_number(2, 2, body_);
    for (const std::string_view value : {sku, std::string_view(id)}) {
      put_number(static_cast<std::uint32_t>(value.size()), 4, body_);
      body_ += value;
    }
    put_number(0, 2, body_);
    put_message('B', body_, out);
    body_ = text_of("");
    put_number(0, 4, body_);
    put_message('E', body_, out);
    put_message('S', "", out);
    answer_ = Heard::Refused;
  }

 private:
  Heard hear_message(char type, std::string_view body, std::string& out) {
    switch (type) {
      case 'E':
        return broken(body);
      case 'C':
        if (body.starts_with("INSERT 0 1")) answer_ = Heard::Accepted;
        return Heard::Skipped;
      case 'Z':
        return hear_ready(out);
      default:
        return Heard::Skipped;
    }
  }

  // First after the log-in, then after the preparation, then after each command.
  Heard hear_ready(std::string& out) {
    if (is_prepared_) return answer_;
    if (is_logged_in_) {
      is_prepared_ = true;
      return Heard::Ready;
    }
    is_logged_in_ = true;
    std::string body = text_of("r") + text_of(kReserve);
    put_number(0, 2, body);
    put_message('P', body, out);
    put_message('S', "", out);
    return Heard::Skipped;
  }

  Introduction who_;
  bool is_logged_in_ = false;
  bool is_prepared_ = false;
  Heard answer_ = Heard::Refused;
  std::string body_;
};

}  // namespace

std::unique_ptr<Speaker> speak_postgres(const Introduction& who) {
  return std::make_unique<PostgresSpeaker>(who);
}

}  // namespace larder::bench
