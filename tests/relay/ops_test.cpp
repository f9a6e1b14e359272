// The relay's config, its lock, its metrics.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "relay/ops/config.hpp"
#include "relay/ops/house_lock.hpp"
#include "relay/ops/metrics.hpp"
#include "relay/ops/operator_telemetry.hpp"
#include "tests/relay/real_parts.hpp"

namespace larder::relay {
namespace {

const std::string kLeast = "[relay]\nid = \"relay-1\"\n";

std::string said(const std::string& text) {
  const auto config = parse_config(text, "relay.toml");
  return config ? std::string() : config.error().message();
}

TEST(RelayConfig, an_id_is_enough) {
  const auto config = parse_config(kLeast, "relay.toml");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->id, "relay-1");
  ASSERT_EQ(config->partitions.size(), kPartitions);
  EXPECT_EQ(config->partitions.front(), 0U);
  EXPECT_EQ(config->partitions.back(), 63U);
}

TEST(RelayConfig, every_key_arrives_where_it_belongs) {
  const auto config = parse_config(
      kLeast +
          "data_dir = \"/srv/relay\"\n[broker]\naddress = \"mq.example.org\"\nport = 8883\n"
          "tls = true\nca_file = \"/ca\"\ncert_file = \"/cert\"\nkey_file = \"/key\"\n"
          "user = \"relay\"\npassword_file = \"/secret\"\npartitions = \"7,0-3\"\n[http]\n"
          "address = \"::1\"\nport = 9\nweb_root = \"/web\"\n[shards]\ndatabases = 3\n[limits]\n"
          "stores = 10\nqueue_batches = 128\nqueue_mb = 16\ncatch_up_stores = 10\n"
          "[reconcile]\nevery_minutes = 0\n[log]\n"
          "level = \"debug\"\nformat = \"text\"\n",
      "relay.toml");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->data_dir, "/srv/relay");
  EXPECT_EQ(config->broker_address, "mq.example.org");
  EXPECT_EQ(config->broker_port, 8883);
  EXPECT_TRUE(config->tls);
  EXPECT_EQ(config->ca_file + config->cert_file + config->key_file, "/ca/cert/key");
  EXPECT_EQ(config->user, "relay");
  EXPECT_EQ(config->password_file, "/secret");
  EXPECT_EQ(config->partitions, (std::vector<unsigned>{0, 1, 2, 3, 7}));
  EXPECT_EQ(config->http_address, "::1");
  EXPECT_EQ(config->http_port, 9);
  EXPECT_EQ(config->web_root, "/web");
  EXPECT_EQ(config->databases, 3U);
  EXPECT_EQ(config->stores, 10U);
  EXPECT_EQ(config->queue_batches, 128U);
  EXPECT_EQ(config->queue_megabytes, 16U);
  EXPECT_EQ(config->catch_up_stores, 10U);
  EXPECT_EQ(config->reconcile_every_minutes, 0U);
  EXPECT_EQ(config->log_level, LogLevel::Debug);
  EXPECT_EQ(config->log_format, LogFormat::Text);
}

TEST(RelayConfig, case_86_and_87_and_88_what_is_wrong_is_named_with_its_place) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "relay.toml:1:1: relay.id is missing"},
      {"\xEF\xBB\xBF" + kLeast, "relay.toml:1:1: the file begins with a byte order mark"},
      {"[relay]\r\nid = \"r\"\r\n", "relay.toml:1:8: the line ends with a carriage return"},
      {kLeast + "id = \"again\"\n", "relay.toml:3:"},
      {kLeast + "[brokr]\n", "relay.toml:3:2: unknown key brokr"},
      {kLeast + "[broker]\nprot = 1\n", "4:1: unknown key broker.prot; did you mean broker.port?"},
      {kLeast + "[broker]\nport = 0\n", "4:8: broker.port is 0 but must be 1 to 65535"},
      {kLeast + "[broker]\nport = 70000\n", "broker.port is 70000"},
      {kLeast + "[broker]\nport = \"1883\"\n", "broker.port is text but must be a whole number"},
      {kLeast + "[broker]\ntls = \"yes\"\n", "broker.tls is text but must be true or false"},
      {kLeast + "[broker]\npartitions = \"\"\n", "broker.partitions must be numbers and ranges"},
      {kLeast + "[broker]\npartitions = \"0-64\"\n", "broker.partitions must be"},
      {kLeast + "[broker]\npartitions = \"5-2\"\n", "broker.partitions must be"},
      {kLeast + "[broker]\npartitions = \"1,,2\"\n", "broker.partitions must be"},
      {kLeast + "[broker]\npartitions = \"0-3,2\"\n", "names a partition twice"},
      {kLeast + "[broker]\naddress = \"a b\"\n", "broker.address must be"},
      {kLeast + "[broker]\ncert_file = \"/c\"\ntls = true\n", "must be set together"},
      {kLeast + "[broker]\nca_file = \"/c\"\n", "no sense while broker.tls is false"},
      {kLeast + "[broker]\npassword_file = \"/c\"\n", "no sense without broker.user"},
      {kLeast + "[http]\naddress = \"localhost\"\n", "http.address must be an IP address"},
      {kLeast + "[limits]\nstores = 5\n", "limits.catch_up_stores (200) must not be more"},
      {kLeast + "[limits]\nqueue_mb = 10000000\n", "limits.queue_mb is 10000000"},
      {kLeast + "[reconcile]\nevery_minutes = 1441\n", "reconcile.every_minutes is 1441"},
      {kLeast + "data_dir = \"relative\"\n", "relay.data_dir must be a path"},
      {"relay = 5\n", "must be a table [relay]"},
      {"[relay\n", "relay.toml:1:"},
  };
  for (const auto& [text, part] : cases) {
    EXPECT_NE(said(text).find(part), std::string::npos) << text << "\nwas said: " << said(text);
  }
}

