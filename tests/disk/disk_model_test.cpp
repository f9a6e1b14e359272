// The faulty disk itself: a model that forgives too much would prove nothing.
#include "tests/support/disk_model.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/faulty_disk.hpp"
#include "tests/support/scratch_folder.hpp"

namespace larder::edge {
namespace {

using Kind = DiskOp::Kind;

DiskOp write(const std::string& name, std::uint64_t offset, std::string bytes) {
  return {Kind::Write, name, {}, offset, std::move(bytes)};
}
DiskOp op(Kind kind, const std::string& name, const std::string& to = {}, std::uint64_t size = 0) {
  return {kind, name, to, size, {}};
}

DiskImage cut(const DiskModel& model, Cut how, std::uint64_t seed = 1) {
  Fates fates(how, seed);
  return model.after_power_cut(fates);
}

TEST(DiskModel, a_synced_write_survives_every_power_cut) {
  DiskModel model(DiskImage{{"a", "old"}});
  model.apply(write("a", 0, "new"));
  EXPECT_EQ(cut(model, Cut::NothingMore).at("a"), "old");
  EXPECT_EQ(cut(model, Cut::Everything).at("a"), "new");
  EXPECT_EQ(model.unsynced(), 1U);
  model.apply(op(Kind::Sync, "a"));
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_EQ(cut(model, Cut::Mixed, seed).at("a"), "new");
    EXPECT_EQ(cut(model, Cut::Damaging, seed).at("a"), "new");
  }
  EXPECT_EQ(model.unsynced(), 0U);
}

TEST(DiskModel, a_name_is_durable_only_after_its_folder_was_synced) {
  DiskModel model;
  model.apply(op(Kind::Create, "b/a"));
  model.apply(write("b/a", 0, "bytes"));
  model.apply(op(Kind::Sync, "b/a"));
  EXPECT_TRUE(cut(model, Cut::NothingMore).empty());
  model.apply(op(Kind::SyncFolder, ""));
  EXPECT_TRUE(cut(model, Cut::NothingMore).empty()) << "another folder";
  model.apply(op(Kind::SyncFolder, "b"));
  EXPECT_EQ(cut(model, Cut::NothingMore).at("b/a"), "bytes");
}

TEST(DiskModel, a_rename_may_arrive_before_the_bytes_of_its_file) {
  DiskModel model(DiskImage{{"store", "old"}});
  model.apply(op(Kind::Create, "store.new"));
  model.apply(write("store.new", 0, "new"));
  model.apply(op(Kind::Rename, "store.new", "store"));
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    seen.insert(cut(model, Cut::Mixed, seed)["store"]);
  EXPECT_EQ(seen, (std::set<std::string>{"", "new", "old"}));
  model.apply(op(Kind::SyncFolder, ""));
  EXPECT_EQ(cut(model, Cut::NothingMore).at("store"), "") << "the name, and nothing in it";
}

TEST(DiskModel, a_file_that_was_removed_may_come_back) {
  DiskModel model(DiskImage{{"journal", "hot"}});
  model.apply(op(Kind::Remove, "journal"));
  EXPECT_EQ(cut(model, Cut::NothingMore).at("journal"), "hot");
  EXPECT_TRUE(cut(model, Cut::Everything).empty());
  model.apply(op(Kind::SyncFolder, ""));
  EXPECT_TRUE(cut(model, Cut::NothingMore).empty());
}

TEST(DiskModel, what_a_failed_sync_dropped_never_arrives) {
  DiskModel model(DiskImage{{"a", "old"}});
  model.apply(write("a", 0, "new"));
  model.apply(op(Kind::Forget, "a"));
  model.apply(write("a", 3, "er"));
  model.apply(op(Kind::Sync, "a"));
  EXPECT_EQ(cut(model, Cut::Everything).at("a"), "older");
}

// One write of two pages over zeros: every fate of the catalogue is met, at its own boundaries.
TEST(DiskModel, a_write_is_applied_dropped_torn_or_its_tail_is_zero) {
  DiskModel model(DiskImage{{"a", std::string(8192, 'o')}});
  model.apply(write("a", 0, std::string(8192, 'n')));
  int whole = 0;
  int dropped = 0;
  int torn_at_sector = 0;
  int torn_at_page = 0;
  int zeroed = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const std::string bytes = cut(model, Cut::Mixed, seed).at("a");
    ASSERT_EQ(bytes.size(), 8192U);
    const std::size_t edge = bytes.find_first_not_of(bytes[0]);
    if (edge == std::string::npos) {
      (bytes[0] == 'n' ? whole : dropped)++;
      continue;
    }
    ASSERT_EQ(edge % 512, 0U);
    ASSERT_EQ(bytes.find_first_not_of(bytes[edge], edge), std::string::npos) << "one edge";
    if (bytes.back() == '\0') {
      ++zeroed;
    } else {
      (edge == 4096 ? torn_at_page : torn_at_sector)++;
    }
  }
  EXPECT_GT(whole, 20);
  EXPECT_GT(dropped, 20);
  EXPECT_GT(torn_at_sector, 20);
  EXPECT_GT(torn_at_page, 20);
  EXPECT_GT(zeroed, 20);
}

TEST(DiskModel, writes_may_arrive_out_of_order_and_each_without_the_other) {
  DiskModel model(DiskImage{{"a", "00"}});
  model.apply(write("a", 0, "1"));
  model.apply(write("a", 1, "2"));
  model.apply(write("a", 0, "3"));
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 4'000; ++seed)
    seen.insert(cut(model, Cut::Mixed, seed).at("a"));
  EXPECT_EQ(seen, (std::set<std::string>{"00", "02", "10", "12", "30", "32"}));
}

TEST(DiskModel, a_medium_without_powersafe_overwrite_damages_what_shares_the_sector) {
  DiskModel model(DiskImage{{"a", std::string(2048, 'o')}});
  model.apply(write("a", 600, "n"));
  bool before = false;
  bool after = false;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::string bytes = cut(model, Cut::Damaging, seed).at("a");
    before = before || bytes.substr(512, 88) != std::string(88, 'o');
    after = after || bytes.substr(601, 423) != std::string(423, 'o');
  }
  EXPECT_TRUE(before);
  EXPECT_TRUE(after);
}

TEST(DiskModel, the_same_seed_cuts_the_same_way) {
  DiskModel model(DiskImage{{"a", std::string(4096, 'o')}});
  for (int i = 0; i < 20; ++i) model.apply(write("a", 100U * static_cast<unsigned>(i), "new"));
  EXPECT_EQ(cut(model, Cut::Damaging, 7), cut(model, Cut::Damaging, 7));
  EXPECT_NE(cut(model, Cut::Damaging, 7), cut(model, Cut::Damaging, 8));
}

TEST(FaultyDisk, a_folder_is_written_as_it_was_read) {
  const ScratchFolder folder;
  const DiskImage image = {{"a", std::string("x\0y\0\0", 5)}, {"backups/b", ""}};
  write_image(image, folder.data());
  EXPECT_EQ(image_of(folder.data()), image);
}

}  // namespace
}  // namespace larder::edge
