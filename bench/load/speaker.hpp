// Speaker: the client's side of one connection in one server's language, as far as a bench needs
// it. The loop (crowd.cpp) moves the bytes and is the same for every server, so that no peer is
// slowed by its client. Life: one per connection. Thread: the loop's. Limits: one command under
// way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace larder::bench {

// What has come in and was not read yet.
class Inbox {
 public:
  std::string_view rest() const { return std::string_view(bytes_).substr(from_); }
  void drop(std::size_t count) { from_ += count; }
  void add(std::string_view bytes) {
    if (from_ == bytes_.size()) {
      bytes_.clear();
      from_ = 0;
    }
    bytes_.append(bytes);
  }

 private:
  std::string bytes_;
  std::size_t from_ = 0;
};

enum class Heard {
  Nothing,   // a whole message is not there yet
  Skipped,   // something that asks for nothing; there may be more
  Ready,     // the greeting is over: commands may be sent
  Accepted,  // the answer to the command under way
  Refused,   // as above: the rules of the server said no
  Broken     // the server spoke otherwise than expected: see complaint()
};

class Speaker {
 public:
  virtual ~Speaker() = default;
  virtual void greet(std::string& out) = 0;
  // Reads at most one message; may say something in turn.
  virtual Heard hear(Inbox& in, std::string& out) = 0;
  // Reserves one unit of `sku` under a new id made of `number`.
  virtual void reserve(std::uint64_t number, std::string_view sku, std::string& out) = 0;
  const std::string& complaint() const { return complaint_; }

 protected:
  Heard broken(std::string_view what) {
    complaint_ = what.substr(0, 300);
    return Heard::Broken;
  }

 private:
  std::string complaint_;
};

struct Introduction {
  std::string token;   // larder: the device's; relay: an account's, a blank, the store
  std::string run;     // a word that makes this run's ids new
  std::size_t number;  // of the connection
};
using MakeSpeaker = std::function<std::unique_ptr<Speaker>(const Introduction&)>;

std::unique_ptr<Speaker> speak_larder(const Introduction& who);
std::unique_ptr<Speaker> speak_redis(const Introduction& who);
std::unique_ptr<Speaker> speak_postgres(const Introduction& who);
std::unique_ptr<Speaker> speak_mariadb(const Introduction& who);
std::unique_ptr<Speaker> speak_relay(const Introduction& who);
std::unique_ptr<Speaker> speak_relay_steps(const Introduction& who);
// Null: no such server.
MakeSpeaker speaker_of(std::string_view server);

// "<run>-<connection>-<number>": the id of a command, and of its hold where the client names it.
std::string command_id(const Introduction& who, std::uint64_t number);

}  // namespace larder::bench
