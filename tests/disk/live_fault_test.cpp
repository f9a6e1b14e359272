// Faults met while the shop works: each kind strikes the k-th call that it can strike, for k = 1,
// 2, 3 ... until the minute ends without meeting it, once and from then on. Whenever it strikes,
// either nothing is lost, or a commit fails and the process is over: nothing is acknowledged after
// that, and both a restart and a power cut leave the journal as it must be.
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
    expect_good(audit_restart(minute(), restart, cut.data()), "after a power cut");
    const Restart again{step_, acked_group_, is_upgraded_, true};
    expect_good(audit_restart(minute(), again, folder_.data()), "after a restart");
  }

 private:
  // SQLite takes what a read does not bring for zeros, and may write them back: after such a disk a
  // start that refuses is an answer, a start without what was acknowledged is none.
  void expect_good(const std::string& wrong, const char* when) {
    const bool is_seen = wrong.starts_with("the start is refused");
    if (strike_.fault == Fault::ShortRead && is_seen) return;
    EXPECT_EQ(wrong, "") << when;
  }

  std::uint64_t strikes() const { return static_cast<std::uint64_t>(strike_.after); }

  void live() {
    ShopSettings settings{folder_.data(),
                          false,
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

// SQLite's own recipe. Reads are many and alike: beyond the first ones, every few.
void strike_each_call(Fault fault, Lasting lasting) {
  if (testing::Test::HasFailure()) return;
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

void strike_with(std::initializer_list<Fault> faults) {
  for (const Fault fault : faults) {
    strike_each_call(fault, Lasting::Once);
    strike_each_call(fault, Lasting::FromThenOn);
  }
}

TEST(LiveFault, case_95_syncs_that_fail_and_pages_that_are_dropped) {
  strike_with({Fault::SyncError, Fault::SyncDropped, Fault::FolderSyncError});
}

TEST(LiveFault, case_94_writes_that_fail_once_and_from_then_on) {
  strike_with({Fault::WriteError, Fault::TruncateError});
}

TEST(LiveFault, case_93_a_disk_that_is_full_once_and_from_then_on) { strike_with({Fault::Full}); }

TEST(LiveFault, case_99_reads_that_fail) { strike_with({Fault::ReadError, Fault::SizeError}); }

TEST(LiveFault, case_99_reads_that_end_early) { strike_with({Fault::ShortRead}); }

TEST(LiveFault, case_105_files_that_cannot_be_opened_named_or_removed) {
  strike_with({Fault::CannotOpen, Fault::RenameError, Fault::DeleteError});
}

TEST(LiveFault, case_107_locks_that_fail) {
  strike_with({Fault::LockError, Fault::ShmMapError, Fault::ShmLockError});
}

TEST(LiveFault, case_124_no_memory_at_any_call) { strike_with({Fault::NoMemory}); }

}  // namespace
}  // namespace larder::edge
