// A menu that a restore has lost leaves the books with it.
#include <gtest/gtest.h>

#include "tests/shards/shard_fixture.hpp"

namespace larder::relay {
namespace {

class LostMenu : public testing::Test {
 protected:
  LostMenu() : store_(open_store(folder_.path())) {
    hub_.add(EpochBegun{1, "first start"});
    menu_.menu = test::sample_menu();
  }
  void import_menu(std::uint64_t version) {
    menu_.menu.version = version;
    hub_.add(menu_);
  }
  void send_from(Seq first) {
    const BatchOutcome outcome = apply_one(*store_, hub_.batch(first, hub_.last()));
    ASSERT_EQ(outcome.fate, BatchFate::Applied) << outcome.reason;
    ASSERT_EQ(outcome.mark.parked, 0U);
  }
  std::vector<std::string> look(std::string query) {
    for (std::size_t at = query.find('$'); at != std::string::npos; at = query.find('$')) {
      query.replace(at, 1, suffix_of(hub_.store()));
    }
    store_.reset();
    auto found = rows(folder_.path(), BucketMap(2, kTables).place(hub_.store()).database, query);
    store_ = open_store(folder_.path());
    return found;
  }
  std::vector<std::string> on_sale() {
    return look("SELECT product_id FROM store_products$ WHERE is_active = 1 ORDER BY product_id");
  }
  std::string version() { return look("SELECT menu_version FROM merchants$").at(0); }

  Folder folder_;
  HubJournal hub_{"s1"};
  std::unique_ptr<SqliteShardStore> store_;
  MenuImported menu_;
};

TEST_F(LostMenu, the_newest_one_that_survives_is_the_stores_again) {
  const Menu whole = menu_.menu;
  import_menu(1);
  send_from(1);
  const auto before = on_sale();
  ASSERT_GT(before.size(), 1U);
  menu_.menu.items.back().id = ItemId("caviar");
  menu_.menu.items.back().skus.front().id = SkuId("caviar");
  import_menu(2);
  send_from(3);
  ASSERT_NE(on_sale(), before);
  hub_.restore_to(2);
  send_from(3);
  EXPECT_EQ(on_sale(), before) << "caviar is of a menu that the hub does not have";
  EXPECT_EQ(version(), "1");
  EXPECT_EQ(look("SELECT is_active FROM product_sku$ WHERE sku_id = 'caviar'"),
            std::vector<std::string>{"0"});
  EXPECT_EQ(look("SELECT biz_key FROM outbox WHERE biz_key LIKE 's1/2/3/%'").size(), 1U)
      << "the estate hears of it";
  // The next one has the lost one's number, and is another.
  menu_.menu = whole;
  menu_.menu.items.pop_back();
  import_menu(2);
  send_from(4);
  EXPECT_EQ(on_sale().size(), before.size() - 1);
  EXPECT_EQ(version(), "2");
}

TEST_F(LostMenu, without_one_that_survives_nothing_is_on_sale_until_the_next) {
  hub_.add(DayOpened{BusinessDay{20261122}});
  import_menu(1);
  send_from(1);
  hub_.restore_to(2);
  send_from(3);
  EXPECT_TRUE(on_sale().empty());
  EXPECT_EQ(version(), "0");
  import_menu(1);
  send_from(4);
  EXPECT_FALSE(on_sale().empty());
  EXPECT_EQ(version(), "1");
}

TEST_F(LostMenu, a_loss_without_a_menu_in_it_changes_none) {
  import_menu(1);
  hub_.add(DayOpened{BusinessDay{20261122}});
  send_from(1);
  const auto before = look("SELECT * FROM store_products$");
  const auto told = look("SELECT biz_key FROM outbox");
  hub_.restore_to(2);
  send_from(3);
  EXPECT_EQ(look("SELECT * FROM store_products$"), before);
  EXPECT_EQ(look("SELECT biz_key FROM outbox"), told);
}

}  // namespace
}  // namespace larder::relay
