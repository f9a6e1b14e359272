#include "tests/support/busy_shop.hpp"

#include <cstdlib>
#include <utility>

#include "core/ledger/snapshot.hpp"
#include "edge/storage/data_directory.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::edge {
namespace {

constexpr const char* kKiosk = "busy-kiosk";
constexpr const char* kTill = "busy-till";
// Small, so that a minute sees many checkpoints.
constexpr WalLimits kShortWal{96ULL * 1024, 1024ULL * 1024};

AddDevice device(const std::string& id, Role role) {
  AddDevice command;
  command.device = DeviceId(id);
  command.name = id;
  command.role = role;
  command.token_sha256 = hex(sha256(id));
  return command;
}

// The id of a reply, without a parser: {"type":"reply","id":"...".
std::string reply_id(const std::string& frame) {
  constexpr std::string_view kBegin = R"({"type":"reply","id":")";
  if (!frame.starts_with(kBegin)) return {};
  return frame.substr(kBegin.size(), frame.find('"', kBegin.size()) - kBegin.size());
}

}  // namespace

// Hears what the devices are told.
class BusyShop::AckSession final : public Session {
 public:
  explicit AckSession(BusyShop& shop) : shop_(shop) {}
  void send(Bytes frame) override {
    if (auto id = reply_id(*frame); !id.empty()) shop_.settings_.witness.replied(id);
  }
  void close(std::uint16_t, std::string) override {}

 private:
  BusyShop& shop_;
};

class BusyShop::InlineWriter final : public Writer {
 public:
  explicit InlineWriter(BusyShop& shop) : shop_(shop) {}
  void commit(std::shared_ptr<const Group> group, std::function<void(Result<Room>)> done) override {
    tasks_.push_back([this, group, done] {
      auto outcome = shop_.journal_->commit(*group);
      if (outcome) shop_.settings_.witness.committed(*group);
      done(std::move(outcome));
    });
  }
  void run(std::function<std::function<void()>(Journal&)> job) override {
    tasks_.push_back([this, job] { job (*shop_.journal_)(); });
  }
  void settle() {
    while (!tasks_.empty() && !shop_.died_) {
      auto task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
  }

 private:
  BusyShop& shop_;
  std::deque<std::function<void()>> tasks_;
};

std::span<const Migration> shop_migrations(bool is_upgraded) {
  static const int number = edge_migrations().back().number + 1;
  static const std::string script =
      "CREATE TABLE later (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;"
      "INSERT INTO later (seq) SELECT seq FROM events;"
      "CREATE INDEX later_by_seq ON later (seq);"
      "PRAGMA user_version = " +
      std::to_string(number) + ";";
  static const std::vector<Migration> later = [] {
    std::vector<Migration> list(edge_migrations().begin(), edge_migrations().end());
    list.push_back({number, "a later version", script.c_str()});
    return list;
  }();
  return is_upgraded ? std::span<const Migration>(later) : edge_migrations();
}

BusyShop::BusyShop(const ShopSettings& settings) : settings_(settings) {}

Result<std::unique_ptr<BusyShop>> BusyShop::start(const ShopSettings& settings) {
  std::unique_ptr<BusyShop> shop(new BusyShop(settings));
  auto directory = DataDirectory::open(settings.folder, FileSystemRule::Any);
  if (!directory) return pass_on(directory);
  auto journal = SqliteJournal::open(
      std::move(*directory), StoreId("s1"),
      JournalOptions{HubId("h-busy"), 0, shop_migrations(settings.is_upgraded), kShortWal});
  if (!journal) return pass_on(journal);
  shop->journal_ = std::move(*journal);
  auto recovered = shop->journal_->recover();
  if (!recovered) return pass_on(recovered);
  shop->recovered_ = std::move(*recovered);
  auto books = rebuild_books(shop->recovered_);
  if (!books) return pass_on(books);
  shop->wire(std::move(*books));
  return shop;
}

void BusyShop::wire(Books books) {
  clock_.set(Now{std::max(clock_.now().at, books.ledger.last_at),
                 BusinessDay{std::max(clock_.now().day.yyyymmdd, books.ledger.day.yyyymmdd)}});
  session_ = std::make_shared<AckSession>(*this);
  writer_ = std::make_shared<InlineWriter>(*this);
  HubSettings settings;
  settings.store = StoreId("s1");
  settings.hub = recovered_.hub;
  settings.zone = "UTC";
  settings.version = "0";
  settings.commands_per_second = 1e9;
  settings.command_burst = 1e9;
  hub_ = std::make_unique<Hub>(settings,
                               HubPorts{clock_, *writer_, telemetry_, pins_,
                                        [this](const Error& error) {
                                          died_ = error;
                                          ++deaths_;
                                        }},
                               std::move(books.ledger), books.head, recovered_.answer_keys,
                               recovered_.room);
  if (recovered_.seq == 0) return;
  join(false);
  join(true);
}

void BusyShop::join(bool is_till) {
  SessionKey& key = is_till ? till_ : kiosk_;
  key = hub_->opened(*session_, "127.0.0.1");
  hub_->received(key,
                 std::string(R"({"type":"auth","token":")") + (is_till ? kTill : kKiosk) + R"("})");
  settle();
}

void BusyShop::open_for_the_first_time() {
  // A first start that was broken off goes on where it was.
  const auto run = [this](bool is_done, const Command& command) {
    if (is_done || died_) return;
    if (!hub_->run_own(command)) std::abort();
    settle();
  };
  const Ledger& books = hub_->ledger();
  run(books.epoch != 0, BeginEpoch{"first start"});
  run(books.devices.contains(DeviceId(kKiosk)), device(kKiosk, Role::Kiosk));
  run(books.devices.contains(DeviceId(kTill)), device(kTill, Role::Till));
  run(!books.catalog.menu().items.empty(), ImportMenu{sample_menu()});
  if (died_) return;
  join(false);
  join(true);
}

void BusyShop::receive(bool is_till, const std::string& frame) {
  if (!died_) hub_->received(is_till ? till_ : kiosk_, frame);
}

void BusyShop::settle() { writer_->settle(); }

void BusyShop::tick() {
  if (died_) return;
  hub_->tick();
  settle();
}

void BusyShop::look_after_the_file() {
  if (!died_) (void)journal_->maintain(true, clock_.now().at);
}

void BusyShop::keep_snapshot() {
  if (died_) return;
  Snapshot snapshot;
  snapshot.epoch = hub_->committed().epoch;
  snapshot.seq = hub_->committed().seq;
  snapshot.hash = hub_->committed().hash;
  snapshot.ledger = to_snapshot(hub_->ledger());
  snapshot.state = sha256(snapshot.ledger);
  (void)journal_->keep(snapshot);
}

void BusyShop::keep_acked(Seq acked) {
  if (!died_) (void)journal_->keep_acked(acked);
}

void BusyShop::take_backup(const std::string& name) {
  if (died_ || !journal_->begin_backup(name)) return;
  for (;;) {
    auto taken = journal_->continue_backup();
    if (!taken || *taken) return;
  }
}

void BusyShop::stop() {
  if (died_) return;
  hub_->stop([] {});
  settle();
}

}  // namespace larder::edge
