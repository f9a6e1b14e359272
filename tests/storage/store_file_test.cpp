// Files that are not what they should be: refused with a code and a sentence, and left as they are.
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "edge/storage/wal_header.hpp"
#include "tests/storage/store_fixture.hpp"

namespace larder::edge {
namespace {

// Opens and recovers; nothing when both succeed.
std::optional<Error> refusal_of(const std::filesystem::path& data, const StoreId& store = kStore) {
  auto journal = open_journal(data, store);
  if (!journal) return journal.error();
  auto recovered = (*journal)->recover();
  if (!recovered) return recovered.error();
  return std::nullopt;
}

void expect_refused(const std::filesystem::path& data, Code code, const std::string& word) {
  const std::string before = bytes_of(store_in(data));
  const auto refusal = refusal_of(data);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code(), code) << refusal->message();
  EXPECT_NE(refusal->message().find(word), std::string::npos) << refusal->message();
  EXPECT_TRUE(bytes_of(store_in(data)) == before) << "the file was touched";
}

// A stopped store with some events.
void fill(const std::filesystem::path& data, std::size_t groups = 3) {
  Author author;
  auto opened = open_and_recover(data);
  for (std::size_t i = 0; i < groups; ++i) ASSERT_TRUE(opened.journal->commit(author.group(5, 3)));
}

// A store whose hub was killed: its orders are in the -wal.
void fill_and_die(const std::filesystem::path& data, std::size_t groups = 3,
                  bool checkpoint = false) {
  EXPECT_EQ(
      wait_for(start_child([&] {
        auto opened = open_and_recover(data);
        Author author(Place{opened.recovered.epoch, opened.recovered.seq, opened.recovered.hash});
        for (std::size_t i = 0; i < groups; ++i) {
          if (!opened.journal->commit(author.group(5, 3, 4'000))) return 1;
        }
        for (int i = 0; checkpoint && opened.journal->wal_bytes() < 9'000'000; ++i) {
          if (!opened.journal->commit(author.group(100, 0, 10'000))) return 2;
        }
        if (checkpoint && !opened.journal->maintain(true, TimePoint{1})) return 3;
        if (checkpoint && !opened.journal->commit(author.group(5))) return 4;
        ::_exit(0);
      })),
      0);
}

TEST(StoreFile, case_100_an_empty_file_is_refused) {
  const Folder folder;
  fill(folder.data());
  write_bytes(store_in(folder.data()), "");
  expect_refused(folder.data(), Code::Corrupt, "is empty");
}

TEST(StoreFile, case_100_a_file_that_is_no_database_is_refused) {
  const Folder folder;
  fill(folder.data());
  write_bytes(store_in(folder.data()), std::string(100'000, 'x'));
  expect_refused(folder.data(), Code::Corrupt, "is not a database");
  write_bytes(store_in(folder.data()), "short");
  expect_refused(folder.data(), Code::Corrupt, "cut short");
}

TEST(StoreFile, case_100_another_applications_database_is_refused) {
  const Folder folder;
  fill(folder.data());
  const auto file = store_in(folder.data());
  tamper(file, "PRAGMA application_id = 7");
  tamper(file, "PRAGMA wal_checkpoint(TRUNCATE)");
  expect_refused(folder.data(), Code::Corrupt, "another application");
}

TEST(StoreFile, case_100_a_later_schema_is_refused_untouched) {
  const Folder folder;
  fill(folder.data());
  tamper(store_in(folder.data()), "PRAGMA user_version = 99");
  expect_refused(folder.data(), Code::NewerSchema, "later Larder");
}

TEST(StoreFile, case_100_another_stores_file_is_refused) {
  const Folder folder;
  fill(folder.data());
  const auto refusal = refusal_of(folder.data(), StoreId("s2"));
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code(), Code::WrongStore);
  EXPECT_FALSE(refusal_of(folder.data()));
}

TEST(StoreFile, case_100_a_file_cut_short_is_refused_at_every_length) {
  const Folder folder;
  fill(folder.data(), 40);
  const std::string whole = bytes_of(store_in(folder.data()));
  // The file grows a megabyte at a time: only a cut into its pages is a loss.
  const auto byte = [&](std::size_t at) {
    return std::size_t{static_cast<unsigned char>(whole[at])};
  };
  const std::size_t pages = byte(30) * 256 + byte(31);
  ASSERT_GT(pages, 8U);
  for (std::size_t kept = 0; kept < pages; kept += 3) {
    write_bytes(store_in(folder.data()), whole.substr(0, kept * 4096));
    const auto refusal = refusal_of(folder.data());
    ASSERT_TRUE(refusal) << kept << " pages";
    EXPECT_EQ(refusal->code(), Code::Corrupt) << refusal->message();
  }
  write_bytes(store_in(folder.data()), whole);
  EXPECT_FALSE(refusal_of(folder.data()));
}

TEST(StoreFile, case_121_a_file_under_another_hubs_name_is_refused) {
  const Folder folder;
  fill(folder.data());
  std::filesystem::rename(store_in(folder.data()), folder.data() / "h-aaaaaaaaaaaa.larder");
  for (const auto& entry : std::filesystem::directory_iterator(folder.data())) {
    if (entry.path().string().ends_with("-wal")) std::filesystem::remove(entry.path());
  }
  expect_refused(folder.data(), Code::Corrupt, "its name does not say");
}

TEST(StoreFile, two_store_files_are_refused) {
  const Folder folder;
  fill(folder.data());
  std::filesystem::copy_file(store_in(folder.data()), folder.data() / "copy.larder");
  const auto refusal = refusal_of(folder.data());
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code(), Code::Corrupt);
}

TEST(StoreFile, a_second_name_or_a_link_is_refused) {
  const Folder folder;
  fill(folder.data());
  const auto file = store_in(folder.data());
  ASSERT_EQ(::link(file.c_str(), (folder.path() / "second-name").c_str()), 0);
  expect_refused(folder.data(), Code::Corrupt, "2 names");
  std::filesystem::remove(folder.path() / "second-name");
  EXPECT_FALSE(refusal_of(folder.data()));
  std::filesystem::rename(file, folder.path() / "elsewhere");
  ASSERT_EQ(::symlink((folder.path() / "elsewhere").c_str(), file.c_str()), 0);
  expect_refused(folder.data(), Code::Corrupt, "is a link");
}

TEST(StoreFile, a_trigger_dropped_by_hand_is_noticed) {
  const Folder folder;
  fill(folder.data());
  auto connection =
      sql::Connection::open(store_in(folder.data()), sql::Connection::Mode::ReadWrite);
  ASSERT_TRUE(connection->execute("DROP TRIGGER events_stay"));
  connection = sql::Connection::open("", sql::Connection::Mode::Memory);
  expect_refused(folder.data(), Code::Corrupt, "did not make");
}

TEST(StoreFile, case_101_a_wal_that_was_deleted_is_noticed) {
  const Folder folder;
  fill_and_die(folder.data());
  std::filesystem::remove(wal_of(store_in(folder.data())));
  expect_refused(folder.data(), Code::Corrupt, "its -wal is gone");
  write_bytes(wal_of(store_in(folder.data())), "");
  expect_refused(folder.data(), Code::Corrupt, "its -wal is gone");
}

TEST(StoreFile, case_101_a_wal_of_another_database_is_noticed) {
  const Folder one;
  const Folder two;
  fill_and_die(one.data());
  fill_and_die(two.data());
  const auto wal = wal_of(store_in(one.data()));
  const std::string own = bytes_of(wal);
  write_bytes(wal, bytes_of(wal_of(store_in(two.data()))));
  expect_refused(one.data(), Code::Corrupt, "another database");
  write_bytes(wal, "garbage" + own.substr(7));
  expect_refused(one.data(), Code::Corrupt, "is damaged");
  write_bytes(wal, own);
  EXPECT_FALSE(refusal_of(one.data()));
}

TEST(StoreFile, case_101_a_foreign_wal_beside_a_cleanly_stopped_store_is_noticed) {
  const Folder one;
  const Folder two;
  fill(one.data());
  fill_and_die(two.data());
  write_bytes(wal_of(store_in(one.data())), bytes_of(wal_of(store_in(two.data()))));
  const std::string before = bytes_of(store_in(one.data()));
  const auto refusal = refusal_of(one.data());
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code(), Code::Corrupt) << refusal->message();
  EXPECT_TRUE(bytes_of(store_in(one.data())) == before);
}

TEST(StoreFile, case_101_an_older_wal_of_the_same_run_is_noticed) {
  const Folder folder;
  fill_and_die(folder.data());
  const std::string early = bytes_of(wal_of(store_in(folder.data())));
  fill_and_die(folder.data(), 3, true);
  write_bytes(wal_of(store_in(folder.data())), early);
  const auto refusal = refusal_of(folder.data());
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code(), Code::Corrupt) << refusal->message();
}

TEST(StoreFile, case_101_a_wal_without_its_store_is_no_new_store) {
  const Folder folder;
  fill_and_die(folder.data());
  std::filesystem::remove(store_in(folder.data()));
  const auto refusal = refusal_of(folder.data());
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code(), Code::Corrupt);
}

TEST(StoreFile, case_101_stale_shm_is_of_no_consequence) {
  const Folder folder;
  fill_and_die(folder.data());
  write_bytes(store_in(folder.data()).string() + "-shm", std::string(32'768, 'g'));
  EXPECT_EQ(open_and_recover(folder.data()).recovered.seq, 15U);
}

TEST(StoreFile, case_107_a_technicians_shell_is_busy_while_the_hub_runs) {
  const Folder folder;
  auto opened = open_and_recover(folder.data());
  ASSERT_TRUE(opened.journal->commit(Author().group(2)));
  const auto file = opened.journal->file();
  EXPECT_EQ(wait_for(start_child([&] {
              auto shell = sql::Connection::open(file, sql::Connection::Mode::ReadWrite);
              if (!shell || !shell->execute("PRAGMA busy_timeout=50")) return 1;
              auto count = shell->integer("SELECT count(*) FROM events");
              if (count) return 2;
              return count.error().code() == Code::Locked ? 0 : 3;
            })),
            0);
  EXPECT_TRUE(opened.journal->read(0, 9));
}

TEST(StoreFile, case_106_a_directory_that_denies_the_wal_is_refused_in_words) {
  if (::geteuid() == 0) {
    // Root may write anywhere: a directory in the place of the -wal denies it to root, too.
    const Folder folder;
    fill(folder.data());
    const auto wal = wal_of(store_in(folder.data()));
    std::filesystem::remove(wal);
    std::filesystem::create_directory(wal);
    const auto refusal = refusal_of(folder.data());
    ASSERT_TRUE(refusal);
    EXPECT_FALSE(refusal->message().empty());
    return;
  }
  const Folder folder;
  fill(folder.data());
  ASSERT_EQ(::chmod(folder.data().c_str(), 0500), 0);
  const auto refusal = refusal_of(folder.data());
  ASSERT_EQ(::chmod(folder.data().c_str(), 0700), 0);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code(), Code::BadConfig);
}

TEST(StoreFile, random_hub_ids_are_well_formed) {
  for (int i = 0; i < 100; ++i) {
    const std::string id = random_hub_id().text();
    ASSERT_EQ(id.size(), 14U);
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567-"), std::string::npos) << id;
  }
}

}  // namespace
}  // namespace larder::edge
