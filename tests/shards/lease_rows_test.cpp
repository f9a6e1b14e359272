// Leases at the relay: what hubs grant and recall, what is told and given back.
#include <gtest/gtest.h>

#include "lan-protocol/json.hpp"
#include "tests/shards/turn_house.hpp"

namespace larder::relay {
namespace {

using Strings = std::vector<std::string>;

class LeaseRowsTest : public testing::Test {
 protected:
  LeaseRowsTest() {
    house.count("soup", 100);
    lease = house.grant("soup", 10);
  }
  static std::string said(const std::vector<StoreWord>& words) {
    std::string all;
    for (const StoreWord& each : words) {
      all += (all.empty() ? "" : " ") + each.word.word.verb + each.word.word.args;
    }
    return all;
  }
  // The amounts, if any, and then the close, as words of their own.
  std::string settled(const std::string& sold, const std::string& returned, bool closed) const {
    const std::string begin = "lease.settle{\"lease\":\"" + lease + "\",\"sold\":";
    const bool has_amounts = sold != "0.0" || returned != "0.0";
    std::string all = has_amounts ? begin + sold + ",\"returned\":" + returned + "}" : "";
    if (!closed) return all;
    if (has_amounts) all += " ";
    return all + begin + "0.0,\"returned\":0.0,\"closed\":true}";
  }
  TurnHouse house;
  std::string lease;
};

TEST_F(LeaseRowsTest, what_is_sold_is_told_once) {
  house.reserve("A-1", "soup", 3);
  EXPECT_EQ(said(house.settle()), "") << "held is not sold";
  house.confirm("A-1");
  EXPECT_EQ(said(house.settle()), settled("3.0", "0.0", false));
  EXPECT_EQ(said(house.settle()), "") << "it is told";
  EXPECT_EQ(house.lease(lease).told_sold, units(3));
  house.reserve("A-2", "soup", 2);
  house.confirm("A-2");
  EXPECT_EQ(said(house.settle()), settled("2.0", "0.0", false));
}

// The hub's clock is in its events only; how long a lease runs is counted here.
TEST_F(LeaseRowsTest, case_115_a_lease_runs_by_the_relays_clock_whatever_the_hubs_says) {
  const TimePoint hubs{1'795'200'000'000'000};
  for (const int skew : {-10, 0, 10}) {
    TurnHouse other("s" + std::to_string(20 + skew));
    other.now = hubs + Duration::minutes(skew);
    other.count("soup", 100);
    const std::string granted = other.grant("soup", 10, "", 3'600);
    const TimePoint ends = other.now + Duration::seconds(3'600);
    EXPECT_EQ(other.lease(granted).expires_at, ends) << skew;
    other.now = ends + Duration::seconds(-1);
    EXPECT_EQ(code_of(other.reserve("A-1", "soup", 1)), "ok") << skew;
    other.now = ends;
    EXPECT_NE(code_of(other.reserve("A-2", "soup", 1)), "ok") << skew;
  }
}

TEST_F(LeaseRowsTest, a_word_and_the_rows_it_tells_of_are_one_transaction) {
  house.reserve("A-1", "soup", 3);
  house.confirm("A-1");
  const Seq before = mark_of(*house.shards, house.hub.store()).words_issued;
  const auto words = house.settle();
  ASSERT_EQ(words.size(), 1U);
  EXPECT_EQ(words.front().word.number, before + 1);
  // What a crash leaves at any moment is one of two things: told with its word, or neither.
  const std::filesystem::path copy = house.folder.path().string() + "-copy";
  copy_files(house.folder.path(), copy);
  auto again = open_store(copy);
  EXPECT_EQ(mark_of(*again, house.hub.store()).words_issued, before + 1);
  const auto found = again->words_after(house.hub.store(), before, 10);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  const std::size_t database = again->database_of(house.hub.store());
  EXPECT_TRUE(again->shard(database).settle_leases(house.now, 10)->empty());
  again.reset();
  std::filesystem::remove_all(copy);
}

TEST_F(LeaseRowsTest, a_recall_gives_back_what_is_idle_at_once) {
  house.reserve("A-1", "soup", 3);
  house.recall(lease, "soup", 2);
  EXPECT_EQ(said(house.settle()), settled("0.0", "5.0", false));
  EXPECT_EQ(house.lease(lease).idle(), units(2));
  EXPECT_EQ(code_of(house.reserve("A-2", "soup", 2)), "ok") << "what it may keep it may sell";
  EXPECT_EQ(code_of(house.reserve("A-3", "soup", 1)), "out_of_stock");
  EXPECT_EQ(said(house.settle()), "");
}

TEST_F(LeaseRowsTest, a_lease_that_ends_is_closed_with_its_last_hold) {
  house.reserve("A-1", "soup", 3);
  house.reserve("A-2", "soup", 1);
  house.recall(lease, "soup", 0, true);
  EXPECT_EQ(code_of(house.reserve("A-3", "soup", 1)), "out_of_stock");
  EXPECT_EQ(said(house.settle()), settled("0.0", "6.0", false));
  house.confirm("A-1");
  EXPECT_EQ(said(house.settle()), settled("3.0", "0.0", false));
  house.release("A-2");
  EXPECT_EQ(said(house.settle()), settled("0.0", "1.0", true));
  EXPECT_EQ(house.lease(lease).state, LeaseState::Closed);
  EXPECT_EQ(said(house.settle()), "") << "closed for good";
}

TEST_F(LeaseRowsTest, case_65_a_lease_that_ran_out_sells_no_more_and_is_settled) {
  house.reserve("A-1", "soup", 3);
  house.now = house.now + Duration::seconds(3'600);
  EXPECT_EQ(code_of(house.reserve("A-2", "soup", 1)), "out_of_stock") << "by our clock it is over";
  EXPECT_EQ(said(house.settle()), settled("0.0", "7.0", false));
  EXPECT_EQ(house.lease(lease).held, units(3)) << "what was held before may still be paid for";
  EXPECT_EQ(code_of(house.take(ConfirmOrder{house.hub.store(), "A-1", {}, true, {}})), "ok");
  EXPECT_EQ(said(house.settle()), settled("3.0", "0.0", true));
}

TEST_F(LeaseRowsTest, case_65_more_of_it_makes_it_run_on) {
  house.reserve("A-1", "soup", 3);
  house.now = house.now + Duration::seconds(3'600);
  house.settle();
  house.grant("soup", 5);
  EXPECT_EQ(house.lease(lease).state, LeaseState::Open);
  EXPECT_EQ(house.lease(lease).granted, units(15));
  EXPECT_EQ(house.lease(lease).idle(), units(5)) << "seven went back";
  EXPECT_EQ(code_of(house.reserve("A-2", "soup", 5)), "ok");
}

TEST_F(LeaseRowsTest, case_64_a_grant_that_comes_twice_counts_once) {
  const StoreBatch again = house.hub.batch(1, house.hub.last());
  EXPECT_EQ(apply_one(*house.shards, again, house.now).fate, BatchFate::Duplicate);
  EXPECT_EQ(house.lease(lease).granted, units(10));
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 11)), "out_of_stock");
}

TEST_F(LeaseRowsTest, case_64_a_grant_of_nothing_changes_nothing_and_is_told) {
  const StockLevel level = house.level("soup");
  const Movement none{SkuId("soup"), MovementKind::Grant, level, level};
  house.hub.add(LeaseGranted{LeaseId(lease), SkuId("soup"), {}, units(0), units(10), 60, none});
  house.hub.add(LeaseGranted{LeaseId("l99"), SkuId("soup"), {}, units(5), units(2), 60, none});
  const BatchOutcome outcome = house.send();
  ASSERT_EQ(outcome.leases.size(), 2U);
  EXPECT_NE(outcome.leases[0].alarm, "");
  EXPECT_NE(outcome.leases[1].alarm, "");
  EXPECT_EQ(house.lease(lease).granted, units(10));
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 11)), "out_of_stock");
}

TEST_F(LeaseRowsTest, case_64_what_is_said_of_an_unknown_lease_is_told) {
  const StockLevel level = house.level("soup");
  const Movement none{SkuId("soup"), MovementKind::Settle, level, level};
  house.hub.add(LeaseRecalled{LeaseId("l99"), SkuId("soup"), {}, false, "dry"});
  house.hub.add(LeaseSettled{LeaseId("l98"), units(1), {}, false, none});
  const BatchOutcome outcome = house.send();
  ASSERT_EQ(outcome.leases.size(), 2U);
  EXPECT_NE(outcome.leases[0].alarm.find("l99"), std::string::npos);
  EXPECT_NE(outcome.leases[1].alarm.find("l98"), std::string::npos);
  EXPECT_EQ(house.lease(lease).idle(), units(10));
}

// The hub lost the events in which it granted the lease: what was sold from it is in no book there.
TEST_F(LeaseRowsTest, case_120_a_settlement_that_the_hub_refuses_is_told_with_its_sku) {
  ASSERT_EQ(code_of(house.reserve("A-1", "soup", 3)), "ok");
  ASSERT_EQ(code_of(house.confirm("A-1")), "ok");
  const auto words = house.settle();
  ASSERT_EQ(words.size(), 1U);
  const IssuedWord& word = words.front().word;
  WordTaken taken{word.number, word.word.id, "relay", "lease.settle", "not_found", "Never granted"};
  house.hub.add(taken);
  const BatchOutcome outcome = house.send();
  ASSERT_EQ(outcome.leases.size(), 1U);
  EXPECT_NE(outcome.leases[0].alarm.find("lease " + lease + " of soup"), std::string::npos)
      << outcome.leases[0].alarm;
  taken.number += 1;
  taken.code = "bad_state";  // a close that crossed a grant: nothing is lost
  house.hub.add(taken);
  EXPECT_TRUE(house.send().leases.empty());
}

// The close was on its way when the hub granted more: what comes late goes back, unsold.
TEST_F(LeaseRowsTest, case_64_a_grant_to_a_lease_that_is_closed_here_goes_back) {
  house.now = house.now + Duration::seconds(3'600);
  EXPECT_EQ(said(house.settle()), settled("0.0", "10.0", true));
  house.grant("soup", 4);
  EXPECT_EQ(house.lease(lease).state, LeaseState::Expired);
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 1)), "out_of_stock") << "it never sells again";
  EXPECT_EQ(said(house.settle()), settled("0.0", "4.0", true));
}

