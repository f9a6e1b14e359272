#include "tools/replay/report.hpp"

#include <algorithm>
#include <cstdio>

#include "lan-protocol/json.hpp"
#include "tools/larderctl/menu_file.hpp"

namespace larder::replay {
namespace {

constexpr std::size_t kDifferencesShown = 50;

// Three decimals, always with a point, whatever the locale.
std::string decimal(double value) {
  const auto thousandths = static_cast<std::int64_t>(value * 1'000 + 0.5);
  return ctl::show_price(thousandths, 3);
}

void write_spread(JsonWriter& out, const char* name, const std::vector<double>& values) {
  const double most = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
  out.key(name).begin_object().member("count", std::uint64_t{values.size()});
  out.key("p50").raw(decimal(percentile(values, 0.5)));
  out.key("p99").raw(decimal(percentile(values, 0.99)));
  out.key("max").raw(decimal(most)).end_object();
}

void write_counters(JsonWriter& out, const char* name, const client::Counters& counters) {
  out.key(name).begin_object().member("connects", counters.connects);
  out.member("event_frames", counters.event_frames).member("event_bytes", counters.event_bytes);
  out.member("gaps", counters.gaps).member("snapshots", counters.snapshots);
  out.member("resumes", counters.resumes).member("refused_for_now", counters.refused_for_now);
  out.end_object();
}

std::string spread_words(const char* what, const std::vector<double>& values) {
  if (values.empty()) return {};
  const double most = *std::max_element(values.begin(), values.end());
  return std::string(what) + ": p50 " + decimal(percentile(values, 0.5)) + " ms, p99 " +
         decimal(percentile(values, 0.99)) + " ms, max " + decimal(most) + " ms\n";
}

double rate_of(const Report& report) {
  if (report.outcome.seconds <= 0) return 0;
  return static_cast<double>(report.acknowledged) / report.outcome.seconds;
}

}  // namespace

std::string to_json(const Report& report) {
  JsonWriter out;
  out.begin_object().member("mode", report.mode).member("orders", std::uint64_t{report.orders});
  out.member("lines", std::uint64_t{report.lines}).member("total", report.total);
  out.member("acknowledged", std::uint64_t{report.acknowledged});
  out.member("resent", report.resent).member("retried", report.retried);
  out.key("seconds").raw(decimal(report.outcome.seconds));
  out.key("orders_per_second").raw(decimal(rate_of(report)));
  write_spread(out, "answer_ms", report.outcome.answer_ms);
  write_spread(out, "kitchen_ms", report.outcome.shown_ms);
  write_spread(out, "late_ms", report.outcome.late_ms);
  write_counters(out, "kiosks", report.outcome.kiosks);
  write_counters(out, "kitchen", report.outcome.kitchen);
  write_counters(out, "screens", report.outcome.screens);
  out.member("events", report.events).member("head", report.head);
  out.member("head_hash", report.head_hash);
  out.member("difference_count", std::uint64_t{report.differences.size()});
  out.key("differences").begin_array();
  for (const Difference& difference : report.differences)
    out.begin_object()
        .member("order", difference.order)
        .member("sentence", difference.sentence)
        .end_object();
  out.end_array().end_object();
  return out.take() + "\n";
}

std::string to_words(const Report& report) {
  std::string out;
  const std::size_t shown = std::min(report.differences.size(), kDifferencesShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const Difference& difference = report.differences[i];
    if (!difference.order.empty()) out += "order " + difference.order + " ";
    out += difference.sentence + "\n";
  }
  if (report.differences.size() > shown)
    out += "... and " + std::to_string(report.differences.size() - shown) + " more\n";
  out += std::to_string(report.acknowledged) + " orders acknowledged in " +
         decimal(report.outcome.seconds) + " s, " + decimal(rate_of(report)) + " a second";
  if (report.retried > 0) out += ", " + std::to_string(report.retried) + " sent again when asked";
  if (report.resent > 0)
    out += ", " + std::to_string(report.resent) + " sent again after a lost connection";
  out += "\n" + spread_words("kiosk to answer", report.outcome.answer_ms);
  out += spread_words("kiosk to kitchen screen", report.outcome.shown_ms);
  if (report.head > 0)
    out += "journal: " + std::to_string(report.events) + " events read, head " +
           std::to_string(report.head) + " " + report.head_hash + "\n";
  return out + std::to_string(report.orders) + " orders, " + std::to_string(report.lines) +
         " lines, total " + ctl::show_price(report.total, 2) + ", " +
         std::to_string(report.differences.size()) + " differences\n";
}

}  // namespace larder::replay