TEST(RelayConfig, the_printed_config_is_a_config_and_says_the_defaults) {
  const auto printed = parse_config(printed_config(), "printed");
  ASSERT_TRUE(printed) << printed.error().message();
  std::string all;
  std::istringstream lines(printed_config());
  for (std::string line; std::getline(lines, line);) {
    const bool is_key = line.starts_with('#') && !line.starts_with("# ");
    all += (is_key ? line.substr(1) : line) + "\n";
  }
  const auto uncommented = parse_config(all, "uncommented");
  ASSERT_TRUE(uncommented) << uncommented.error().message();
  EXPECT_EQ(*uncommented, *printed);
}

TEST(RelayConfig, the_range_in_words_is_the_range_that_is_kept) {
  for (const ConfigKey& key : config_keys()) {
    const auto* whole = std::get_if<WholeKey>(&key.value);
    if (whole == nullptr) continue;
    EXPECT_EQ(key.range, std::to_string(whole->min) + " to " + std::to_string(whole->max));
  }
}

TEST(RelayConfig, the_page_in_docs_is_current) {
  const std::string file = std::string(LARDER_SOURCE_DIR) + "/docs/CONFIG-RELAY.md";
  if (std::getenv("LARDER_WRITE_DOCS") != nullptr) std::ofstream(file) << config_page();
  EXPECT_EQ(text_of(file), config_page())
      << "run LARDER_WRITE_DOCS=1 test_relay --gtest_filter='RelayConfig.*' and commit the page";
}

TEST(RelaySecret, case_91_only_its_owner_may_read_it) {
  Folder folder;
  const std::string file = folder.path + "/secret";
  EXPECT_FALSE(read_secret(file));
  const auto write = [&file](const std::string& text, mode_t mode) {
    std::ofstream(file) << text;
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
  };
  write("hunter2\n", 0600);
  EXPECT_EQ(read_secret(file).value_or(""), "hunter2");
  write("hunter2\n", 0640);
  EXPECT_EQ(read_secret(file).error().code(), Code::BadConfig);
  write("", 0600);
  EXPECT_FALSE(read_secret(file));
  write("two\nlines\n", 0600);
  EXPECT_FALSE(read_secret(file));
  EXPECT_FALSE(read_secret(folder.path));
}

TEST(RelayHouseLock, case_90_one_relay_per_directory) {
  Folder folder;
  const std::string data = folder.path + "/data";
  auto first = HouseLock::take(data);
  ASSERT_TRUE(first) << first.error().message();
  EXPECT_EQ(HouseLock::take(data).error().code(), Code::Locked);
  { const HouseLock moved(std::move(*first)); }
  EXPECT_TRUE(HouseLock::take(data));
  ASSERT_EQ(::chmod(data.c_str(), 0777), 0);
  EXPECT_EQ(HouseLock::take(data).error().code(), Code::BadConfig);
}

