#include "lan-protocol/rescue.hpp"

#include "lan-protocol/lenient.hpp"
#include "lan-protocol/names.hpp"
#include "lan-protocol/shapes.hpp"

namespace larder {
namespace {

constexpr JsonLimits kLimits = {4, 100, 2'048};
constexpr std::size_t kNamesMax = 16;

constexpr RescueAnswer::State kStates[] = {
    RescueAnswer::State::Known,     RescueAnswer::State::Unknown, RescueAnswer::State::Alive,
    RescueAnswer::State::Elsewhere, RescueAnswer::State::Forked,  RescueAnswer::State::WrongCode,
    RescueAnswer::State::Gone,
};

std::string_view wire_name(RescueQuestion::Ask ask) {
  return ask == RescueQuestion::Ask::Head ? "head" : "events";
}

struct RoughQuestion {
  RescueQuestion value;
  std::string ask, head;
};

struct RoughAnswer {
  RescueAnswer value;
  std::string state, hash;
};

template <typename T>
Result<T> read(std::string_view json, void (*take_members)(Fields&, T&)) {
  return read_leniently(json, kLimits, take_members);
}

}  // namespace

std::string_view wire_name(RescueAnswer::State state) {
  switch (state) {
    case RescueAnswer::State::Known:
      return "known";
    case RescueAnswer::State::Unknown:
      return "unknown";
    case RescueAnswer::State::Alive:
      return "alive";
    case RescueAnswer::State::Elsewhere:
      return "elsewhere";
    case RescueAnswer::State::Forked:
      return "forked";
    case RescueAnswer::State::WrongCode:
      return "wrong_code";
    case RescueAnswer::State::Gone:
      return "gone";
  }
  return {};
}

std::string encode(const RescueQuestion& question) {
  JsonWriter out;
  out.begin_object().member("id", question.id).member("rescue", wire_name(question.ask));
  put_member(out, "hub", question.hub);
  out.key("was").begin_array();
  for (const HubId& each : question.was) out.value(each.text());
  out.end_array()
      .member("machine", question.machine)
      .member("boot", question.boot)
      .member("epoch", question.epoch)
      .member("seq", question.seq)
      .member("head", hex(question.head));
  if (!question.code.empty()) out.member("code", question.code);
  out.end_object();
  return out.take();
}

std::string encode(const RescueAnswer& answer) {
  JsonWriter out;
  out.begin_object().member("id", answer.id).member("state", wire_name(answer.state));
  if (!answer.hub.empty()) put_member(out, "hub", answer.hub);
  out.member("epoch", answer.epoch).member("up_to", answer.up_to).member("hash", hex(answer.hash));
  if (answer.above != 0) out.member("above", answer.above);
  if (!answer.reason.empty()) out.member("reason", answer.reason);
  out.end_object();
  return out.take();
}

Result<RescueQuestion> decode_rescue_question(std::string_view json) {
  if (find_top_level_string(json, "rescue").empty()) {
    return refuse(Code::NotFound, "not a question of a hub in recovery");
  }
  auto rough = read<RoughQuestion>(json, [](Fields& fields, RoughQuestion& out) {
    fields.need("id", out.value.id)
        .need("rescue", out.ask)
        .need("hub", out.value.hub)
        .may("was", out.value.was)
        .may("machine", out.value.machine)
        .may("boot", out.value.boot)
        .need("epoch", out.value.epoch)
        .need("seq", out.value.seq)
        .need("head", out.head)
        .may("code", out.value.code);
  });
  if (!rough) return pass_on(rough);
  const auto head = digest_of_hex(rough->head);
  if (!head) return refuse(Code::BadRequest, "head: must be 64 hex digits");
  if (rough->ask != "head" && rough->ask != "events") {
    return refuse(Code::BadRequest, "rescue: not one of the allowed words");
  }
  if (rough->value.was.size() > kNamesMax) return refuse(Code::BadRequest, "was: too many");
  rough->value.ask = rough->ask == "head" ? RescueQuestion::Ask::Head : RescueQuestion::Ask::Events;
  rough->value.head = *head;
  return std::move(rough->value);
}

Result<RescueAnswer> decode_rescue_answer(std::string_view json) {
  if (find_top_level_string(json, "state").empty()) {
    return refuse(Code::NotFound, "not an answer to a hub in recovery");
  }
  auto rough = read<RoughAnswer>(json, [](Fields& fields, RoughAnswer& out) {
    fields.need("id", out.value.id)
        .need("state", out.state)
        .may("hub", out.value.hub)
        .need("epoch", out.value.epoch)
        .need("up_to", out.value.up_to)
        .need("hash", out.hash)
        .may("above", out.value.above)
        .may("reason", out.value.reason);
  });
  if (!rough) return pass_on(rough);
  const auto hash = digest_of_hex(rough->hash);
  if (!hash) return refuse(Code::BadRequest, "hash: must be 64 hex digits");
  rough->value.hash = *hash;
  for (const auto state : kStates) {
    if (rough->state != wire_name(state)) continue;
    rough->value.state = state;
    return std::move(rough->value);
  }
  return refuse(Code::BadRequest, "state: not one of the allowed words");
}

}  // namespace larder
