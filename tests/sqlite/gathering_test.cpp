// What is written to a -wal is gathered: few writes, all of them there when a commit returns, and
// one that fails late fails its transaction and no other.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <string>
#include <vector>

#include "platform/sqlite/gathering_vfs.hpp"
#include "tests/sqlite/wal_lab.hpp"

namespace larder::sql {
namespace {

using Kind = DiskOp::Kind;
using edge::Fault;
using edge::Lasting;

constexpr const char* kFull = "PRAGMA synchronous=FULL";
// Ten pages of cache: what a transaction changes is in the -wal long before its commit.
constexpr const char* kSpills = "PRAGMA synchronous=FULL; PRAGMA cache_size=10";

TEST(Gathering, a_commit_reaches_the_file_in_few_writes_and_is_there_when_it_returns) {
  for (const char* pragma :
       {"PRAGMA synchronous=OFF", "PRAGMA synchronous=NORMAL", kFull, "PRAGMA synchronous=EXTRA"}) {
    WalLab lab(pragma);
    for (int round = 0; round < 5; ++round) {
      const std::size_t before = lab.mark();
      const auto bytes = lab.wal_bytes();
      ASSERT_TRUE(lab.commit(round * 10 + 1, round * 10 + 10).has_value()) << pragma;
      EXPECT_GE((lab.wal_bytes() - bytes) / kFrameBytes, 10U) << pragma;
      EXPECT_LE(lab.count(before, Kind::Write, WalLab::kWal), 2U) << pragma;
      EXPECT_EQ(lab.rows_after_a_kill(), round * 10 + 10) << pragma;
    }
  }
}

// A sector ends at every place of a frame.
TEST(Gathering, a_commit_padded_to_its_sector_is_there_when_it_returns) {
  for (int first = 1; first <= 4; ++first) {
    WalLab lab(kFull, Connection::Mode::Careful);
    ASSERT_TRUE(lab.commit(1, first).has_value());
    for (int row = first + 1; row <= 300; ++row) {
      const std::size_t before = lab.mark();
      ASSERT_TRUE(lab.commit(row, row).has_value());
      EXPECT_GE(lab.count(before, Kind::Sync, WalLab::kWal), 1U);
      ASSERT_EQ((lab.wal_bytes() - 32) % kFrameBytes, 0U)
          << "the padding's end is in hand: " << row;
    }
    EXPECT_EQ(lab.rows_after_a_kill(), 300);
  }
}

TEST(Gathering, a_transaction_larger_than_what_is_gathered_is_written_in_pieces) {
  WalLab lab(kFull);
  const std::size_t before = lab.mark();
  ASSERT_TRUE(lab.commit(1, 200).has_value());
  ASSERT_GT(lab.wal_bytes(), 10 * kGatheredBytesMax);
  EXPECT_LE(lab.count(before, Kind::Write, WalLab::kWal), 20U);
  for (const DiskOp& op : lab.disk().trace()) EXPECT_LE(op.bytes.size(), kGatheredBytesMax);
  EXPECT_EQ(lab.rows_after_a_kill(), 200);
}

TEST(Gathering, a_page_as_large_as_all_that_is_gathered_passes) {
  WalLab lab("PRAGMA page_size=65536; PRAGMA synchronous=NORMAL");
  ASSERT_TRUE(lab.commit(1, 100).has_value());
  EXPECT_EQ(lab.rows_after_a_kill(), 100);
}

TEST(Gathering, what_a_transaction_has_spilled_it_reads_back) {
  for (const char* pragma : {"PRAGMA synchronous=OFF; PRAGMA cache_size=10",
                             "PRAGMA synchronous=NORMAL; PRAGMA cache_size=10", kSpills}) {
    WalLab lab(pragma);
    ASSERT_TRUE(lab.commit(1, 5).has_value());
    const auto bytes = lab.wal_bytes();
    auto transaction = Transaction::begin(lab.connection());
    ASSERT_TRUE(transaction.has_value());
    for (int row = 6; row <= 300; ++row) {
      ASSERT_TRUE(lab.put(row, row).has_value());
      for (const int back : {1, 3, 9, 12, 15, 40}) {
        ASSERT_TRUE(row <= back || lab.has(row - back).value_or(false)) << row << " " << back;
      }
    }
    EXPECT_GT(lab.wal_bytes(), bytes) << "it has spilled";
    EXPECT_EQ(lab.rows_after_a_kill(), 5) << pragma;
    ASSERT_TRUE(transaction->commit().has_value());
    EXPECT_EQ(lab.rows_after_a_kill(), 300) << pragma;
  }
}

TEST(Gathering, what_was_spilled_and_rolled_back_harms_nobody) {
  WalLab lab(kSpills);
  ASSERT_TRUE(lab.commit(1, 5).has_value());
  for (int round = 0; round < 3; ++round) {
    {
      auto transaction = Transaction::begin(lab.connection());
      ASSERT_TRUE(transaction.has_value());
      ASSERT_TRUE(lab.put(100, 130 + round * 7).has_value());
    }
    EXPECT_EQ(lab.rows_after_a_kill(), 5 + round);
    ASSERT_TRUE(lab.commit(6 + round, 6 + round).has_value());
    EXPECT_EQ(lab.rows_after_a_kill(), 6 + round);
    EXPECT_TRUE(lab.has(6 + round).value_or(false));
  }
}

TEST(Gathering, case_93_a_write_that_fails_at_the_commit_fails_it_and_no_other) {
  for (const Fault fault : {Fault::Full, Fault::WriteError}) {
    for (int after = 0; after < 3; ++after) {
      WalLab lab(kFull);
      ASSERT_TRUE(lab.commit(1, 5).has_value());
      lab.disk().arm(fault, after, Lasting::Once, "-wal");
      const auto failed = lab.commit(6, 60);
      ASSERT_TRUE(lab.disk().has_struck());
      ASSERT_FALSE(failed.has_value()) << after;
      EXPECT_EQ(failed.error().code(),
                fault == Fault::Full ? Code::StorageFull : Code::StorageFault);
      EXPECT_FALSE(lab.connection().in_transaction());
      EXPECT_EQ(lab.rows_after_a_kill(), 5);
      EXPECT_TRUE(lab.has(5).value_or(false));
      EXPECT_TRUE(lab.commit(6, 8).has_value());
      EXPECT_EQ(lab.rows_after_a_kill(), 8);
    }
  }
}

// The padding of a commit goes beyond its sync. What was in hand of it was lost with the first
// write of the next transaction, and with it the page: no commit was taken again, no read either.
TEST(Gathering, case_93_a_failed_write_takes_nothing_of_the_commit_before_it) {
  for (int rows = 1; rows <= 20; ++rows) {
    WalLab lab(kFull, Connection::Mode::Careful);
    for (int row = 1; row <= rows; ++row) ASSERT_TRUE(lab.commit(row, row).has_value());
    lab.disk().arm(Fault::Full, 0, Lasting::Once, "-wal");
    ASSERT_FALSE(lab.commit(rows + 1, rows + 3).has_value());
    ASSERT_TRUE(lab.disk().has_struck());
    EXPECT_TRUE(lab.has(rows).value_or(false));
    EXPECT_EQ(lab.rows_after_a_kill(), rows);
    EXPECT_TRUE(lab.commit(rows + 1, rows + 3).has_value());
    EXPECT_EQ(lab.rows_after_a_kill(), rows + 3);
  }
}

// A page that is in the -wal since long and is changed again is written over there, and at the
// commit the checksums behind it are made anew: the last thing written is a header without a page.
TEST(Gathering, a_commit_that_wrote_over_what_it_had_spilled_is_there_when_it_returns) {
  for (const char* pragma : {"PRAGMA synchronous=OFF; PRAGMA cache_size=10",
                             "PRAGMA synchronous=NORMAL; PRAGMA cache_size=10", kSpills}) {
    WalLab lab(pragma);
    ASSERT_TRUE(lab.commit(1, 5).has_value());
    auto transaction = Transaction::begin(lab.connection());
    ASSERT_TRUE(transaction.has_value());
    ASSERT_TRUE(lab.put(6, 100).has_value());
    ASSERT_TRUE(lab.blank(20, 50).has_value());
    ASSERT_TRUE(lab.write_again(20, 50).has_value());
    ASSERT_TRUE(transaction->commit().has_value());
    EXPECT_EQ(lab.rows_after_a_kill(), 100) << pragma;
  }
}

// A transaction that has spilled, and a statement that asked for what was in hand when the disk was
// full: SQLite undoes that statement alone. Whatever comes then, the transaction does not end well,
// and the next one does.
class LostInASpill : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(lab_.commit(1, 5).has_value());
    auto begun = Transaction::begin(lab_.connection());
    ASSERT_TRUE(begun.has_value());
    transaction_.emplace(std::move(*begun));
    ASSERT_TRUE(lab_.put(6, 60).has_value());
    lab_.disk().arm(Fault::Full, 0, Lasting::Once, "-wal");
    for (int row = 60; row > 6 && !lab_.disk().has_struck(); row -= 2) {
      const bool is_done = lab_.blank(row - 1, row).has_value();
      EXPECT_NE(is_done, lab_.disk().has_struck());
    }
    ASSERT_TRUE(lab_.disk().has_struck());
    ASSERT_TRUE(lab_.connection().in_transaction());
  }
  void expect_lost() {
    EXPECT_FALSE(transaction_->commit().has_value());
    transaction_.reset();
    EXPECT_FALSE(lab_.connection().in_transaction());
    EXPECT_EQ(lab_.rows_after_a_kill(), 5);
    EXPECT_TRUE(lab_.commit(6, 90).has_value());
    EXPECT_EQ(lab_.rows_after_a_kill(), 90);
  }
  WalLab lab_{kSpills};
  std::optional<Transaction> transaction_;
};

