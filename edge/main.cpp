// larder-edge: wires the rooms of the hub and runs them. Start-up is the recovery path: config,
// lock, journal, books, hub, LAN, uplink, mDNS. Threads: this one is the network thread; the
// writer, the checking of PINs and (inside Avahi) the announcer have their own.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <utility>

#include "edge/app/hub.hpp"
#include "edge/app/recovery.hpp"
#include "edge/app/writer_thread.hpp"
#include "edge/arguments.hpp"
#include "edge/cloud_side.hpp"
#include "edge/discovery/announcement.hpp"
#include "edge/discovery/avahi_announcer.hpp"
#include "edge/discovery/null_announcer.hpp"
#include "edge/first_start.hpp"
#include "edge/lan/server.hpp"
#include "edge/ops/clock_note.hpp"
#include "edge/ops/config.hpp"
#include "edge/ops/disk_watch.hpp"
#include "edge/ops/metrics.hpp"
#include "edge/ops/operator_telemetry.hpp"
#include "edge/ops/system_clock.hpp"
#include "edge/ops/zone.hpp"
#include "edge/pins/pin_thread.hpp"
#include "edge/storage/data_directory.hpp"
#include "edge/storage/machine_mark.hpp"
#include "edge/storage/sqlite_journal.hpp"
#include "edge/storage/standing_orders.hpp"
#include "platform/loop/loop.hpp"
#include "platform/process/exit_codes.hpp"
#include "platform/process/log.hpp"
#include "platform/process/startup.hpp"
#include "platform/process/supervisor.hpp"
#include "platform/sqlite/sqlite.hpp"

