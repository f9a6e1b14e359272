// The two sides of a fan-out in a server's language. One object per connection; the loop's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "bench/load/speaker.hpp"

namespace larder::bench {

class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void greet(std::string& out) = 0;
  // Ready: it follows from here on. Accepted: it has had events; see seen().
  virtual Heard hear(Inbox& in, std::string& out) = 0;
  std::uint64_t seen() const { return seen_; }
  std::size_t last_bytes() const { return last_bytes_; }
  const std::string& complaint() const { return complaint_; }

 protected:
  std::uint64_t seen_ = 0;
  std::size_t last_bytes_ = 0;
  std::string complaint_;
};

class Caller {
 public:
  virtual ~Caller() = default;
  virtual void greet(std::string& out) = 0;
  virtual Heard hear(Inbox& in, std::string& out) = 0;
  // The call of this number, from 1; each makes one event.
  virtual void call(std::uint64_t number, std::string& out) = 0;
  const std::string& complaint() const { return complaint_; }

 protected:
  std::string complaint_;
};

std::unique_ptr<Watcher> watch_larder(const Introduction& who);
std::unique_ptr<Caller> call_larder(const Introduction& who);
std::unique_ptr<Watcher> watch_mqtt(const Introduction& who);
std::unique_ptr<Caller> call_mqtt(const Introduction& who, std::size_t payload_bytes);

}  // namespace larder::bench
