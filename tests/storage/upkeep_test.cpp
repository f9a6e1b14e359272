// What the journal does between groups: checkpoints, retention, ballast.
#include "tests/storage/store_fixture.hpp"

#include "core/base/limits.hpp"

namespace larder::edge {
namespace {

constexpr std::int64_t kDayMicros = 86'400'000'000;

void fill_wal(SqliteJournal& journal, Author& author, std::uint64_t bytes) {
  while (journal.wal_bytes() < bytes) {
    ASSERT_TRUE(journal.commit(author.group(50, 0, 10'000)));
  }
}

TEST(Upkeep, the_wal_is_copied_back_from_8_mb_when_idle_and_from_32_mb_always) {
  const Folder folder;
  Author author;
  auto opened = open_and_recover(folder.data());
  fill_wal(*opened.journal, author, 2'000'000);
  ASSERT_TRUE(opened.journal->maintain(true, TimePoint{1}));
  EXPECT_GT(opened.journal->wal_bytes(), 0U);
  fill_wal(*opened.journal, author, 9'000'000);
  ASSERT_TRUE(opened.journal->maintain(false, TimePoint{2}));
  EXPECT_GT(opened.journal->wal_bytes(), 0U);
  ASSERT_TRUE(opened.journal->maintain(true, TimePoint{3}));
  EXPECT_EQ(opened.journal->wal_bytes(), 0U);
  fill_wal(*opened.journal, author, 34'000'000);
  ASSERT_TRUE(opened.journal->maintain(false, TimePoint{4}));
  EXPECT_EQ(opened.journal->wal_bytes(), 0U);
}

TEST(Upkeep, the_wal_is_used_again_from_its_start_and_kept) {
  const Folder folder;
  Author author;
  auto opened = open_and_recover(folder.data());
  const auto wal = opened.journal->file().string() + "-wal";
  fill_wal(*opened.journal, author, 9'000'000);
  const auto size = std::filesystem::file_size(wal);
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(opened.journal->maintain(true, TimePoint{i}));
    fill_wal(*opened.journal, author, 8'500'000);
  }
  EXPECT_LE(std::filesystem::file_size(wal), size + 1'000'000);
  EXPECT_GE(std::filesystem::file_size(wal), 8'500'000U);
}

TEST(Upkeep, case_108_a_wal_that_nobody_looks_after_ends_at_128_mb) {
  const Folder folder;
  Author author;
  auto opened = open_and_recover(folder.data());
  std::uint64_t highest = 0;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(opened.journal->commit(author.group(16, 0, 500'000)));
    highest = std::max(highest, opened.journal->wal_bytes());
  }
  EXPECT_LT(highest, 150'000'000U);
  EXPECT_LT(opened.journal->wal_bytes(), 128'000'000U);
}

std::size_t answers_in(const std::filesystem::path& data) {
  return open_and_recover(data).recovered.answer_keys.size();
}

Group answers(int first, int count, std::int64_t at) {
  Group group;
  for (int i = first; i < first + count; ++i) {
    group.answers.push_back(answer_for("c-" + std::to_string(i), TimePoint{at}));
  }
  return group;
}

TEST(Upkeep, case_37_answers_leave_after_their_days_at_most_500_in_a_step) {
  const Folder folder;
  const std::int64_t now = 1'800'000'000'000'000;
  const std::int64_t old = now - (kAnswerRetentionDays + 1) * kDayMicros;
  const std::int64_t young = now - (kAnswerRetentionDays - 1) * kDayMicros;
  {
    auto opened = open_and_recover(folder.data());
    ASSERT_TRUE(opened.journal->commit(answers(0, 1'200, old)));
    ASSERT_TRUE(opened.journal->commit(answers(1'200, 100, young)));
    ASSERT_TRUE(opened.journal->maintain(true, TimePoint{now}));
  }
  EXPECT_EQ(answers_in(folder.data()), 800U);
  {
    auto opened = open_and_recover(folder.data());
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(opened.journal->maintain(true, TimePoint{now + i}));
    EXPECT_FALSE(*opened.journal->answer(CommandId("c-1199")));
    EXPECT_TRUE(*opened.journal->answer(CommandId("c-1200")));
  }
  EXPECT_EQ(answers_in(folder.data()), 100U);
}

TEST(Upkeep, an_answer_from_the_future_holds_up_none_behind_it) {
  const Folder folder;
  const std::int64_t now = 1'800'000'000'000'000;
  const std::int64_t old = now - (kAnswerRetentionDays + 1) * kDayMicros;
  {
    auto opened = open_and_recover(folder.data());
    ASSERT_TRUE(opened.journal->commit(answers(0, 600, now + 900 * kDayMicros)));
    ASSERT_TRUE(opened.journal->commit(answers(600, 50, old)));
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(opened.journal->maintain(true, TimePoint{now + i}));
  }
  EXPECT_EQ(answers_in(folder.data()), 600U);
}

TEST(Upkeep, the_ballast_is_set_aside_when_there_is_room) {
  const Folder folder;
  {
    auto journal =
        open_journal(folder.data(), kStore, JournalOptions{HubId(), 1U << 20U, edge_migrations()});
    ASSERT_TRUE(journal);
    EXPECT_TRUE((*journal)->has_ballast());
    EXPECT_EQ(std::filesystem::file_size(folder.data() / "ballast"), 1U << 20U);
  }
  EXPECT_TRUE(std::filesystem::exists(folder.data() / "ballast"));
  Ballast too_large(folder.data(), 1ULL << 60U);
  too_large.set_aside();
  EXPECT_FALSE(too_large.is_set_aside());
  Ballast again(folder.data(), 1U << 20U);
  again.set_aside();
  EXPECT_TRUE(again.is_set_aside());
  EXPECT_TRUE(again.release());
  EXPECT_FALSE(again.release());
}

}  // namespace
}  // namespace larder::edge
