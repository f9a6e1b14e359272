// Result<T>: a value, or an Error that says what and why in words a person can act on.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "core/base/code.hpp"

namespace larder {

class [[nodiscard]] Error {
 public:
  Error(Code code, std::string message) : code_(code), message_(std::move(message)) {}
  Code code() const { return code_; }
  // One sentence, no full stop needed, that names the thing and what to do.
  const std::string& message() const { return message_; }
  bool operator==(const Error&) const = default;

 private:
  Code code_;
  std::string message_;
};

template <typename T>
using Result = tl::expected<T, Error>;

using Refused = tl::unexpected<Error>;

inline Refused refuse(Code code, std::string message) {
  return Refused(Error(code, std::move(message)));
}

// The error of a failed Result, to hand on as the error of another type.
template <typename T>
Refused pass_on(const Result<T>& failed) {
  return Refused(failed.error());
}

}  // namespace larder
