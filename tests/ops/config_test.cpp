// What a good config file gives, and that the reference pages say the same as the table.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "edge/ops/config_keys.hpp"

namespace larder::edge {
namespace {

const std::string kLeast =
    "[store]\n"
    "id = \"s1\"\n"
    "name = \"Sample store\"\n"
    "zone = \"Europe/Berlin\"\n";

TEST(ConfigFile, the_three_required_keys_are_enough) {
  const auto config = parse_config(kLeast, "larder.toml");
  ASSERT_TRUE(config) << config.error().message();
  Config expected;
  expected.store = StoreId("s1");
  expected.name = "Sample store";
  expected.zone = "Europe/Berlin";
  EXPECT_EQ(*config, expected);
}

TEST(ConfigFile, every_key_arrives_where_it_belongs) {
  const auto config = parse_config(kLeast +
                                       "currency = \"EUR\"\n"
                                       "day_start = \"02:30\"\n"
                                       "accent = \"#00aAff\"\n"
                                       "[hub]\n"
                                       "data_dir = \"/srv/larder data\"\n"
                                       "web_root = \"/srv/web\"\n"
                                       "force_filesystem = true\n"
                                       "machine_file = \"/etc/larder/machine\"\n"
                                       "[lan]\n"
                                       "address = \"::1\"\n"
                                       "port = 65535\n"
                                       "host_names = \"hub, Larder.shop.example\"\n"
                                       "commands_per_second = 1\n"
                                       "command_burst = 100_000\n"
                                       "sessions = 33\n"
                                       "[mdns]\n"
                                       "enabled = false\n"
                                       "[kitchen]\n"
                                       "late_s = 10\n"
                                       "very_late_s = 86400\n"
                                       "[log]\n"
                                       "level = \"debug\"\n"
                                       "format = \"journald\"\n",
                                   "larder.toml");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->currency, "EUR");
  EXPECT_EQ(config->day_start_minutes, 150);
  EXPECT_EQ(config->accent, "#00aAff");
  EXPECT_EQ(config->data_dir, "/srv/larder data");
  EXPECT_EQ(config->web_root, "/srv/web");
  EXPECT_TRUE(config->force_filesystem);
  EXPECT_EQ(config->machine_file, "/etc/larder/machine");
  EXPECT_EQ(config->address, "::1");
  EXPECT_EQ(config->host_names, (std::vector<std::string>{"hub", "Larder.shop.example"}));
  EXPECT_EQ(config->port, 65'535);
  EXPECT_EQ(config->commands_per_second, 1);
  EXPECT_EQ(config->command_burst, 100'000);
  EXPECT_EQ(config->sessions, 33);
  EXPECT_FALSE(config->mdns);
  EXPECT_EQ(config->late_seconds, 10);
  EXPECT_EQ(config->very_late_seconds, 86'400);
  EXPECT_EQ(config->log_level, LogLevel::Debug);
  EXPECT_EQ(config->log_format, LogFormat::Journald);
}

TEST(ConfigFile, dotted_keys_and_names_in_any_script_are_fine) {
  const auto config = parse_config(
      "store.id = \"s1\"\nstore.name = \"汤 & Söhne\"\nstore.zone = \"Asia/Shanghai\"\n"
      "lan.port = 0x1F90\n",
      "larder.toml");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->name, "汤 & Söhne");
  EXPECT_EQ(config->port, 8080);
}

TEST(ConfigFile, the_printed_config_is_a_config_and_says_the_defaults) {
  const auto as_printed = parse_config(printed_config(), "printed");
  ASSERT_TRUE(as_printed) << as_printed.error().message();
  // A commented key is "#name = value"; a sentence begins with "# ".
  std::string all_keys;
  std::istringstream lines(printed_config());
  for (std::string line; std::getline(lines, line);) {
    const bool is_key = line.starts_with('#') && !line.starts_with("# ");
    all_keys += (is_key ? line.substr(1) : line) + "\n";
  }
  ASSERT_NE(all_keys, printed_config());
  const auto uncommented = parse_config(all_keys, "uncommented");
  ASSERT_TRUE(uncommented) << uncommented.error().message();
  EXPECT_EQ(*uncommented, *as_printed);
  for (const ConfigKey& key : config_keys()) {
    EXPECT_NE(all_keys.find("\n" + std::string(key.name) + " = "), std::string::npos) << key.name;
    EXPECT_TRUE(key.sentence.ends_with('.')) << key.name;
  }
}

TEST(ConfigFile, the_range_in_words_is_the_range_that_is_kept) {
  for (const ConfigKey& key : config_keys()) {
    const auto* whole = std::get_if<WholeKey>(&key.value);
    if (whole == nullptr) continue;
    EXPECT_EQ(key.range, std::to_string(whole->min) + " to " + std::to_string(whole->max))
        << key_path(key);
  }
}

TEST(ConfigFile, the_page_in_docs_is_current) {
  const std::string file = std::string(LARDER_SOURCE_DIR) + "/docs/CONFIG.md";
  if (std::getenv("LARDER_WRITE_DOCS") != nullptr) std::ofstream(file) << config_page();
  std::ostringstream page;
  page << std::ifstream(file).rdbuf();
  EXPECT_EQ(page.str(), config_page())
      << "run LARDER_WRITE_DOCS=1 test_ops --gtest_filter='ConfigFile.*' and commit docs/CONFIG.md";
}

}  // namespace
}  // namespace larder::edge
