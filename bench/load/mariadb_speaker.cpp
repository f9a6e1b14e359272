// MariaDB's client protocol: one prepared CALL of a procedure that takes and remembers in one
// transaction, so that a reserve costs one round trip here too.
#include "bench/load/speaker.hpp"

namespace larder::bench {

namespace {

constexpr std::uint32_t kProtocol41 = 0x200, kSecureConnection = 0x8000, kPluginAuth = 0x80000,
                        kConnectWithDatabase = 8, kMultiResults = 0x20000,
                        kPsMultiResults = 0x40000;
constexpr std::uint8_t kOk = 0x00, kError = 0xff, kEnd = 0xfe;
constexpr char kPrepare = 0x16, kExecute = 0x17;
constexpr char kVarString = static_cast<char>(0xfd);
constexpr unsigned kSignalled = 1644;  // the procedure's SIGNAL: not enough left

std::uint32_t little(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    number |= std::uint32_t{static_cast<std::uint8_t>(bytes[at + i])} << (8 * i);
  }
  return number;
}

void put_little(std::uint32_t number, std::size_t bytes, std::string& out) {
  for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>((number >> (8 * i)) & 0xff);
}

void put_packet(std::string_view body, char sequence, std::string& out) {
  put_little(static_cast<std::uint32_t>(body.size()), 3, out);
  out += sequence;
  out += body;
}

class MariadbSpeaker final : public Speaker {
 public:
  explicit MariadbSpeaker(Introduction who) : who_(std::move(who)) {}

  void greet(std::string&) override {}  // the server speaks first

  Heard hear(Inbox& in, std::string& out) override {
    const std::string_view rest = in.rest();
    if (rest.size() < 4) return Heard::Nothing;
    const std::size_t length = little(rest, 0, 3);
    if (rest.size() < length + 4) return Heard::Nothing;
    const Heard heard = hear_packet(rest.substr(4, length), out);
    in.drop(length + 4);
    return heard;
  }

  void reserve(std::uint64_t number, std::string_view sku, std::string& out) override {
    const std::string id = command_id(who_, number);
    body_ = kExecute;
    put_little(statement_, 4, body_);
    body_ += '\0';            // no cursor
    put_little(1, 4, body_);  // one iteration
    body_ += '\0';            // no nulls
    body_ += '\1';            // types follow
    for (int i = 0; i < 2; ++i) {
      body_ += kVarString;
      body_ += '\0';
    }
    for (const std::string_view value : {sku, std::string_view(id)}) {
      body_ += static_cast<char>(value.size());
      body_ += value;
    }
    put_packet(body_, 0, out);
  }

 private:
  enum class State { Greeting, LoggingIn, Preparing, Parameters, Talking };

  Heard hear_packet(std::string_view packet, std::string& out) {
    if (packet.empty()) return broken("an empty packet");
    const auto first = static_cast<std::uint8_t>(packet.front());
    if (first == kError) return hear_error(packet);
    switch (state_) {
      case State::Greeting:
        log_in(out);
        state_ = State::LoggingIn;
        return Heard::Skipped;
      case State::LoggingIn:
        if (first != kOk) return broken("the log-in was not taken");
        put_packet(std::string(1, kPrepare) + "CALL reserve(?, ?)", 0, out);
        state_ = State::Preparing;
        return Heard::Skipped;
      case State::Preparing:
        statement_ = little(packet, 1, 4);
        state_ = State::Parameters;
        return Heard::Skipped;
      case State::Parameters:  // two definitions, then their end
        if (first != kEnd) return Heard::Skipped;
        state_ = State::Talking;
        return Heard::Ready;
      case State::Talking:
        return first == kOk ? Heard::Accepted : broken("neither OK nor an error");
    }
    return broken("no such state");
  }

  Heard hear_error(std::string_view packet) {
    const bool by_rule = state_ == State::Talking && little(packet, 1, 2) == kSignalled;
    return by_rule ? Heard::Refused : broken(packet.substr(3));
  }

  void log_in(std::string& out) {
    std::string body;
    put_little(kProtocol41 | kSecureConnection | kPluginAuth | kConnectWithDatabase |
                   kMultiResults | kPsMultiResults,
               4, body);
    put_little(1U << 24, 4, body);
    body += static_cast<char>(45);  // utf8mb4
    body.append(23, '\0');
    body += std::string("bench") + '\0';
    body += '\0';  // no password
    body += std::string("bench") + '\0';
    body += std::string("mysql_native_password") + '\0';
    put_packet(body, 1, out);
  }

  Introduction who_;
  State state_ = State::Greeting;
  std::uint32_t statement_ = 0;
  std::string body_;
};

}  // namespace

std::unique_ptr<Speaker> speak_mariadb(const Introduction& who) {
  return std::make_unique<MariadbSpeaker>(who);
}

}  // namespace larder::bench
