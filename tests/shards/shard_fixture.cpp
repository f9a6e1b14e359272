#include "tests/shards/shard_fixture.hpp"

#include <sqlite3.h>
#include <stdlib.h>

#include <algorithm>
#include <random>
#include <stdexcept>

#include "relay/shards/shard_file.hpp"

namespace larder::relay {

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "larder-shards-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = name;
}

Folder::~Folder() {
  std::error_code failed;
  std::filesystem::remove_all(path_, failed);
}

void HubJournal::add(const Event& event, TimePoint at, const CommandId& command) {
  const CommandId tills("c-" + std::to_string(last() + 1));
  StampedEvent stamped{at, command.empty() ? tills : command, DeviceId("till-1"), StaffId(), event};
  const std::string data = encode_event(stamped);
  const Sha256 before = entries_.empty() ? Sha256{} : entries_.back().hash;
  entries_.push_back(Entry{epoch_, at, event_number(event_name(event)), data,
                           chain(before, epoch_, last() + 1, data)});
}

void HubJournal::add_raw(const std::string& data, std::uint16_t type) {
  const Sha256 before = entries_.empty() ? Sha256{} : entries_.back().hash;
  entries_.push_back(Entry{epoch_, TimePoint{1'795'200'000'000'000}, type, data,
                           chain(before, epoch_, last() + 1, data)});
}

void HubJournal::take(const test::Store& kitchen, const CommandId& command) {
  for (; taken_ < kitchen.journal.size(); ++taken_) {
    add(kitchen.journal[taken_].event, kitchen.journal[taken_].at, command);
  }
}

void HubJournal::restore_to(Seq seq) {
  entries_.resize(seq);
  ++epoch_;
  add(EpochBegun{epoch_, "restored from a backup"});
}

StoreBatch HubJournal::batch(Seq first, Seq last) const {
  StoreBatch batch;
  batch.store = store_;
  batch.hub = hub_;
  batch.envelope.epoch = entries_.at(first - 1).epoch;
  batch.envelope.first = first;
  for (Seq seq = first; seq <= last; ++seq) {
    const Entry& entry = entries_.at(seq - 1);
    batch.envelope.records.push_back(Record{entry.type, entry.at, entry.data});
  }
  batch.envelope.head = hash_at(last);
  return batch;
}

std::unique_ptr<SqliteShardStore> open_store(const std::filesystem::path& path,
                                             std::size_t databases) {
  auto store = SqliteShardStore::open(path, databases);
  if (!store) throw std::runtime_error(store.error().message());
  return std::move(*store);
}

BatchOutcome apply_one(SqliteShardStore& store, const StoreBatch& batch, TimePoint now) {
  auto outcomes = store.apply(store.database_of(batch.store), std::span(&batch, 1), now);
  if (!outcomes) throw std::runtime_error(outcomes.error().message());
  return outcomes->at(0);
}

StreamMark mark_of(SqliteShardStore& store, const StoreId& id) {
  auto mark = store.mark(id);
  if (!mark || !*mark) throw std::runtime_error("no mark of " + id.text());
  return **mark;
}

namespace {

struct Database {
  Database(const std::filesystem::path& directory, std::size_t number) {
    const std::string file = (directory / shard_file_name(number)).string();
    if (sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
      throw std::runtime_error(file + " cannot be opened");
    }
  }
  ~Database() { sqlite3_close_v2(raw); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  sqlite3* raw = nullptr;
};

}  // namespace

std::vector<std::string> rows(const std::filesystem::path& directory, std::size_t database,
                              const std::string& query) {
  const Database opened(directory, database);
  std::vector<std::string> all;
  const auto take = [](void* out, int columns, char** values, char**) {
    std::string line;
    for (int i = 0; i < columns; ++i) {
      if (i > 0) line += '|';
      line += values[i] == nullptr ? "" : values[i];
    }
    static_cast<std::vector<std::string>*>(out)->push_back(line);
    return 0;
  };
  const int code = sqlite3_exec(opened.raw, query.c_str(), take, &all, nullptr);
  if (code != SQLITE_OK) {
    throw std::runtime_error(query + ": " + sqlite3_errmsg(opened.raw));
  }
  return all;
}

void tamper(const std::filesystem::path& directory, std::size_t database,
            const std::string& script) {
  rows(directory, database, script);
}

std::vector<std::string> all_rows(const std::filesystem::path& directory) {
  std::vector<std::string> all;
  for (std::size_t database = 0; database < 2; ++database) {
    const auto add = [&](const std::string& table, const std::string& columns) {
      const std::string query = "SELECT " + columns + " FROM " + table;
      for (const std::string& row : rows(directory, database, query)) {
        all.push_back(std::to_string(database) + " " + table + " " + row);
      }
    };
    add("store_stream",
        "store_id, product_shard_id, hub_id, epoch, up_to, hex(hash), is_frozen, words_issued,"
        " words_applied, last_event_at, parked");
    add("outbox", "type, biz_key, store_id, payload, status, retry_count");
    for (const char* suffix : {"_0", "_1", "_2", "_3"}) {
      const std::string s(suffix);
      for (const char* table : {"store_days", "store_orders", "merchants", "store_products",
                                "product_sku", "inventory", "inventory_transactions"}) {
        add(table + s, "*");
      }
      add("reservation" + s,
          "product_shard_id, store_id, order_id, sku_id, qty, reservation_type, status, expires_at,"
          " version, created_at, updated_at, channel_code, lease_id, lease_epoch, from_quota");
      add("store_events" + s, "product_shard_id, store_id, seq, epoch, type, at, hex(hash), data");
      add("store_epochs" + s, "store_id, epoch, first_seq, lost");
      add("parked_events" + s, "store_id, seq, epoch, type, reason");
      add("poi_item_stock" + s,
          "product_shard_id, poi_id, object_type, object_id, stock_status, stock_type,"
          " plan_quantity, real_quantity");
      add("poi_item_stock_log" + s, "product_shard_id, poi_id, content, created_at");
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

void copy_files(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::remove_all(to);
  std::filesystem::create_directories(to);
  for (const auto& entry : std::filesystem::directory_iterator(from)) {
    std::filesystem::copy_file(entry.path(), to / entry.path().filename());
  }
}

void cook(test::Store& kitchen, unsigned seed, int steps) {
  std::mt19937 random(seed);
  const auto pick = [&random](unsigned below) { return static_cast<int>(random() % below); };
  kitchen.count("soup", 40);
  kitchen.count("cola", 25);
  std::vector<OrderId> open;
  for (int i = 0; i < steps; ++i) {
    kitchen.wait(pick(60));
    const auto lines =
        std::vector<LineRequest>{test::line("soup", 1 + pick(2)), test::line("cola", 1)};
    switch (pick(10)) {
      case 0:
        kitchen.count(pick(2) == 0 ? "soup" : "cola", 20 + pick(30));
        break;
      case 1: {
        const auto cart = kitchen.run(kitchen.kiosk, PlaceHold{lines});
        if (cart && pick(2) == 0) (void)kitchen.run(kitchen.kiosk, ReleaseHold{cart->hold});
        break;
      }
      case 2:
      case 3:
      case 4: {
        const auto placed = kitchen.run_at_till(test::takeaway(lines));
        if (placed) open.push_back(placed->order);
        break;
      }
      case 5:
        if (open.empty()) break;
        (void)kitchen.run_at_till(
            PayOrder{open.back(), test::cash(kitchen.order(open.back()).total.in_minor())});
        (void)kitchen.run_at_till(AcceptOrder{open.back()});
        open.pop_back();
        break;
      case 6: {
        if (open.empty()) break;
        DiscountRequest ten;
        ten.percent = Quantity::units(10);
        ten.reason = "friend of the house";
        (void)kitchen.run_at_till(DiscountOrder{open.back(), ten});
        break;
      }
      case 7:
        if (open.empty()) break;
        (void)kitchen.run_at_till(VoidLine{open.back(), 2, "dropped", false});
        break;
      case 8:
        (void)kitchen.run_at_till(
            MarkStock{SkuId("cola"), pick(2) == 0 ? StockStatus::SoldOut : StockStatus::Available,
                      RestoreRule::Never});
        break;
      default:
        if (open.empty()) break;
        (void)kitchen.run_at_till(CancelOrder{open.back(), "changed their mind"});
        open.pop_back();
    }
  }
}

std::string suffix_of(const StoreId& store) {
  return "_" + std::to_string(BucketMap(2, kTables).place(store).table);
}

}  // namespace larder::relay