TEST_F(LeaseRowsTest, both_sides_figures_stand_side_by_side) {
  house.reserve("A-1", "soup", 3);
  house.confirm("A-1");
  house.settle();
  const StockLevel level = house.level("soup");
  house.hub.add(LeaseSettled{LeaseId(lease),
                             units(3),
                             {},
                             false,
                             Movement{SkuId("soup"), MovementKind::Settle, level, level}});
  house.send();
  EXPECT_EQ(house.ask("SELECT told_sold, agreed_sold, returned, agreed_returned FROM lease$"),
            Strings{"30|30|0|0"});
}

TEST_F(LeaseRowsTest, a_hub_that_begins_anew_has_no_leases) {
  house.reserve("A-1", "soup", 3);
  house.hub.restore_to(house.hub.last());
  house.send();
  EXPECT_EQ(house.lease(lease).state, LeaseState::Expired);
  EXPECT_EQ(code_of(house.reserve("A-2", "soup", 1)), "out_of_stock");
  EXPECT_EQ(said(house.settle()), settled("0.0", "7.0", false));
  house.release("A-1");
  EXPECT_EQ(said(house.settle()), settled("0.0", "3.0", true));
}

TEST_F(LeaseRowsTest, an_order_that_goes_down_tells_what_it_drew_itself) {
  house.reserve("A-1", "soup", 3);
  const TurnOutcome sold = house.take(
      ConfirmOrder{house.hub.store(), "A-1", {}, false, R"({"external":"A-1","lines":[]})"});
  ASSERT_TRUE(sold.word);
  EXPECT_EQ(sold.word->word.verb, "online.order");
  EXPECT_EQ(sold.word->word.args, R"({"external":"A-1","lines":[],"draws":[{"lease":")" + lease +
                                      R"(","quantity":3.0}]})");
  EXPECT_EQ(said(house.settle()), "") << "told by the order";
  EXPECT_EQ(house.lease(lease).told_sold, units(3));
}

