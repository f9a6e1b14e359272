// Events that were set aside: what they are, and what a person has done with them.
#include <charconv>

#include "relay/api/json_of.hpp"
#include "relay/api/limits.hpp"
#include "relay/api/members.hpp"
#include "relay/api/router.hpp"
#include "relay/api/word_desk.hpp"

namespace larder::relay {

namespace {

template <typename Number>
std::optional<Number> number_of(const std::string& text) {
  Number value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || value == 0) return std::nullopt;
  return value;
}

void put_parked(JsonWriter& out, const ParkedEvent& event) {
  out.begin_object().member("epoch", event.epoch).member("seq", event.seq);
  out.member("event", event.name).member("reason", event.reason);
  put_time(out, "parked_at", event.parked_at);
  out.key("behind");
  if (event.behind) {
    out.begin_object().member("epoch", event.behind->epoch).member("seq", event.behind->seq);
    out.end_object();
  } else {
    out.null();
  }
  out.end_object();
}

// None: the call has been refused.
std::optional<ParkedRepair> read_repair(const CallPtr& call) {
  ParkedRepair repair;
  repair.store = StoreId(call->params[0]);
  const auto epoch = number_of<Epoch>(call->params[1]);
  const auto seq = number_of<Seq>(call->params[2]);
  if (!epoch || !seq) {
    call->refuse(wrong_field(epoch ? "seq" : "epoch", "must be a whole number from 1"));
    return std::nullopt;
  }
  repair.epoch = *epoch;
  repair.seq = *seq;
  repair.by = "hq:" + call->caller.account.name;
  return repair;
}

void run_repair(const CallPtr& call, const ParkedRepair& repair) {
  if (!is_store_here(*call, repair.store)) return;
  call->rooms.desk.repair_parked(repair, [call](const Result<RepairOutcome>& outcome) {
    if (!outcome) return call->refuse(outcome.error());
    JsonWriter out;
    out.begin_object().member("written", std::uint64_t{outcome->written});
    out.member("skipped", std::uint64_t{outcome->skipped});
    out.member("waiting", std::uint64_t{outcome->waiting}).member("stopped", outcome->stopped);
    out.end_object();
    call->answer(out.text());
  });
}

}  // namespace

void get_parked(const CallPtr& call) {
  const StoreId store(call->params[0]);
  if (!is_store_here(*call, store)) return;
  call->rooms.desk.parked(store, [call](const Result<std::vector<ParkedEvent>>& events) {
    if (!events) return call->refuse(events.error());
    call->answer(list_json(*events, put_parked));
  });
}

void post_parked_retry(const CallPtr& call) {
  const auto repair = read_repair(call);
  if (repair) run_repair(call, *repair);
}

void post_parked_skip(const CallPtr& call) {
  auto repair = read_repair(call);
  if (!repair) return;
  const auto body = call->json();
  if (!body) return call->refuse(body.error());
  Members members(*body);
  repair->skips = true;
  repair->reason = members.text("reason", kReasonBytesMax);
  if (repair->reason.find_first_not_of(' ') == std::string::npos) {
    members.wrong("reason", "must say why it is skipped");
  }
  if (auto done = members.finish(); !done) return call->refuse(done.error());
  run_repair(call, *repair);
}

}  // namespace larder::relay
