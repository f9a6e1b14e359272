// BusyShop: one life of a hub's process on a folder: the real SqliteJournal, the real books and the
// real Hub, wired as larder-edge wires them, with a kiosk and a till signed in. Life: start() is
// the recovery path; when a commit fails the process is over (died()), and nothing leaves it again.
// Thread: one. Limits: commits run when settled, so that every run makes the same calls in order.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "edge/app/hub.hpp"
#include "edge/app/recovery.hpp"
#include "edge/storage/sqlite_journal.hpp"
#include "tests/support/fakes.hpp"

namespace larder::edge {

// Told the time; the same in every run.
class ShopClock final : public Clock {
 public:
  Now now() override { return now_; }
  Duration steady() override { return Duration{now_.at.micros - kOpening + 1}; }
  TimePoint moment_of(const LocalTime&, TimePoint after) override { return after; }
  void set(const Now& now) { now_ = now; }
  static constexpr std::int64_t kOpening = 1'795'254'300'000'000;

 private:
  Now now_{TimePoint{kOpening}, BusinessDay{20261121}};
};

// What others see of the process.
struct ShopWitness {
  std::function<void(const std::string& id)> replied = [](const std::string&) {};
  std::function<void(const Group& group)> committed = [](const Group&) {};
};

struct ShopSettings {
  std::filesystem::path folder;
  bool is_upgraded = false;  // a version with one more migration
  ShopWitness witness = {};
};

// What a migration list looks like before and after the upgrade.
std::span<const Migration> shop_migrations(bool is_upgraded);

class BusyShop {
 public:
  static Result<std::unique_ptr<BusyShop>> start(const ShopSettings& settings);
  BusyShop(const BusyShop&) = delete;
  BusyShop& operator=(const BusyShop&) = delete;
  ~BusyShop() = default;

  // The first start: epoch, devices, menu.
  void open_for_the_first_time();
  void set_time(const Now& now) { clock_.set(now); }
  // The frames as they come in, then every commit they cause.
  void receive(bool is_till, const std::string& frame);
  void settle();
  void tick();
  void look_after_the_file();
  void keep_snapshot();
  void keep_acked(Seq acked);
  void take_backup(const std::string& name);
  // The last snapshot; then the owner lets go of the shop, which is the clean stop.
  void stop();

  // A commit failed: the process would have ended here.
  const std::optional<Error>& died() const { return died_; }
  // How often it was told so; once is the rule.
  int deaths() const { return deaths_; }
  Hub& hub() { return *hub_; }
  SqliteJournal& journal() { return *journal_; }
  const Recovered& recovered() const { return recovered_; }

 private:
  class AckSession;
  class InlineWriter;
  explicit BusyShop(const ShopSettings& settings);
  void wire(Books books);
  void join(bool is_till);

  ShopSettings settings_;
  ShopClock clock_;
  QuietTelemetry telemetry_;
  FakePins pins_;
  std::unique_ptr<SqliteJournal> journal_;
  Recovered recovered_;
  std::shared_ptr<AckSession> session_;
  std::shared_ptr<InlineWriter> writer_;
  std::unique_ptr<Hub> hub_;
  SessionKey kiosk_ = 0;
  SessionKey till_ = 0;
  std::optional<Error> died_;
  int deaths_ = 0;
};

}  // namespace larder::edge
