// bench-load: the load of the benches. Prints one line of JSON. Exit codes: 0 measured, 1 the run
// is void, 64 wrong command line.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "bench/load/crowd.hpp"
#include "bench/load/fanout.hpp"
#include "bench/load/latency.hpp"
#include "bench/load/line.hpp"

namespace {

using namespace larder::bench;

constexpr int kUsage = 64;

std::vector<std::string> lines_of(const std::string& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  if (lines.empty()) give_up(file + " is empty or not there");
  return lines;
}

struct ReserveLine {
  std::string server, tokens, sku;
  std::size_t skus = 1;
  CrowdPlan plan;
};

int reserve(ReserveLine& line) {
  line.plan.assembly.make_speaker = speaker_of(line.server);
  if (!line.plan.assembly.make_speaker) give_up("there is no server " + line.server);
  if (!line.tokens.empty()) line.plan.assembly.tokens = lines_of(line.tokens);
  if (!line.sku.empty()) {
    line.plan.assembly.skus = {line.sku};
  } else {
    for (std::size_t i = 0; i < line.skus; ++i)
      line.plan.assembly.skus.push_back("s" + std::to_string(i));
  }
  const CrowdResult found = line.plan.rate > 0 ? run_pace(line.plan) : run_crowd(line.plan);
  std::cout << R"({"accepted":)" << found.accepted << R"(,"refused":)" << found.refused
            << R"(,"unanswered":)" << found.unanswered << R"(,"per_second":)"
            << (found.seconds > 0 ? static_cast<double>(found.counted) / found.seconds : 0)
            << R"(,"latency_ms":)" << latency_json(found.latencies) << "}\n";
  return 0;
}

void add_reserve(CLI::App& app, ReserveLine& line) {
  CLI::App* verb = app.add_subcommand("reserve", "reserve one unit after the other");
  verb->add_option("--server", line.server, "larder redis postgres mariadb relay relay-steps")
      ->required();
  verb->add_option("--port", line.plan.assembly.port)->required();
  verb->add_option("--connections", line.plan.assembly.connections);
  verb->add_option("--tokens", line.tokens, "a file of device tokens, one a line");
  verb->add_option("--skus", line.skus, "s0, s1, ... drawn from evenly");
  verb->add_option("--sku", line.sku, "this one alone");
  verb->add_option("--run", line.plan.assembly.run, "a word that makes the ids new")->required();
  verb->add_option("--rate", line.plan.rate, "commands/s; 0: as fast as the server answers");
  verb->add_option("--warm-up", line.plan.warm_up_seconds);
  verb->add_option("--seconds", line.plan.seconds);
}

struct FanoutLine {
  std::string tokens;
  FanoutPlan plan;
};

int fan_out(FanoutLine& line) {
  if (!line.tokens.empty()) {
    line.plan.tokens = lines_of(line.tokens);
    line.plan.caller_token = line.plan.tokens.back();
    line.plan.tokens.pop_back();
  }
  const FanoutResult found = run_fanout(line.plan);
  const auto seen = static_cast<double>(line.plan.flood * line.plan.watchers);
  std::cout << R"({"last_has_it_ms":)" << latency_json(found.latencies) << R"(,"per_second":)"
            << seen / found.flood_seconds << R"(,"seen_least":)" << found.seen_least
            << R"(,"seen_most":)" << found.seen_most << R"(,"event_bytes":)" << found.event_bytes
            << "}\n";
  return 0;
}

void add_fanout(CLI::App& app, FanoutLine& line) {
  CLI::App* verb = app.add_subcommand("fanout", "one calls, all watchers hear");
  verb->add_option("--server", line.plan.server)
      ->required()
      ->check(CLI::IsMember({"larder", "mosquitto"}));
  verb->add_option("--port", line.plan.port)->required();
  verb->add_option("--watchers", line.plan.watchers);
  verb->add_option("--tokens", line.tokens, "of the screens, and of a till on the last line");
  verb->add_option("--run", line.plan.run)->required();
  verb->add_option("--singles", line.plan.singles);
  verb->add_option("--flood", line.plan.flood);
  verb->add_option("--window", line.plan.window);
  verb->add_option("--payload-bytes", line.plan.payload_bytes);
}

}  // namespace

int main(int count, char** values) {
  CLI::App app("the load of the benches");
  app.require_subcommand(1);
  ReserveLine reserve_line;
  add_reserve(app, reserve_line);
  FanoutLine fanout_line;
  add_fanout(app, fanout_line);
  try {
    app.parse(count, values);
  } catch (const CLI::ParseError& wrong) {
    const int code = app.exit(wrong);
    return code == 0 ? 0 : kUsage;
  }
  return app.got_subcommand("fanout") ? fan_out(fanout_line) : reserve(reserve_line);
}
