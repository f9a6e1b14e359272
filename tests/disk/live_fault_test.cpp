// Faults met while the shop works: each kind strikes the k-th call that it can strike, for k = 1, 2,
// 3 ... until the minute ends without meeting it, once and from then on. Whenever it strikes, either
// nothing is lost, or a commit fails and the process is over: nothing is acknowledged after that,
// and both a restart and a power cut leave the journal as it must be.
#include <gtest/gtest.h>

#include "platform/process/exit_codes.hpp"
#include "tests/support/image_audit.hpp"
#include "tests/support/scratch_folder.hpp"

namespace larder::edge {
namespace {

constexpr std::uint64_t kSeed = 95;

const BusyMinute& minute() {
  static const BusyMinute recorded = [] {
    const ScratchFolder folder;
    return record_minute(MinuteSize{kSeed, 10, 2, true}, folder.data());
  }();
  return recorded;
}

struct Strike {
  Fault fault = Fault::None;
  int after = 0;
  Lasting lasting = Lasting::Once;
};

// One shop that meets a fault.
class StruckShop {
 public:
  explicit StruckShop(const Strike& strike) : strike_(strike) {
    write_image({}, folder_.data());
    disk_.emplace(folder_.data());
    disk_->arm(strike.fault, strike.after, strike.lasting);
    live();
  }

  bool has_struck() const { return disk_->has_struck(); }

  // The process that ended, looked at from outside.
  void check() {
    SCOPED_TRACE(std::string(name_of(strike_.fault)) + " at call " +
                 std::to_string(strike_.after + 1) +
                 (strike_.lasting == Lasting::Once ? ", once" : ", from then on") + ", seed " +
                 std::to_string(kSeed));
    EXPECT_LE(deaths_, 1) << "told once";
    EXPECT_EQ(acked_after_death_, 0) << "nothing leaves a process that is over";
    if (error_) {
      // What larder-edge would exit with: its supervisor starts it again, or asks a person.
      EXPECT_NE(exit_code_of(error_->code()), ExitCode::Ok) << error_->message();
    }
    disk_->heal();
    const auto image = disk_->after_power_cut(Fates(Cut::Mixed, kSeed + strikes()));
    disk_.reset();
    const ScratchFolder cut;
    write_image(image, cut.data());
    const Restart restart{step_, acked_group_, is_upgraded_, false};
    EXPECT_EQ(audit_restart(minute(), restart, cut.data()), "") << "after a power cut";
    const Restart again{step_, acked_group_, is_upgraded_, true};
    EXPECT_EQ(audit_restart(minute(), again, folder_.data()), "") << "after a restart";
  }

 private:
  std::uint64_t strikes() const { return static_cast<std::uint64_t>(strike_.after); }

  void live() {
    ShopSettings settings{folder_.data(), false,
                          {[this](const std::string& id) { replied(id); }, [](const Group&) {}}};
    auto started = BusyShop::start(settings);
    std::unique_ptr<BusyShop> shop;
    if (started) {
      shop = std::move(*started);
    } else {
      error_ = started.error();
    }
    while (shop && !shop->died() && step_ < minute().steps.size()) {
      auto played = play(shop, minute().steps[step_], settings);
      is_upgraded_ = settings.is_upgraded;
      if (!played) error_ = played.error();
      if (shop && !shop->died()) ++step_;
    }
    if (shop && shop->died()) error_ = shop->died();
    if (shop) deaths_ = shop->deaths();
    if (shop && !shop->died()) shop->stop();
    is_dead_ = true;
    if (step_ == minute().steps.size()) --step_;
    disk_->unplug();  // std::_Exit: nothing is tidied up
    shop.reset();
    disk_->plug_in();
  }

  void replied(const std::string& id) {
    if (is_dead_) ++acked_after_death_;
    const auto found = minute().group_of.find(id);
    if (found != minute().group_of.end()) acked_group_ = std::max(acked_group_, found->second);
  }

  Strike strike_;
  ScratchFolder folder_;
  std::optional<FaultyDisk> disk_;
  std::size_t step_ = 0;
  std::size_t acked_group_ = 0;
  bool is_upgraded_ = false;
  bool is_dead_ = false;
  int deaths_ = 0;
  int acked_after_death_ = 0;
  std::optional<Error> error_;
};

class LiveFault : public testing::TestWithParam<Fault> {};

// SQLite's own recipe. Reads are many and alike: beyond the first ones, every few.
void strike_each_call(Fault fault, Lasting lasting) {
  int struck = 0;
  for (int after = 0;; after += after < 60 ? 1 : 7) {
    StruckShop shop({fault, after, lasting});
    if (!shop.has_struck()) break;
    ++struck;
    shop.check();
    if (testing::Test::HasFailure()) return;
  }
  const bool is_shared_memory = fault == Fault::ShmMapError || fault == Fault::ShmLockError;
  // A store that locks exclusively keeps its index of the -wal in its own memory.
  EXPECT_EQ(struck > 0, !is_shared_memory) << name_of(fault);
}

TEST_P(LiveFault, case_95_once_at_every_call_it_can_strike) {
  strike_each_call(GetParam(), Lasting::Once);
}

TEST_P(LiveFault, case_94_from_then_on_at_every_call_it_can_strike) {
  strike_each_call(GetParam(), Lasting::FromThenOn);
}

std::string words_of(const testing::TestParamInfo<Fault>& fault) {
  std::string name = name_of(fault.param);
  std::erase(name, ',');
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Disk, LiveFault,
                         testing::Values(Fault::Full, Fault::WriteError, Fault::SyncError,
                                         Fault::SyncDropped, Fault::FolderSyncError,
                                         Fault::ReadError, Fault::ShortRead, Fault::TruncateError,
                                         Fault::SizeError, Fault::LockError, Fault::ShmMapError,
                                         Fault::ShmLockError, Fault::DeleteError,
                                         Fault::RenameError, Fault::CannotOpen, Fault::NoMemory),
                         words_of);

}  // namespace
}  // namespace larder::edge