TEST_F(LeaseRowsTest, idle_units_go_back_when_nobody_wants_them) {
  const auto words =
      house.rights().return_idle(house.hub.store(), SkuId("soup"), {}, units(4), house.now);
  ASSERT_TRUE(words);
  EXPECT_EQ(said(*words), settled("0.0", "4.0", false));
  EXPECT_EQ(house.lease(lease).idle(), units(6));
  house.reserve("A-1", "soup", 6);
  const auto none =
      house.rights().return_idle(house.hub.store(), SkuId("soup"), {}, units(4), house.now);
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty()) << "nothing is idle by now";
}

TEST_F(LeaseRowsTest, the_figures_can_be_taken_anew) {
  house.ask("UPDATE inventory$ SET relay_stock = 0, current_stock = 0");
  ASSERT_TRUE(house.rights().rebuild(house.hub.store(), SkuId("soup"), house.now));
  EXPECT_EQ(house.ask("SELECT current_stock, relay_stock FROM inventory$"), Strings{"1000|100"});
  EXPECT_FALSE(house.rights().rebuild(house.hub.store(), SkuId("none"), house.now));
}

TEST_F(LeaseRowsTest, no_statement_can_sell_more_than_was_granted) {
  EXPECT_THROW(house.ask("UPDATE lease$ SET sold = 101"), std::runtime_error);
  EXPECT_THROW(house.ask("UPDATE lease$ SET held = -1"), std::runtime_error);
  EXPECT_THROW(house.ask("UPDATE lease$ SET sold = 60, held = 50"), std::runtime_error);
}

TEST(IdleRights, what_is_leased_and_idle_is_summed_with_its_age) {
  TurnHouse house;
  house.count("soup", 50);
  house.count("cola", 50);
  EXPECT_EQ(house.rights().idle_rights()->leases, 0U);
  house.grant("soup", 10);
  const TimePoint first = house.now;
  house.now = house.now + Duration::minutes(5);
  house.grant("cola", 4);
  ASSERT_EQ(code_of(house.reserve("A-1", "cola", 3)), "ok");
  const auto idle = house.rights().idle_rights();
  ASSERT_TRUE(idle);
  EXPECT_EQ(idle->tenths, 110);
  EXPECT_EQ(idle->leases, 2U);
  EXPECT_EQ(idle->oldest, std::optional(first));
}

}  // namespace
}  // namespace larder::relay
