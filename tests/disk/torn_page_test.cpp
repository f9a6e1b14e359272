// One page of the store file torn at every sector, or zeros behind it, in the middle of a
// checkpoint: its -wal makes it whole, and nothing that the torn page seems to say keeps the store
// from starting.
#include <gtest/gtest.h>

#include "tests/support/busy_shop.hpp"
#include "tests/support/faulty_disk.hpp"
#include "tests/support/scratch_folder.hpp"

namespace larder::edge {
namespace {

constexpr const char* kStoreFile = "h-busy.larder";
constexpr std::size_t kSector = 512;

// Marks of many lengths, so that they move about in their page, and a checkpoint now and then.
std::vector<DiskOp> a_life_of_marks(const std::filesystem::path& folder) {
  write_image({}, folder);
  FaultyDisk disk(folder);
  auto started = BusyShop::start(ShopSettings{folder, false, {}});
  if (!started) {
    ADD_FAILURE() << started.error().message();
    return {};
  }
  auto shop = std::move(*started);
  shop->open_for_the_first_time();
  Seq acked = 1;
  for (int round = 0; round < 6; ++round) {
    for (int each = 0; each < 20; ++each) shop->keep_acked(acked = acked * 7 % 1'000'000'007);
    shop->look_after_the_file();
  }
  auto trace = disk.trace();
  disk.unplug();
  return trace;
}

// What a start says of an image; empty when it starts.
std::string start_on(const DiskImage& image) {
  const ScratchFolder folder;
  write_image(image, folder.data());
  auto started = BusyShop::start(ShopSettings{folder.data(), false, {}});
  return started ? std::string() : started.error().message();
}

TEST(TornPage, case_103_a_store_starts_whichever_sectors_of_a_checkpoint_arrived) {
  const ScratchFolder folder;
  const auto trace = a_life_of_marks(folder.data());
  DiskModel model;
  std::size_t torn = 0;
  for (std::size_t at = 0; at < trace.size(); ++at) {
    const DiskOp& op = trace[at];
    Fates fates(Cut::NothingMore, 1);
    const DiskImage before = model.after_power_cut(fates);
    model.apply(op);
    if (op.kind != DiskOp::Kind::Write || op.name != kStoreFile) continue;
    if (before.at(kStoreFile).size() < op.offset + op.bytes.size()) continue;
    for (std::size_t cut = kSector; cut < op.bytes.size(); cut += kSector) {
      DiskImage head = before;
      head[kStoreFile].replace(op.offset, cut, op.bytes, 0, cut);
      ASSERT_EQ(start_on(head), "") << "operation " << at << ", the first " << cut << " bytes";
      DiskImage tail = before;
      tail[kStoreFile].replace(op.offset + cut, op.bytes.size() - cut, op.bytes, cut);
      ASSERT_EQ(start_on(tail), "") << "operation " << at << ", without the first " << cut;
      DiskImage zeros = head;
      zeros[kStoreFile].replace(op.offset + cut, op.bytes.size() - cut, op.bytes.size() - cut,
                                '\0');
      ASSERT_EQ(start_on(zeros), "") << "operation " << at << ", zeros behind " << cut;
      torn += 3;
    }
  }
  EXPECT_GT(torn, 100U);
}

}  // namespace
}  // namespace larder::edge