TEST_F(LostInASpill, its_commit_fails) { expect_lost(); }

TEST_F(LostInASpill, what_was_lost_is_not_read_as_something_else) {
  int failed = 0;
  for (int row = 60; row >= 6 && lab_.connection().in_transaction(); --row) {
    failed += lab_.has(row) ? 0 : 1;
  }
  EXPECT_EQ(failed, 1) << "an error of the file ends the transaction";
  expect_lost();
}

// A -wal as SQLite sees it, without SQLite.
class BareWal : public testing::Test {
 protected:
  static constexpr int kPage = 4096;
  static constexpr sqlite3_int64 kFrame = 24 + kPage;

  void SetUp() override {
    sqlite3_vfs* const vfs = sqlite3_vfs_find(gathering_vfs());
    ASSERT_NE(vfs, nullptr);
    memory_.resize(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) + 1);
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL;
    path_ = std::filesystem::canonical(folder_.path()) / "bare-wal";
    ASSERT_TRUE(std::ofstream(folder_.path() / "bare").good());  // whose rights a -wal is given
    ASSERT_EQ(vfs->xOpen(vfs, path_.c_str(), file(), flags, nullptr), SQLITE_OK);
  }
  void TearDown() override {
    if (file()->pMethods != nullptr) file()->pMethods->xClose(file());
  }
  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory_.data()); }
  int write(char with, int size, sqlite3_int64 at) {
    const std::string bytes(static_cast<std::size_t>(size), with);
    return file()->pMethods->xWrite(file(), bytes.data(), size, at);
  }
  static sqlite3_int64 place(int number) { return 32 + number * kFrame; }
  // Frames that end no transaction have a header of zeros.
  int frame(int number) {
    const int code = write('\0', 24, place(number));
    return code == SQLITE_OK ? write('p', kPage, place(number) + 24) : code;
  }
  int read(int number) {
    std::string page(kPage, '\0');
    const int code = file()->pMethods->xRead(file(), page.data(), kPage, place(number) + 24);
    return code == SQLITE_OK && page != std::string(kPage, 'p') ? SQLITE_CORRUPT : code;
  }
  edge::ScratchFolder folder_;
  edge::FaultyDisk disk_{folder_.path()};
  std::filesystem::path path_;
  std::vector<std::max_align_t> memory_;
};

