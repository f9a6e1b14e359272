// larder-relay: wires the rooms of the cloud's side and runs them: config, lock, databases, rules,
// HTTP, outbox, and last the broker, so that nothing comes before it can be taken. Threads: this
// one is the loop; each database has a worker; Paho has its own.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include "platform/loop/loop.hpp"
#include "platform/process/credentials.hpp"
#include "platform/process/exit_codes.hpp"
#include "platform/process/log.hpp"
#include "platform/process/startup.hpp"
#include "platform/sqlite/sqlite.hpp"
#include "relay/arguments.hpp"
#include "relay/ops/config.hpp"
#include "relay/run.hpp"

namespace larder::relay {
namespace {

constexpr std::size_t kDescriptorsWanted = 16'384;

int end_with(const Error& error) {
  log_error("relay", error.message());
  return to_int(exit_code_of(error.code()));
}

Result<Config> config_of(const Arguments& arguments) {
  auto config = read_config(arguments.config);
  if (!config) return config;
  if (arguments.port) config->http_port = *arguments.port;
  if (arguments.data_dir) config->data_dir = *arguments.data_dir;
  return config;
}

int serve(const Config& config, const std::string& config_file) {
  auto known = all_credentials_known(
      {config.ca_file, config.cert_file, config.key_file, config.password_file});
  if (!known) return end_with(known.error());
  std::string password;
  if (!config.password_file.empty()) {
    auto secret = read_secret(config.password_file);
    if (!secret) return end_with(secret.error());
    password = std::move(*secret);
  }
  auto lock = HouseLock::take(config.data_dir);
  if (!lock) return end_with(lock.error());
  sql::set_up_library([](std::string_view notice) { log_info("shards", notice); });
  auto store = SqliteShardStore::open(lock->path(), config.databases);
  if (!store) return end_with(store.error());
  Run run(config, config_file, password, **store);
  if (auto started = run.start(); !started) return end_with(started.error());
  const int code = run.serve();
  log_info("relay", "stopped");
  return code;
}

int run_main(int count, char** values) {
  auto arguments = read_arguments(count, values);
  if (!arguments) {
    std::fputs((arguments.error().message() + "\n" + usage()).c_str(), stderr);
    return to_int(ExitCode::Usage);
  }
  switch (arguments->mode) {
    case Mode::Help:
      std::fputs(usage().c_str(), stdout);
      return 0;
    case Mode::Version:
      std::puts("larder-relay " LARDER_VERSION);
      return 0;
    case Mode::PrintConfig:
      std::fputs(printed_config().c_str(), stdout);
      return 0;
    case Mode::CheckConfig:
    case Mode::Serve:
      break;
  }
  auto config = config_of(*arguments);
  if (!config) {
    std::fputs((config.error().message() + "\n").c_str(), stderr);
    return to_int(exit_code_of(config.error().code()));
  }
  if (arguments->mode == Mode::CheckConfig) {
    std::puts((arguments->config + ": good").c_str());
    return 0;
  }
  start_log(config->log_level, config->log_format);
  raise_open_files(kDescriptorsWanted);
  return serve(*config, arguments->config);
}

}  // namespace
}  // namespace larder::relay

int main(int count, char** values) {
  if (!larder::fill_standard_streams()) return EXIT_FAILURE;
  larder::ignore_broken_pipes();
  larder::end_without_memory();
  return larder::relay::run_main(count, values);
}
