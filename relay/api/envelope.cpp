#include "relay/api/envelope.hpp"

#include "lan-protocol/json.hpp"

namespace larder::relay {

namespace {

constexpr WireCode kNoRecord{404, "INV_001", "no such record"};
constexpr WireCode kNotEnough{400, "INV_002", "not enough stock"};
constexpr WireCode kRunOut{400, "INV_003", "reservation expired"};
constexpr WireCode kConflict{409, "INV_004", "concurrent change, read again and retry"};
constexpr WireCode kInvalid{422, "INV_005", "invalid parameters"};
constexpr WireCode kFailed{500, "INV_006", "storage failed"};
constexpr WireCode kAway{503, "INV_006", "storage or store not available now, retry"};
constexpr std::string_view kRetrySeconds = "1";

HttpReply wrong(const WireCode& wire, std::string_view detail, std::string_view trace_id) {
  JsonWriter out;
  out.begin_object().member("code", wire.code).member("message", wire.message);
  out.member("detail", detail).member("trace_id", trace_id).end_object();
  HttpReply reply;
  reply.status = wire.status;
  reply.code = std::string(wire.code);
  reply.fields.emplace_back("Cache-Control", "no-store");
  if (wire.status == 503) reply.fields.emplace_back("Retry-After", kRetrySeconds);
  reply.body = std::make_shared<const std::string>(out.take());
  return reply;
}

}  // namespace

HttpReply success(std::string_view data_json) {
  JsonWriter out;
  out.reserve(data_json.size() + 64).begin_object().member("code", "0");
  out.member("message", "success").key("data").raw(data_json).end_object();
  HttpReply reply;
  reply.fields.emplace_back("Cache-Control", "no-store");
  reply.body = std::make_shared<const std::string>(out.take());
  return reply;
}

HttpReply failure(const Error& error, std::string_view trace_id) {
  return wrong(wire_code_of(error.code()), error.message(), trace_id);
}

HttpReply http_failure(int status, std::string_view detail, std::string_view trace_id) {
  if (status == 503) return wrong(kAway, detail, trace_id);
  const std::string code = "HTTP_" + std::to_string(status);
  return wrong({status, code, phrase_of(status)}, detail, trace_id);
}

WireCode wire_code_of(Code code) {
  switch (code) {
    case Code::NotFound:
    case Code::UnknownSku:
      return kNoRecord;
    case Code::OutOfStock:
    case Code::TooMuch:
      return kNotEnough;
    case Code::Expired:
      return kRunOut;
    case Code::BadState:
    case Code::StaleCount:
    case Code::InRecovery:
    case Code::PriceChanged:
    case Code::WouldBreakCommitments:
    case Code::Cancelled:
      return kConflict;
    case Code::BadJson:
    case Code::TooDeep:
    case Code::TooLarge:
    case Code::BadText:
    case Code::BadRequest:
    case Code::UnknownVerb:
    case Code::Unsupported:
    case Code::WrongStore:
    case Code::KeyReuse:
    case Code::BadQuantity:
    case Code::BadMoney:
    case Code::Overflow:
    case Code::BadMenu:
    case Code::BadOption:
    case Code::BadCombo:
    case Code::BadOrder:
    case Code::NotSoldHere:
      return kInvalid;
    case Code::RateLimited:
    case Code::Overloaded:
    case Code::Busy:
    case Code::Unavailable:
    case Code::Locked:
      return kAway;
    case Code::Unauthorized:
    case Code::Forbidden:
    case Code::StorageFull:
    case Code::StorageFault:
    case Code::Corrupt:
    case Code::NewerSchema:
    case Code::BadConfig:
      return kFailed;
  }
  return kFailed;
}

}  // namespace larder::relay
