// Reading a Json tree into values, member by member. The first thing that is wrong is kept, with
// the path of its place ("lines[2].quantity"); what follows is skipped. Private to this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/money.hpp"
#include "core/base/quantity.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "lan-protocol/json.hpp"
#include "lan-protocol/names.hpp"

namespace larder {

// Commands are read strictly: unknown members and odd ids are errors. Events, which this house
// wrote itself, leniently: a later version may have added members.
enum class Strictness { Strict, Lenient };

// What is known about a document so far.
struct Verdict {
  explicit Verdict(Strictness how) : strict(how == Strictness::Strict) {}
  bool strict;
  std::optional<Error> error;
};

// One value and its place. Life: on the stack, inside that of the Input around it.
class Input {
 public:
  Input(Verdict& verdict, const Json& json) : verdict_(verdict), json_(json) {}
  Input(const Input& around, std::string_view name, const Json& json)
      : verdict_(around.verdict_), json_(json), around_(&around), name_(name) {}
  Input(const Input& around, std::size_t index, const Json& json)
      : verdict_(around.verdict_), json_(json), around_(&around), index_(index) {}

  const Json& json() const { return json_; }
  bool strict() const { return verdict_.strict; }
  bool failed() const { return verdict_.error.has_value(); }
  // Keeps the first refusal: "lines[2].quantity: <what>".
  void refuse(Code code, std::string_view what) const;
  // The same for a member that is missing or unknown.
  void refuse_member(Code code, std::string_view name, std::string_view what) const;

 private:
  std::string path() const;

  Verdict& verdict_;
  const Json& json_;
  const Input* around_ = nullptr;
  std::string_view name_;
  std::size_t index_ = 0;
};

void take(const Input& in, std::string& out);
void take(const Input& in, bool& out);
void take(const Input& in, std::int32_t& out);
void take(const Input& in, std::int64_t& out);
void take(const Input& in, std::uint32_t& out);
void take(const Input& in, std::uint64_t& out);
void take(const Input& in, Money& out);
void take(const Input& in, Quantity& out);
void take(const Input& in, TimePoint& out);
void take(const Input& in, BusinessDay& out);
void take(const Input& in, LocalTime& out);
void take(const Input& in, Currency& out);
void take(const Input& in, std::vector<bool>& out);
// `wrong` is the answer to a text that can be no id.
void take_id(const Input& in, std::string& out, Code wrong);

template <typename Tag>
void take(const Input& in, Id<Tag>& out) {
  std::string text;
  take_id(in, text, Code::BadRequest);
  out = Id<Tag>(std::move(text));
}
// No SKU has such an id, so the answer is that of any SKU that is not there.
inline void take(const Input& in, SkuId& out) {
  std::string text;
  take_id(in, text, Code::UnknownSku);
  out = SkuId(std::move(text));
}

template <typename Enum>
requires std::is_enum_v<Enum>
void take(const Input& in, Enum& out) {
  const std::string* text = in.json().as<std::string>();
  const std::optional<Enum> value = text == nullptr ? std::nullopt : from_wire<Enum>(*text);
  if (!value) return in.refuse(Code::BadRequest, "not one of the allowed words");
  out = *value;
}

template <typename T>
void take(const Input& in, std::optional<T>& out) {
  T value;
  take(in, value);
  out = std::move(value);
}

template <typename T>
void take(const Input& in, std::vector<T>& out) {
  const JsonArray* array = in.json().as<JsonArray>();
  if (array == nullptr) return in.refuse(Code::BadRequest, "must be an array");
  out.clear();
  out.reserve(array->size());
  for (std::size_t i = 0; i < array->size() && !in.failed(); ++i) {
    take(Input(in, i, (*array)[i]), out.emplace_back());
  }
}

// The members of one object. Call done() at the end: it refuses members nobody asked for.
class Fields {
 public:
  explicit Fields(const Input& in);

  // Must be there; an id must not be empty.
  template <typename T>
  Fields& need(std::string_view name, T& out) {
    if (const Json* value = find(name, true)) take(Input(in_, name, *value), out);
    return *this;
  }
  // May be left out: then `out` stays as it is.
  template <typename T>
  Fields& may(std::string_view name, T& out) {
    if (const Json* value = find(name, false)) take(Input(in_, name, *value), out);
    return *this;
  }
  // An id that may be empty, which means none; must be there in an event, not in a command.
  template <typename Tag>
  Fields& may_be_empty(std::string_view name, Id<Tag>& out) {
    const Json* value = find(name, !in_.strict());
    if (value == nullptr) return *this;
    const std::string* text = value->template as<std::string>();
    out = Id<Tag>();
    if (text == nullptr || !text->empty()) take(Input(in_, name, *value), out);
    return *this;
  }
  void done();

 private:
  // Null when it is not there (an error when `needed`) or something was wrong already.
  const Json* find(std::string_view name, bool needed);

  const Input& in_;
  const JsonObject* object_;
  std::uint64_t asked_ = 0;  // bit i: member i was asked for; only the first 64 can be
};

}  // namespace larder
