#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "tests/storage/store_fixture.hpp"

namespace larder::edge {
namespace {

Code code_on_opening(const std::filesystem::path& path) {
  auto directory = DataDirectory::open(path, FileSystemRule::Any);
  EXPECT_FALSE(directory);
  return directory ? Code::Unavailable : directory.error().code();
}

TEST(DataDirectory, is_made_for_its_owner_alone) {
  const Folder folder;
  auto directory = DataDirectory::open(folder.data(), FileSystemRule::Any);
  ASSERT_TRUE(directory);
  struct stat found {};
  ASSERT_EQ(::stat(folder.data().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0700U);
  ASSERT_EQ(::stat((folder.data() / "hub.lock").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST(DataDirectory, case_90_a_second_process_is_locked_out_until_the_first_is_gone) {
  const Folder folder;
  std::array<int, 2> ready{};
  std::array<int, 2> leave{};
  ASSERT_EQ(::pipe(ready.data()), 0);
  ASSERT_EQ(::pipe(leave.data()), 0);
  const pid_t first = start_child([&] {
    auto journal = open_journal(folder.data());
    if (!journal || !(*journal)->recover()) return 1;
    char byte = 'r';
    if (::write(ready[1], &byte, 1) != 1) return 2;
    return ::read(leave[0], &byte, 1) == 1 ? 0 : 3;
  });
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);

  auto second = open_journal(folder.data());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Code::Locked);
  EXPECT_NE(second.error().message().find("process " + std::to_string(first)), std::string::npos)
      << second.error().message();

  ASSERT_EQ(::write(leave[1], &byte, 1), 1);
  EXPECT_EQ(wait_for(first), 0);
  EXPECT_TRUE(open_and_recover(folder.data()).journal);
  for (const int end : {ready[0], ready[1], leave[0], leave[1]}) ::close(end);
}

TEST(DataDirectory, case_90_the_same_process_cannot_open_it_twice_either) {
  const Folder folder;
  auto first = DataDirectory::open(folder.data(), FileSystemRule::Any);
  ASSERT_TRUE(first);
  EXPECT_EQ(code_on_opening(folder.data()), Code::Locked);
}

TEST(DataDirectory, refuses_what_others_may_write_and_what_is_no_directory) {
  const Folder folder;
  ASSERT_EQ(::mkdir(folder.data().c_str(), 0700), 0);
  ASSERT_EQ(::chmod(folder.data().c_str(), 0777), 0);
  EXPECT_EQ(code_on_opening(folder.data()), Code::BadConfig);
  ASSERT_EQ(::chmod(folder.data().c_str(), 0500), 0);
  EXPECT_EQ(code_on_opening(folder.data()), Code::BadConfig);
  ASSERT_EQ(::chmod(folder.data().c_str(), 0755), 0);
  EXPECT_TRUE(DataDirectory::open(folder.data(), FileSystemRule::Any));
  write_bytes(folder.path() / "file", "x");
  EXPECT_EQ(code_on_opening(folder.path() / "file"), Code::BadConfig);
  EXPECT_EQ(code_on_opening(folder.path() / "no" / "parent"), Code::StorageFault);
}

TEST(DataDirectory, refuses_one_that_belongs_to_somebody_else) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  const Folder folder;
  ASSERT_EQ(::mkdir(folder.data().c_str(), 0700), 0);
  ASSERT_EQ(::chown(folder.data().c_str(), 12345, 12345), 0);
  EXPECT_EQ(code_on_opening(folder.data()), Code::BadConfig);
}

TEST(DataDirectory, refuses_a_file_system_that_does_not_keep_promises) {
  // procfs stands for NFS, 9p and overlay: it is everywhere, and on no list.
  EXPECT_FALSE(is_trusted_file_system("/proc"));
  EXPECT_FALSE(is_trusted_file_system("/does/not/exist"));
  if (::geteuid() == 0) {
    auto refused = DataDirectory::open("/proc/self");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Code::BadConfig);
    EXPECT_NE(refused.error().message().find("file system"), std::string::npos)
        << refused.error().message();
  }
}

TEST(DataDirectory, follows_links_to_one_canonical_path) {
  const Folder folder;
  ASSERT_TRUE(DataDirectory::open(folder.data(), FileSystemRule::Any));
  const auto link = folder.path() / "link";
  ASSERT_EQ(::symlink(folder.data().c_str(), link.c_str()), 0);
  auto directory = DataDirectory::open(link, FileSystemRule::Any);
  ASSERT_TRUE(directory);
  EXPECT_EQ(directory->path(), std::filesystem::canonical(folder.data()));
  EXPECT_EQ(code_on_opening(folder.data()), Code::Locked);
}

TEST(DataDirectory, notices_that_its_lock_file_was_replaced) {
  const Folder folder;
  auto directory = DataDirectory::open(folder.data(), FileSystemRule::Any);
  ASSERT_TRUE(directory);
  EXPECT_TRUE(directory->is_still_ours());
  ASSERT_EQ(::unlink((folder.data() / "hub.lock").c_str()), 0);
  EXPECT_FALSE(directory->is_still_ours());
  write_bytes(folder.data() / "hub.lock", "");
  EXPECT_FALSE(directory->is_still_ours());
}

}  // namespace
}  // namespace larder::edge