TEST_F(BareWal, what_is_in_hand_is_read) {
  for (int number = 0; number < 40; ++number) {
    ASSERT_EQ(frame(number), SQLITE_OK);
    ASSERT_EQ(read(number), SQLITE_OK) << number;
    ASSERT_EQ(read(number / 2), SQLITE_OK) << number;
  }
}

TEST_F(BareWal, a_size_counts_what_is_in_hand) {
  sqlite3_int64 size = 0;
  ASSERT_EQ(frame(0), SQLITE_OK);
  ASSERT_EQ(file()->pMethods->xFileSize(file(), &size), SQLITE_OK);
  EXPECT_EQ(size, place(1));
  ASSERT_EQ(frame(1), SQLITE_OK);
  ASSERT_EQ(file()->pMethods->xTruncate(file(), place(1)), SQLITE_OK);
  ASSERT_EQ(file()->pMethods->xFileSize(file(), &size), SQLITE_OK);
  EXPECT_EQ(size, place(1));
}

TEST_F(BareWal, behind_what_was_lost_nothing_is_taken_until_its_frame_comes_again) {
  for (int number = 0; number < 3; ++number) ASSERT_EQ(frame(number), SQLITE_OK);
  ASSERT_EQ(read(0), SQLITE_OK);  // and they are in the file
  for (int number = 3; number < 6; ++number) ASSERT_EQ(frame(number), SQLITE_OK);
  disk_.arm(Fault::Full, 0, Lasting::Once, "-wal");
  EXPECT_NE(read(0), SQLITE_OK);  // wrote them out
  EXPECT_EQ(read(0), SQLITE_OK);
  EXPECT_EQ(read(2), SQLITE_OK);
  EXPECT_NE(read(3), SQLITE_OK);
  EXPECT_NE(read(5), SQLITE_OK);
  EXPECT_NE(frame(6), SQLITE_OK);
  EXPECT_NE(write('p', kPage, place(1) + 24), SQLITE_OK)
      << "a page written over says nothing of them";
  EXPECT_NE(frame(6), SQLITE_OK);
  EXPECT_NE(read(3), SQLITE_OK);
  for (int number = 2; number < 8; ++number) ASSERT_EQ(frame(number), SQLITE_OK);
  for (int number = 0; number < 8; ++number) EXPECT_EQ(read(number), SQLITE_OK);
}

}  // namespace
}  // namespace larder::sql
