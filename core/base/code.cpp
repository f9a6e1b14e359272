#include "core/base/code.hpp"

namespace larder {

// Long because the list is closed: one case per code, so that the compiler finds a missing one.
std::string_view code_name(Code code) {
  switch (code) {
    case Code::BadJson:
      return "bad_json";
    case Code::TooDeep:
      return "too_deep";
    case Code::TooLarge:
      return "too_large";
    case Code::BadText:
      return "bad_text";
    case Code::BadRequest:
      return "bad_request";
    case Code::UnknownVerb:
      return "unknown_verb";
    case Code::Unsupported:
      return "unsupported";
    case Code::Unauthorized:
      return "unauthorized";
    case Code::Forbidden:
      return "forbidden";
    case Code::WrongStore:
      return "wrong_store";
    case Code::RateLimited:
      return "rate_limited";
    case Code::Overloaded:
      return "overloaded";
    case Code::Busy:
      return "busy";
    case Code::KeyReuse:
      return "key_reuse";
    case Code::BadQuantity:
      return "bad_quantity";
    case Code::BadMoney:
      return "bad_money";
    case Code::Overflow:
      return "overflow";
    case Code::UnknownSku:
      return "unknown_sku";
    case Code::BadMenu:
      return "bad_menu";
    case Code::BadOption:
      return "bad_option";
    case Code::BadCombo:
      return "bad_combo";
    case Code::BadOrder:
      return "bad_order";
    case Code::PriceChanged:
      return "price_changed";
    case Code::NotSoldHere:
      return "not_sold_here";
    case Code::OutOfStock:
      return "out_of_stock";
    case Code::NotFound:
      return "not_found";
    case Code::BadState:
      return "bad_state";
    case Code::Expired:
      return "expired";
    case Code::Cancelled:
      return "cancelled";
    case Code::TooMuch:
      return "too_much";
    case Code::WouldBreakCommitments:
      return "would_break_commitments";
    case Code::StaleCount:
      return "stale_count";
    case Code::InRecovery:
      return "in_recovery";
    case Code::StorageFull:
      return "storage_full";
    case Code::StorageFault:
      return "storage_fault";
    case Code::Corrupt:
      return "corrupt";
    case Code::NewerSchema:
      return "newer_schema";
    case Code::Locked:
      return "locked";
    case Code::BadConfig:
      return "bad_config";
    case Code::Unavailable:
      return "unavailable";
  }
  return "unavailable";
}

}  // namespace larder