TEST(RelayMetrics, the_estates_names_and_the_worst_stores_alone) {
  Metrics metrics;
  OperatorTelemetry telemetry(metrics);
  telemetry.batch(StoreId("s1"), BatchFate::Gap, 10);
  telemetry.group(1, 3, 200, Duration{2'000});
  telemetry.dropped("envelope");
  telemetry.dropped("<script>");
  telemetry.shard_error(1);
  telemetry.request("GET /inventory/{skuId}", "0", Duration{4'000});
  telemetry.request("/inventory", "INV_006", Duration{4'000});
  Metrics::Gauges gauges;
  gauges.now = TimePoint{10'000'000};
  for (int i = 0; i < 50; ++i) {
    StoreView store;
    store.store = StoreId("s" + std::to_string(i));
    store.behind = static_cast<std::uint64_t>(100 - i);
    store.oldest_unsent_at = TimePoint{4'000'000};
    gauges.worst.push_back(store);
  }
  gauges.shards = {ShardHealth{0, true, "", 4}, ShardHealth{1, false, "broken", 0}};
  gauges.outbox_dead = 3;
  gauges.low_stock = 12;
  gauges.stranded_units = 7.5;
  gauges.stranded_age = Duration::seconds(90);
  gauges.open_oversells = 2;
  const std::string text = metrics.expose(gauges);
  for (const char* line :
       {"larder_batches_total{fate=\"gap\"} 1", "larder_events_total 200",
        "larder_drops_total{reason=\"envelope\"} 1", "larder_drops_total{reason=\"other\"} 1",
        "inventory_db_errors_total{shard=\"1\"} 1", "inventory_db_errors_total{shard=\"0\"} 0",
        "inventory_api_duration_seconds_count{code=\"INV_006\",route=\"/inventory\"} 1",
        "larder_sync_lag_events{store=\"s0\"} 100", "larder_sync_lag_seconds{store=\"s19\"} 6",
        "larder_shard_up{shard=\"1\"} 0", "larder_outbox_dead 3", "inventory_low_stock_count 12",
        "larder_stranded_units 7.5", "larder_stranded_age_seconds 90", "larder_oversells_open 2"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
  EXPECT_EQ(text.find("store=\"s20\""), std::string::npos);
  gauges.worst.clear();
  EXPECT_EQ(metrics.expose(gauges).find("store=\"s0\""), std::string::npos);
}

// Series are found again by the values of both labels, not made anew.
TEST(RelayMetrics, the_same_route_and_code_count_in_one_series) {
  Metrics metrics;
  const auto ask = [&metrics](const char* route, const char* code) {
    metrics.observe_request(route, code, Duration{4'000});
  };
  ask("/inventory", "0");
  ask("/inventory", "INV_006");
  ask("/inventory", "0");
  ask("/stores", "0");
  ask("/inventory", "0");
  ask("<a>", "0");  // not plain: both are "other"
  ask("<b>", "0");
  metrics.count_turn("reserve", "ok");
  metrics.count_turn("reserve", "out_of_stock");
  metrics.count_turn("confirm", "ok");
  metrics.count_turn("reserve", "ok");
  const std::string text = metrics.expose({});
  const std::string asked = "inventory_api_duration_seconds_count{code=";
  const std::string turned = "larder_reservations_total{outcome=";
  for (const std::string& line : {
           asked + "\"0\",route=\"/inventory\"} 3\n",
           asked + "\"INV_006\",route=\"/inventory\"} 1\n",
           asked + "\"0\",route=\"/stores\"} 1\n",
           asked + "\"0\",route=\"other\"} 2\n",
           turned + "\"ok\",step=\"reserve\"} 2\n",
           turned + "\"out_of_stock\",step=\"reserve\"} 1\n",
           turned + "\"ok\",step=\"confirm\"} 1\n",
       }) {
    const std::size_t found = text.find(line);
    EXPECT_NE(found, std::string::npos) << line << "\n" << text;
    if (found == std::string::npos) continue;
    const std::string series = line.substr(0, line.find(' ') + 1);
    EXPECT_EQ(text.find(series, found + 1), std::string::npos) << series << " is there twice";
  }
}

TEST(RelayMetrics, threads_that_count_the_same_add_up) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&metrics] {
      for (int i = 0; i < 1'000; ++i) {
        metrics.observe_request("/route-" + std::to_string(i % 10), "0", Duration{1'000});
        metrics.count_turn("reserve", i % 2 == 0 ? "ok" : "overloaded");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = metrics.expose({});
  for (const char* line :
       {"inventory_api_duration_seconds_count{code=\"0\",route=\"/route-9\"} 400\n",
        "larder_reservations_total{outcome=\"overloaded\",step=\"reserve\"} 2000\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
}

}  // namespace
}  // namespace larder::relay