namespace larder::edge {
namespace {

constexpr Duration kTick{250'000};
constexpr std::size_t kDescriptorsWanted = 4'096;

int end_with(const Error& error) {
  log_error("hub", error.message());
  return to_int(exit_code_of(error.code()));
}

HubSettings settings_of(const Config& config, const HubId& hub) {
  HubSettings settings;
  settings.store = config.store;
  settings.hub = hub;
  settings.name = config.name;
  settings.zone = config.zone;
  settings.version = LARDER_VERSION;
  settings.currency = config.currency;
  settings.accent = config.accent;
  settings.late_seconds = config.late_seconds;
  settings.very_late_seconds = config.very_late_seconds;
  settings.staff_idle_seconds = config.staff_idle_seconds;
  settings.commands_per_second = config.commands_per_second;
  settings.command_burst = config.command_burst;
  return settings;
}

LanConfig lan_of(const Config& config) {
  LanConfig lan;
  lan.address = config.address;
  lan.port = config.port;
  lan.web_root = config.web_root;
  lan.host_names = config.host_names;
  lan.limits.connections_max = static_cast<std::size_t>(config.sessions);
  return lan;
}

ClockNote clock_note_of(const Config& config) {
  return ClockNote(std::filesystem::path(config.data_dir) / "hub.clock", this_boot());
}

std::unique_ptr<Announcer> announcer_of(const Config& config) {
  if (!config.mdns || !reaches_the_lan(config.address)) return std::make_unique<NullAnnouncer>();
  return std::make_unique<AvahiAnnouncer>(
      [](std::string_view sentence) { log_info("discovery", sentence); });
}

// What `systemctl status` shows.
std::string status_of(const Config& config, const Hub& hub, const CloudSide* cloud) {
  std::string sentence = "Store " + config.store.text() + ": " +
                         std::to_string(hub.ledger().open_orders) + " open orders";
  const KeptDoubt doubt = hub.recovery().doubt;
  if (doubt.is_on()) sentence += "; IN RECOVERY, nothing is sold: " + doubt.reason;
  if (cloud == nullptr) return sentence + "; without a cloud.";
  const CloudState state = cloud->state();
  if (state.lost == CloudState::Lost::Nothing) return sentence + "; the cloud is reached.";
  return sentence + "; no " + std::string(wire_name(state.lost)) + ", " +
         std::to_string(state.behind) + " events behind.";
}

// One run of the hub, from the books to the last fsync. Members are made in this order and unmade
// in the reverse one.
class Run {
 public:
  Run(const Config& config, std::string config_file, SystemClock& clock, SqliteJournal& journal,
      Books books, Recovered& recovered)
      : config_(config),
        config_file_(std::move(config_file)),
        clock_(clock),
        clock_note_(clock_note_of(config)),
        hub_id_(recovered.hub),
        announcer_(announcer_of(config)),
        metrics_(verb_names()),
        disk_watch_(DiskWatch::of_directory(config.data_dir)),
        telemetry_(metrics_, clock, *announcer_),
        writer_(journal, [this](std::function<void()> job) { loop_.post(std::move(job)); }),
        pins_([this](std::function<void()> job) { loop_.post(std::move(job)); }),
        hub_(settings_of(config, recovered.hub),
             HubPorts{clock, writer_, telemetry_, pins_, [](const Error& error) { die(error); }},
             std::move(books.ledger), books.head, std::move(recovered.answer_keys), recovered.room,
             recovered.doubt, recovered.was),
        server_(loop_, lan_of(config), hub_) {}

  Result<void> start(const Recovered& recovered) {
    if (auto begun = begin_epoch(hub_, recovered); !begun) return begun;
    if (recovered.doubt.is_on()) {
      log_warn("hub", "in recovery, nothing is sold: " + recovered.doubt.reason);
      obey_acceptance(recovered.doubt.doubt);
    }
    const StandingOrders orders = read_standing_orders(config_.data_dir);
    if (auto ready = look_after_recovery(); !ready) return ready;
    if (auto started = server_.start(); !started) return started;
    std::string address = config_.address + ":" + std::to_string(server_.port());
    auto written =
        write_file(std::filesystem::path(config_.data_dir) / "hub.address", address + "\n", false);
    if (!written) return written;
    if (config_.has_uplink()) {
      const CloudSelf self{hub_id_, LARDER_VERSION,
                           machine_mark(config_.data_dir, config_.machine_file),
                           orders.takeover_code};
      auto side = CloudSide::start(config_, self, recovered.uplink_acked,
                                   CloudSideParts{loop_, clock_, telemetry_, hub_});
      if (!side) return pass_on(side);
      cloud_side_ = std::move(*side);
    }
    announcer_->announce(hub_announcement(config_.name, config_.store, hub_id_, server_.port(),
                                          family_of(config_.address)));
    ticker_ = loop_.every(kTick, [this] {
      hub_.tick();
      watch_disk();
      clock_note_.follow(clock_.doubted_jump());
      if (auto ready = look_after_recovery(); !ready) log_warn("hub", ready.error().message());
      supervisor_.alive();
      if (!is_stopping_) {
        supervisor_.status(status_of(config_, hub_, cloud_side_.get()));
      }
    });
    loop_.on_signals({SIGTERM, SIGINT, SIGHUP}, [this](int number) {
      if (number == SIGHUP) return look_at_config();
      stop();
    });
    log_info("hub", "store " + config_.store.text() + ", hub " + hub_id_.text() + ", at event " +
                        std::to_string(hub_.ledger().seq) + ", listening on " + address);
    supervisor_.ready();
    return {};
  }

  void serve() { loop_.run(); }

 private:
  // The books in memory are ahead of the disk: nothing more may be said, and start-up puts it
  // right.
  [[noreturn]] static void die(const Error& error) {
    log_error("storage", error.message() + "; the hub ends, what it acknowledged is on disk");
    std::_Exit(to_int(exit_code_of(error.code())));
  }

  // A person has said, while the hub was off, that it is to go on without what it lost. A store
  // that is kept elsewhere is not begun anew by that.
  void obey_acceptance(Doubt doubt) {
    const std::string reason = read_standing_orders(config_.data_dir).accepted;
    if (reason.empty() || doubt == Doubt::TakenOver || doubt == Doubt::Takeover) return;
    hub_.settle_doubt(0, "accepted: " + reason, true);
  }

  // Once the hub trusts its books: what was left for the recovery has been obeyed.
  Result<void> look_after_recovery() {
    const bool is_trusted = !hub_.recovery().doubt.is_on();
    const bool began = !std::exchange(is_trusted_, is_trusted) && is_trusted;
    if (began) has_orders_ = true;
    if (has_orders_ && is_trusted && are_orders_obeyed()) {
      forget_standing_orders(config_.data_dir);
      has_orders_ = false;
    }
    return began ? ensure_admin(hub_, config_.data_dir) : Result<void>();
  }

  // On the disk; and HQ's code, which goes with the hello, has been heard.
  bool are_orders_obeyed() const {
    if (hub_.committed().epoch != hub_.ledger().epoch) return false;
    const bool has_code = !read_standing_orders(config_.data_dir).takeover_code.empty();
    if (!has_code || !config_.has_uplink()) return true;
    return cloud_side_ && cloud_side_->state().lost == CloudState::Lost::Nothing;
  }

  // The file is read at start alone; asked to reload, the hub says what its next start would.
  void look_at_config() {
    if (auto found = read_config(config_file_); !found) {
      telemetry_.refusal("bad_config");
      return log_warn("config",
                      "refused; the hub goes on as it was started: " + found.error().message());
    }
    log_info("config", config_file_ + " is good; a restart takes it");
  }

  void watch_disk() {
    if (auto alarm = disk_watch_.tick(clock_.steady())) log_warn("storage", *alarm);
    if (disk_watch_.used_percent()) metrics_.set_disk_used(*disk_watch_.used_percent());
  }

  void stop() {
    if (is_stopping_) return;
    is_stopping_ = true;
    supervisor_.stopping();
    supervisor_.status("Stopping: what is under way is committed and answered.");
    log_info("hub", "stopping");
    if (cloud_side_) cloud_side_->stop();
    hub_.stop([this] { server_.stop([this] { loop_.stop(); }); });
  }

  const Config& config_;
  std::string config_file_;
  SystemClock& clock_;
  ClockNote clock_note_;
  HubId hub_id_;
  Loop loop_;
  Supervisor supervisor_;
  std::unique_ptr<Announcer> announcer_;
  Metrics metrics_;
  DiskWatch disk_watch_;
  OperatorTelemetry telemetry_;
  WriterThread writer_;
  PinThread pins_;
  Hub hub_;
  LanServer server_;
  std::unique_ptr<CloudSide> cloud_side_;
  std::unique_ptr<Loop::Ticker> ticker_;
  bool is_trusted_ = false;
  bool has_orders_ = false;  // files that a person left for the recovery, to be forgotten
  bool is_stopping_ = false;
};

// An empty directory with HQ's code in it is to become the store that the relay has a copy of.
Result<void> look_for_takeover(const Config& config, SqliteJournal& journal, Recovered& recovered) {
  const StandingOrders orders = read_standing_orders(config.data_dir);
  if (orders.takeover_code.empty() || recovered.doubt.is_on()) return {};
  if (recovered.seq != 0) return {};  // the relay is shown it in the hello
  if (!config.has_uplink()) {
    return refuse(Code::BadConfig,
                  "takeover.code needs an [uplink] to fetch the store from the relay");
  }
  recovered.doubt.doubt = Doubt::Takeover;
  recovered.doubt.reason = "this machine takes the store over from the relay's copy";
  return journal.keep_doubt(recovered.doubt);
}

int serve(const Config& config, const std::string& config_file) {
  ProcessZone::begin(config.zone);
  ProcessZone zone;
  SystemClock clock(zone, config.day_start_minutes);
  auto directory = DataDirectory::open(
      config.data_dir, config.force_filesystem ? FileSystemRule::Any : FileSystemRule::TrustedOnly);
  if (!directory) return end_with(directory.error());
  sql::set_up_library([](std::string_view notice) { log_info("storage", notice); });
  JournalOptions options;
  options.machine = machine_mark(config.data_dir, config.machine_file);
  auto journal = SqliteJournal::open(std::move(*directory), config.store, options);
  if (!journal) return end_with(journal.error());
  auto recovered = (*journal)->recover();
  if (!recovered) return end_with(recovered.error());
  for (const auto& remark : (*journal)->remarks()) log_warn("storage", remark);
  if (auto looked = look_for_takeover(config, **journal, *recovered); !looked) {
    return end_with(looked.error());
  }
  auto books = rebuild_books(*recovered);
  if (!books) return end_with(books.error());
  clock.not_before(Now{books->ledger.last_at, books->ledger.day});
  if (const auto jump = clock_note_of(config).read()) clock.go_on_doubting(*jump);

  Run run(config, config_file, clock, **journal, std::move(*books), *recovered);
  if (auto started = run.start(*recovered); !started) return end_with(started.error());
  run.serve();
  log_info("hub", "stopped");
  return to_int(ExitCode::Ok);
}

Result<Config> config_of(const Arguments& arguments) {
  auto config = read_config(arguments.config);
  if (!config) return config;
  if (arguments.port) config->port = *arguments.port;
  if (arguments.data_dir) config->data_dir = *arguments.data_dir;
  return config;
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
      std::puts("larder-edge " LARDER_VERSION);
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
}  // namespace larder::edge

int main(int count, char** values) {
  if (!larder::fill_standard_streams()) return EXIT_FAILURE;
  larder::ignore_broken_pipes();
  larder::end_without_memory();
  return larder::edge::run_main(count, values);
}
