// Config files that must be refused, each with the place and a sentence (cases 86, 87 and 92).
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "edge/ops/config.hpp"
#include "platform/process/exit_codes.hpp"

namespace larder::edge {
namespace {

const std::string kStore =
    "[store]\n"
    "id = \"s1\"\n"
    "name = \"Sample store\"\n"
    "zone = \"Europe/Berlin\"\n";

// What is said about a text, or "" when it is accepted.
std::string said(const std::string& text) {
  const auto config = parse_config(text, "larder.toml");
  if (config) return {};
  EXPECT_EQ(config.error().code(), Code::BadConfig);
  return config.error().message();
}

struct Case {
  std::string text;
  std::string place;  // "line:column: ", or the front of it
  std::string part;   // of the sentence
};

void expect_refused(const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    const std::string message = said(each.text);
    EXPECT_EQ(message.rfind("larder.toml:" + each.place, 0), 0U)
        << "of\n"
        << each.text << "\nwas said: " << message;
    EXPECT_NE(message.find(each.part), std::string::npos) << "of\n"
                                                          << each.text << "\nwas said: " << message;
  }
}

class Folder {
 public:
  Folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "larder-config.XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& name, const std::string& text) const {
    const std::string path = path_ / name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(ConfigFaults, case_86_a_file_that_is_not_well_formed_is_refused_with_its_line) {
  expect_refused({
      {"\xEF\xBB\xBF" + kStore, "1:1: ", "byte order mark"},
      {"[store]\r\nid = \"s1\"\r\n", "1:8: ", "carriage return"},
      {"[store]\nid = \"s1\"\nname = \"x\"\r\n", "3:11: ", "carriage return"},
      {kStore + std::string("\0", 1), "5:1: ", "zero byte"},
      {"[store]\nid = \"s1\nname = \"x\"\n", "2:9: ", ""},
      {"[store\nid = \"s1\"\n", "1:7: ", ""},
      {"[store]\nid\t\"s1\"\n", "2:4: ", ""},
      {"[store]\nna\tme = \"x\"\n", "2:4: ", ""},
      {"store:\n\tid: s1\n", "1:6: ", ""},
      {"{\"store\": {\"id\": \"s1\"}}", "1:1: ", ""},
      {kStore + "[lan]\nport = 7480,\n", "6:12: ", ""},
      {kStore + "[lan]\nport = \n", "6:8: ", ""},
      {kStore + "[mdns]\nenabled = off\n", "6:", ""},
      {kStore + "name2 = \"\xC3\x28\"\n", "5:", ""},
  });
}

// toml++ 3.3.0 met these with undefined behaviour (seen under UBSan); see config.cpp.
TEST(ConfigFaults, case_86_letters_outside_ascii_where_none_belong_are_refused) {
  for (const char* letter : {"\u00e9", "\u0416", "\u6c64", "\u1681", "\ufeff", "\u2003"}) {
    expect_refused({
        {kStore + letter + "x = 1\n", "5:1: ", ""},
        {kStore + "[lan]\nport = " + letter + "\n", "6:", ""},
        {kStore + "[lan]\nport " + letter + "= 7480\n", "6:", ""},
    });
  }
}

TEST(ConfigFaults, case_86_an_empty_file_misses_what_must_be_set) {
  for (const std::string& text : std::vector<std::string>{"", "\n", "# nothing but a comment\n"}) {
    const std::string message = said(text);
    for (const char* key : {"store.id", "store.name", "store.zone"}) {
      EXPECT_NE(message.find("larder.toml:1:1: " + std::string(key) + " is missing"),
                std::string::npos)
          << message;
    }
  }
}

TEST(ConfigFaults, case_86_a_missing_or_unreadable_file_is_refused) {
  const Folder folder;
  const auto missing = read_config(folder.path() + "/none.toml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), Code::BadConfig);
  EXPECT_NE(missing.error().message().find("none.toml: cannot be read: No such file"),
            std::string::npos)
      << missing.error().message();
  const auto directory = read_config(folder.path());
  ASSERT_FALSE(directory);
  EXPECT_NE(directory.error().message().find("cannot be read"), std::string::npos)
      << directory.error().message();
  const auto huge = read_config(folder.file("huge.toml", std::string(kConfigBytesMax + 5, '#')));
  ASSERT_FALSE(huge);
  EXPECT_NE(huge.error().message().find("larger than 1 MiB"), std::string::npos);
  EXPECT_TRUE(read_config(folder.file("good.toml", kStore)));
}

TEST(ConfigFaults, case_86_unknown_keys_are_refused_and_the_nearest_one_is_named) {
  expect_refused({
      {kStore + "[lan]\nprot = 7480\n", "6:1: ", "unknown key lan.prot; did you mean lan.port?"},
      {kStore + "colour = \"#ffffff\"\n", "5:1: ", "unknown key store.colour"},
      {kStore + "[lam]\nport = 7480\n", "5:2: ", "unknown key lam"},
      {"port = 7480\n" + kStore, "1:1: ", "unknown key port"},
      {kStore + "[lan.port]\nnumber = 1\n", "5:", "lan.port is a table but must be a whole number"},
      {kStore + "\"evil\\u001b[31m\" = 1\n", "5:1: ", "store.evil\\x1b[31m"},
  });
}

TEST(ConfigFaults, case_86_duplicate_keys_are_refused) {
  expect_refused({
      {kStore + "id = \"s2\"\n", "5:", "id"},
      {kStore + "[lan]\nport = 1\n[lan]\nsessions = 40\n", "7:", "lan"},
      {"store.id = \"s1\"\n" + kStore, "2:", "store"},
  });
}

TEST(ConfigFaults, case_86_wrong_types_are_refused) {
  expect_refused({
      {kStore + "[lan]\nport = \"7480\"\n", "6:8: ", "lan.port is text but must be a whole number"},
      {kStore + "[lan]\nport = 7480.0\n", "6:8: ", "is a number with a fraction"},
      {kStore + "[lan]\nport = true\n", "6:8: ", "is true or false but must be a whole number"},
      {kStore + "[lan]\nport = [7480]\n", "6:8: ", "is a list"},
      {kStore + "[mdns]\nenabled = \"off\"\n", "6:11: ", "must be true or false, without quotes"},
      {kStore + "[mdns]\nenabled = 1\n", "6:11: ", "is a whole number but must be true or false"},
      {kStore + "day_start = 04:00:00\n", "5:13: ", "is a date or time but must be text in quotes"},
      {"lan = 3\n" + kStore, "1:1: ", "lan is a whole number but must be a table [lan]"},
      {kStore + "[[lan]]\nport = 1\n", "5:", "lan is a list but must be a table [lan]"},
  });
}

TEST(ConfigFaults, case_87_values_out_of_range_are_refused) {
  for (const char* port : {"0", "-1", "65536", "70000", "9223372036854775807"}) {
    expect_refused({{kStore + "[lan]\nport = " + port + "\n", "6:8: ", "must be 1 to 65535"}});
  }
  expect_refused({{kStore + "[lan]\nport = 99999999999999999999\n", "6:", ""}});
  for (const char* key : {"commands_per_second", "command_burst"}) {
    for (const char* value : {"0", "-5", "100001"}) {
      expect_refused({{kStore + "[lan]\n" + key + " = " + value + "\n", "6:", "1 to 100000"}});
    }
  }
  for (const char* value : {"0", "-1", "32", "257", "10000000000000"}) {
    expect_refused({{kStore + "[lan]\nsessions = " + value + "\n", "6:12: ", "must be 33 to 256"}});
  }
  for (const char* value : {"0", "-300", "9", "86401"}) {
    expect_refused({{kStore + "[kitchen]\nlate_s = " + value + "\n", "6:10: ", "10 to 86400"}});
  }
}

TEST(ConfigFaults, case_87_texts_that_mean_nothing_are_refused) {
  expect_refused({
      {"[store]\nid = \"\"\nname = \"x\"\nzone = \"UTC\"\n", "2:6: ", "store.id must be"},
      {"[store]\nid = \"a b\"\nname = \"x\"\nzone = \"UTC\"\n", "2:6: ", "store.id must be"},
      {"[store]\nid = \"" + std::string(65, 'a') + "\"\nname = \"x\"\nzone = \"UTC\"\n",
       "2:6: ", "store.id must be"},
      {"[store]\nid = \"a\"\nname = \"\"\nzone = \"UTC\"\n", "3:8: ", "store.name must be"},
      {"[store]\nid = \"a\"\nname = \"x\\u0007\"\nzone = \"UTC\"\n", "3:8: ", "store.name must be"},
      {"[store]\nid = \"a\"\nname = \"x\\u202Ey\"\nzone = \"UTC\"\n",
       "3:8: ", "store.name must be"},
      {kStore + "currency = \"eur\"\n", "5:12: ", "store.currency must be"},
      {kStore + "currency = \"EURO\"\n", "5:12: ", "store.currency must be"},
      {kStore + "accent = \"red\"\n", "5:10: ", "store.accent must be"},
      {kStore + "accent = \"#12345g\"\n", "5:10: ", "store.accent must be"},
      {kStore + "day_start = \"24:00\"\n", "5:13: ", "store.day_start must be"},
      {kStore + "day_start = \"4:00\"\n", "5:13: ", "store.day_start must be"},
      {kStore + "day_start = \"04:60\"\n", "5:13: ", "store.day_start must be"},
      {kStore + "[hub]\ndata_dir = \"data\"\n", "6:12: ", "hub.data_dir must be"},
      {kStore + "[hub]\nweb_root = \"\"\n", "6:12: ", "hub.web_root must be"},
      {kStore + "[lan]\naddress = \"localhost\"\n", "6:11: ", "lan.address must be"},
      {kStore + "[lan]\naddress = \"1.2.3\"\n", "6:11: ", "lan.address must be"},
      {kStore + "[lan]\nhost_names = \"hub,\"\n", "6:14: ", "lan.host_names must be"},
      {kStore + "[lan]\nhost_names = \"hub:80\"\n", "6:14: ", "lan.host_names must be"},
      {kStore + "[lan]\nhost_names = \"*.shop\"\n", "6:14: ", "lan.host_names must be"},
      {kStore + "[lan]\nhost_names = [\"hub\"]\n", "6:14: ", "is a list but must be text"},
      {kStore + "[log]\nlevel = \"loud\"\n", "6:9: ", "log.level must be"},
      {kStore + "[log]\nformat = \"%v\"\n", "6:10: ", "log.format must be"},
  });
}

TEST(ConfigFaults, case_88_values_that_contradict_each_other_are_refused) {
  expect_refused({
      {kStore + "[kitchen]\nlate_s = 480\n", "6:10: ", "must be more than kitchen.late_s (480)"},
      {kStore + "[kitchen]\nvery_late_s = 300\n",
       "6:15: ", "must be more than kitchen.late_s (300)"},
      {kStore + "[lan]\ncommand_burst = 10\n", "6:17: ", "must not be less than"},
      {kStore + "[lan]\ncommands_per_second = 60\n", "6:23: ", "lan.command_burst (50)"},
  });
}

// The uplink's files are looked at only where the uplink is in use.
TEST(ConfigFaults, case_91_a_secret_that_others_may_read_is_refused) {
  const Folder folder;
  const std::string secret = folder.file("password", "hunter2\n");
  const auto text = [&](const std::string& more) {
    return kStore + "[uplink]\naddress = \"mq-1.example.com\"\n" + more;
  };
  const std::string with_secret = "user = \"s1\"\npassword_file = \"" + secret + "\"\n";
  std::filesystem::permissions(secret, std::filesystem::perms(0600));
  EXPECT_EQ(said(text(with_secret)), "");
  std::filesystem::permissions(secret, std::filesystem::perms(0640));
  expect_refused({{text(with_secret), "8:", "others may read"},
                  {text("password_file = \"/nowhere\"\nuser = \"s1\"\n"), "7:", "cannot be read"},
                  {text("ca_file = \"/nowhere\"\n"), "7:", "cannot be read"},
                  {text("ca_file = \"ca.crt\"\n"), "7:", "begins with /"},
                  {text("max_inflight = 1\n"), "7:", "2 to 100"},
                  {text("port = 0\n"), "7:", "1 to 65535"},
                  {text("address2 = \"x\"\n"), "7:", "unknown key"}});
  EXPECT_EQ(said(text(with_secret + "enabled = false\n")), "");
}

TEST(ConfigFaults, case_92_a_zone_that_is_not_there_is_refused) {
  const auto with_zone = [](const std::string& zone) {
    return "[store]\nid = \"s1\"\nname = \"x\"\nzone = \"" + zone + "\"\n";
  };
  for (const char* zone :
       {"Europe/Atlantis", "Mars", "", "/Europe/Berlin", "../zoneinfo/UTC", "Europe/../UTC",
        "Europe", "Europe/", "Europe//Berlin", "right/Europe/Berlin", "posix/UTC", "localtime",
        "zone.tab", "tzdata.zi", ":UTC", "EST5EDT,M3.2.0", "Europe/Berlin\\u0000"}) {
    expect_refused({{with_zone(zone), "4:8: ", "store.zone "}});
  }
  for (const char* zone : {"UTC", "Etc/GMT+12", "America/Argentina/Buenos_Aires"}) {
    EXPECT_EQ(said(with_zone(zone)), "") << zone;
  }
}

TEST(ConfigFaults, case_92_without_tzdata_no_zone_is_accepted) {
  const Folder folder;
  const auto none = parse_config(kStore, "larder.toml", folder.path() + "/none");
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message().find("install tzdata"), std::string::npos);
  folder.file("zones/Europe/Berlin", "not a zone");
  const auto broken = parse_config(kStore, "larder.toml", folder.path() + "/zones");
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().message().find("does not know"), std::string::npos);
}

TEST(ConfigFaults, all_that_is_wrong_is_said_at_once_in_order_of_place) {
  const std::string message = said(
      "[store]\nid = 5\nzone = \"Mars\"\n[lan]\nport = 70000\nprot = 1\n[kitchen]\nlate_s = -1\n");
  EXPECT_EQ(message,
            "larder.toml:1:1: store.name is missing, for example name = \"Sample store\"\n"
            "larder.toml:2:6: store.id is a whole number but must be text in quotes\n"
            "larder.toml:3:8: store.zone names a time zone that this machine does not know (no "
            "such file in /usr/share/zoneinfo)\n"
            "larder.toml:5:8: lan.port is 70000 but must be 1 to 65535\n"
            "larder.toml:6:1: unknown key lan.prot; did you mean lan.port?\n"
            "larder.toml:8:10: kitchen.late_s is -1 but must be 10 to 86400");
}

TEST(ConfigFaults, a_thousand_faults_do_not_make_a_thousand_lines) {
  std::string text = kStore;
  for (int i = 0; i < 1'000; ++i) text += "wrong" + std::to_string(i) + " = 1\n";
  const std::string message = said(text);
  EXPECT_EQ(std::count(message.begin(), message.end(), '\n'), kConfigErrorsMax);
  EXPECT_TRUE(message.ends_with("larder.toml: and 980 more")) << message;
}

TEST(ConfigFaults, deep_nesting_is_refused_and_not_followed) {
  const std::string deep = "x = " + std::string(100'000, '[') + "\n";
  EXPECT_NE(said(kStore + deep), "");
}

// Whatever a broken editor or disk makes of a good file, the answer is a config or a refusal with a
// place; never a crash, never a half-read config.
TEST(ConfigFaults, case_86_damaged_files_are_answered_with_a_place) {
  std::mt19937 random(86);
  const std::string good = printed_config();
  ASSERT_EQ(said(good), "");
  int refused = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::string text = good;
    const int edits = 1 + static_cast<int>(random() % 4);
    for (int i = 0; i < edits; ++i) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = static_cast<char>(random() % 256);
          break;
        case 1:
          text.erase(at, 1 + random() % 20);
          break;
        default:
          text.insert(at, 1, static_cast<char>(random() % 256));
      }
    }
    const std::string message = said(text);
    if (message.empty()) continue;
    ++refused;
    EXPECT_EQ(message.rfind("larder.toml:", 0), 0U) << message;
    for (const char c : message) {
      EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << message;
    }
  }
  EXPECT_GT(refused, 300);
}

TEST(ExitCodes, case_86_and_case_90_have_their_numbers) {
  EXPECT_EQ(to_int(exit_code_of(Code::BadConfig)), 78);
  EXPECT_EQ(to_int(exit_code_of(Code::Locked)), 75);
  EXPECT_EQ(to_int(exit_code_of(Code::StorageFault)), 74);
  EXPECT_EQ(to_int(exit_code_of(Code::Corrupt)), 65);
  EXPECT_EQ(to_int(exit_code_of(Code::NewerSchema)), 76);
  EXPECT_EQ(to_int(exit_code_of(Code::Overflow)), 70);
}

}  // namespace
}  // namespace larder::edge
