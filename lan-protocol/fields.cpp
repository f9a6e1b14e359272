#include "lan-protocol/fields.hpp"

#include <utility>

#include "core/base/text.hpp"

namespace larder {
namespace {

constexpr std::size_t kEchoBytesMax = 40;

// What a client wrote is repeated to it only in part, cut between characters.
std::string_view shorten(std::string_view text) {
  if (text.size() <= kEchoBytesMax) return text;
  std::size_t end = kEchoBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

template <typename Integer>
void take_integer(const Input& in, Integer& out) {
  const std::int64_t* number = in.json().as<std::int64_t>();
  if (number == nullptr || !std::in_range<Integer>(*number)) {
    return in.refuse(Code::BadRequest, "must be a whole number in range");
  }
  out = static_cast<Integer>(*number);
}

}  // namespace

std::string Input::path() const {
  if (around_ == nullptr) return {};
  std::string path = around_->path();
  if (name_.empty()) return path + "[" + std::to_string(index_) + "]";
  if (!path.empty()) path += '.';
  return path.append(name_);
}

void Input::refuse(Code code, std::string_view what) const {
  if (failed()) return;
  std::string message = path();
  if (!message.empty()) message += ": ";
  verdict_.error = Error(code, message.append(what));
}

void Input::refuse_member(Code code, std::string_view name, std::string_view what) const {
  if (failed()) return;
  std::string message = path();
  if (!message.empty()) message += '.';
  message.append(shorten(name)).append(": ").append(what);
  verdict_.error = Error(code, std::move(message));
}

void take(const Input& in, std::string& out) {
  const std::string* text = in.json().as<std::string>();
  if (text == nullptr) return in.refuse(Code::BadRequest, "must be a string");
  out = *text;
}

void take(const Input& in, bool& out) {
  const bool* flag = in.json().as<bool>();
  if (flag == nullptr) return in.refuse(Code::BadRequest, "must be true or false");
  out = *flag;
}

void take(const Input& in, std::int32_t& out) { take_integer(in, out); }
void take(const Input& in, std::int64_t& out) { take_integer(in, out); }
void take(const Input& in, std::uint32_t& out) { take_integer(in, out); }
void take(const Input& in, std::uint64_t& out) { take_integer(in, out); }
void take(const Input& in, TimePoint& out) { take_integer(in, out.micros); }
void take(const Input& in, BusinessDay& out) { take_integer(in, out.yyyymmdd); }

void take(const Input& in, Money& out) {
  const std::int64_t* minor = in.json().as<std::int64_t>();
  if (minor == nullptr || *minor > kMoneyMinorMax || *minor < -kMoneyMinorMax) {
    return in.refuse(Code::BadMoney, "must be whole minor units in range");
  }
  out = Money::minor(*minor);
}

void take(const Input& in, Quantity& out) {
  Result<Quantity> quantity = refuse(Code::BadQuantity, "not a number");
  if (const std::int64_t* whole = in.json().as<std::int64_t>()) {
    quantity = Quantity::parse(std::to_string(*whole));
  } else if (const Decimal* decimal = in.json().as<Decimal>()) {
    quantity = Quantity::parse(decimal->text);
  }
  if (!quantity) {
    return in.refuse(Code::BadQuantity, "must be a number in range with at most one decimal");
  }
  out = *quantity;
}

void take(const Input& in, Currency& out) {
  std::string text;
  take(in, text);
  if (in.failed()) return;
  Result<Currency> currency = Currency::parse(text);
  if (!currency) return in.refuse(Code::BadMoney, "must be three capital letters (ISO 4217)");
  out = *std::move(currency);
}

void take(const Input& in, std::vector<bool>& out) {
  const JsonArray* array = in.json().as<JsonArray>();
  if (array == nullptr) return in.refuse(Code::BadRequest, "must be an array");
  out.clear();
  for (std::size_t i = 0; i < array->size(); ++i) {
    bool flag = false;
    take(Input(in, i, (*array)[i]), flag);
    out.push_back(flag);
  }
}

void take_id(const Input& in, std::string& out, Code wrong) {
  const std::string* text = in.json().as<std::string>();
  if (text == nullptr) return in.refuse(Code::BadRequest, "must be a string");
  if (text->empty() || (in.strict() && !is_id(*text))) {
    return in.refuse(wrong, "must be 1 to 64 bytes of A-Z a-z 0-9 . _ : / -");
  }
  out = *text;
}

Fields::Fields(const Input& in) : in_(in), object_(in.json().as<JsonObject>()) {
  if (object_ == nullptr) in.refuse(Code::BadRequest, "must be an object");
}

const Json* Fields::find(std::string_view name, bool needed) {
  if (in_.failed()) return nullptr;
  for (std::size_t i = 0; i < object_->size(); ++i) {
    const auto& [key, value] = (*object_)[i];
    if (key != name) continue;
    if (i < 64) asked_ |= std::uint64_t{1} << i;
    return &value;
  }
  if (needed) in_.refuse_member(Code::BadRequest, name, "missing");
  return nullptr;
}

void Fields::done() {
  if (!in_.strict() || in_.failed()) return;
  for (std::size_t i = 0; i < object_->size(); ++i) {
    const bool asked = i < 64 && ((asked_ >> i) & 1) != 0;
    if (!asked) return in_.refuse_member(Code::BadRequest, (*object_)[i].first, "unknown field");
  }
}

}  // namespace larder
