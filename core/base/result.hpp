// Result<T>: a value, or an Error that says what and why in words a person can act on.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "core/base/code.hpp"

namespace larder {

class [[nodiscard]] Error {
 public:
  Error(Code code, std::string message, std::string subject = {})
      : code_(code), message_(std::move(message)), subject_(std::move(subject)) {}
  Code code() const { return code_; }
  // One sentence, no full stop needed, that names the thing and what to do.
  const std::string& message() const { return message_; }
  // The SKU that is meant, where the refusal is about one this hub knows; else empty.
  const std::string& subject() const { return subject_; }
  bool operator==(const Error&) const = default;

 private:
  Code code_;
  std::string message_;
  std::string subject_;
};

template <typename T>
using Result = tl::expected<T, Error>;

using Refused = tl::unexpected<Error>;

inline Refused refuse(Code code, std::string message, std::string subject = {}) {
  return Refused(Error(code, std::move(message), std::move(subject)));
}

// The error of a failed Result, to hand on as the error of another type.
template <typename T>
Refused pass_on(const Result<T>& failed) {
  return Refused(failed.error());
}

}  // namespace larder
