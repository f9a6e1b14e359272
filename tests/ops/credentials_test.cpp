// Secrets that the service manager hands over, as a config names them.
#include "platform/process/credentials.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "edge/ops/config.hpp"

namespace larder::edge {
namespace {

// A directory as systemd makes one, named in the environment.
class GivenDirectory {
 public:
  GivenDirectory() {
    std::string pattern = std::filesystem::temp_directory_path() / "larder-credentials.XXXXXX";
    path_ = mkdtemp(pattern.data());
    setenv("CREDENTIALS_DIRECTORY", path_.c_str(), 1);
  }
  ~GivenDirectory() {
    unsetenv("CREDENTIALS_DIRECTORY");
    std::filesystem::remove_all(path_);
  }
  GivenDirectory(const GivenDirectory&) = delete;
  GivenDirectory& operator=(const GivenDirectory&) = delete;

  std::string put(const std::string& name, mode_t mode) const {
    const std::string file = path_ + "/" + name;
    std::ofstream(file) << "secret\n";
    chmod(file.c_str(), mode);
    return file;
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

const std::string kWithKeys =
    "[store]\nid = \"s1\"\nname = \"Sample store\"\nzone = \"Europe/Berlin\"\n"
    "[uplink]\naddress = \"mq.example\"\n"
    "cert_file = \"$CREDENTIALS_DIRECTORY/hub.crt\"\n"
    "key_file = \"$CREDENTIALS_DIRECTORY/hub.key\"\n";

TEST(Credentials, are_found_in_the_directory_that_was_given) {
  const GivenDirectory given;
  EXPECT_EQ(credential_path("$CREDENTIALS_DIRECTORY/hub.key"), given.path() + "/hub.key");
  EXPECT_EQ(credential_path("/etc/hub.key"), "/etc/hub.key");
  EXPECT_EQ(credential_path(""), "");
  EXPECT_FALSE(is_unknown_credential(credential_path("$CREDENTIALS_DIRECTORY/hub.key")));
}

TEST(Credentials, that_were_not_given_stay_names_and_are_refused_before_use) {
  unsetenv("CREDENTIALS_DIRECTORY");
  const std::string path = credential_path("$CREDENTIALS_DIRECTORY/hub.key");
  EXPECT_TRUE(is_unknown_credential(path));
  const auto known = all_credentials_known({"", "/etc/hub.crt", path});
  ASSERT_FALSE(known);
  EXPECT_EQ(known.error().code(), Code::BadConfig);
  EXPECT_NE(known.error().message().find("hub.key"), std::string::npos);
  EXPECT_TRUE(all_credentials_known({"", "/etc/hub.crt"}));
}

TEST(Credentials, may_show_a_group_that_reads_them_and_other_files_may_not) {
  const GivenDirectory given;
  EXPECT_TRUE(is_secret(given.path() + "/hub.key", 0440)) << "an access list for one user";
  EXPECT_FALSE(is_secret(given.path() + "/hub.key", 0444));
  EXPECT_FALSE(is_secret("/etc/hub.key", 0440));
  EXPECT_TRUE(is_secret("/etc/hub.key", 0600));
  unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_FALSE(is_secret(given.path() + "/hub.key", 0440));
}

TEST(Credentials, of_a_config_are_looked_at_when_they_were_given) {
  const GivenDirectory given;
  const std::string certificate = given.put("hub.crt", 0440);
  const auto missing = parse_config(kWithKeys, "edge.toml");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message().find("uplink.key_file"), std::string::npos);
  const std::string key = given.put("hub.key", 0440);
  const auto config = parse_config(kWithKeys, "edge.toml");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->uplink_cert_file, certificate);
  EXPECT_EQ(config->uplink_key_file, key);
  given.put("hub.key", 0444);
  EXPECT_FALSE(parse_config(kWithKeys, "edge.toml"));
}

TEST(Credentials, of_a_config_that_a_person_checks_are_no_fault) {
  unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_TRUE(parse_config(kWithKeys, "edge.toml"));
}

}  // namespace
}  // namespace larder::edge
