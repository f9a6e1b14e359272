// A menu that comes by HTTP.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "lan-protocol/codec.hpp"
#include "tests/app/kitchen_table.hpp"

namespace larder::edge {
namespace {

TEST(Hub, a_menu_comes_by_http_with_an_admins_token_only) {
  KitchenTable table;
  JsonWriter out;
  write_menu(out, sample_menu());
  std::vector<HttpAnswer> answers;
  auto keep = [&](HttpAnswer answer) { answers.push_back(std::move(answer)); };
  table.hub->import_menu("token-kiosk-1", "m1", out.text(), keep);
  table.hub->import_menu("guess", "m2", out.text(), keep);
  table.hub->import_menu("token-admin", "m3", "{", keep);
  table.hub->import_menu("token-admin", "m4", out.text(), keep);
  table.writer->settle();
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers[0].status, 403);
  EXPECT_EQ(answers[1].status, 401);
  EXPECT_EQ(answers[2].status, 400);
  EXPECT_EQ(answers[3].status, 200);
  EXPECT_EQ(number_at(*answers[3].body, "result.menu_version"), 2);
}

TEST(Hub, a_menu_that_may_come_again_is_answered_with_503) {
  KitchenTable table;
  JsonWriter out;
  write_menu(out, sample_menu());
  std::vector<HttpAnswer> answers;
  auto keep = [&](HttpAnswer answer) { answers.push_back(std::move(answer)); };
  table.journal.disk = Room::Scarce;
  table.run_own(BeginEpoch{"a commit that finds the disk full"});
  table.writer->settle();
  table.hub->import_menu("token-admin", "m1", out.text(), keep);
  table.writer->settle();
  table.journal.disk = Room::Enough;
  table.clock.pass(Duration::seconds(60));
  table.hub->tick();
  table.writer->settle();
  table.hub->import_menu("token-admin", "m1", out.text(), keep);
  table.writer->settle();
  table.hub->stop([] {});
  table.hub->import_menu("token-admin", "m2", out.text(), keep);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(text_at(*answers[0].body, "error.code"), "storage_full");
  EXPECT_EQ(answers[0].status, 503);
  EXPECT_EQ(answers[1].status, 200) << "the same key, when there is room again";
  EXPECT_EQ(text_at(*answers[2].body, "error.code"), "busy");
  EXPECT_EQ(answers[2].status, 503);
}

TEST(Hub, a_menu_in_another_currency_than_the_stores_is_refused) {
  KitchenTable table;
  table.currency = "CHF";
  table.start();
  JsonWriter out;
  write_menu(out, sample_menu());
  std::vector<HttpAnswer> answers;
  table.hub->import_menu("token-admin", "m1", out.text(),
                         [&](HttpAnswer answer) { answers.push_back(std::move(answer)); });
  table.writer->settle();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 400);
  EXPECT_EQ(text_at(*answers[0].body, "code"), "bad_money");
}

}  // namespace
}  // namespace larder::edge
