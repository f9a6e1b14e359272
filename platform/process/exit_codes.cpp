#include "platform/process/exit_codes.hpp"

namespace larder {

ExitCode exit_code_of(Code code) {
  // Only what can end a process is listed; anything else that ends it is a fault of the program.
  switch (code) {
    case Code::StorageFault:
    case Code::StorageFull:
      return ExitCode::StorageFault;
    case Code::Corrupt:
      return ExitCode::Corrupt;
    case Code::NewerSchema:
      return ExitCode::NewerSchema;
    case Code::Locked:
      return ExitCode::Locked;
    case Code::BadConfig:
    case Code::WrongStore:
      return ExitCode::BadConfig;
    case Code::Unavailable:
      return ExitCode::Unavailable;
    case Code::Forbidden:
      return ExitCode::Forbidden;
    default:
      return ExitCode::Internal;
  }
}

}  // namespace larder
