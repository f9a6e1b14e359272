#include "tools/replay/books.hpp"

#include <gtest/gtest.h>

#include "lan-protocol/digest.hpp"
#include "tools/client/fields.hpp"

namespace larder::replay {
namespace {

Json parsed(const std::string& text) {
  const Result<Json> json = parse_json(text, client::kHubJson);
  EXPECT_TRUE(json.has_value()) << text;
  return json ? *json : Json();
}

constexpr const char* kOrder =
    R"({"order":"d-0001","number":1,"day":20261121,"device":"k-1","lines":[)"
    R"({"line":1,"sku":"soup","quantity":2.0,"unit_price":590,"total":1180,)"
    R"("options":[{"group":"bread","option":"rye"},{"group":"bread","option":"oat"}],"parts":[]}],)"
    R"("total":1180,"paid":true})";

FileOrder planned_soup() {
  FileLine line;
  line.quantity = 2;
  line.sku = "soup";
  line.total = 1'180;
  line.choices = {{"bread", "oat", false}, {"bread", "rye", false}};
  return {"1", {line}};
}

TEST(Cart, is_equal_whatever_the_order_of_its_options) {
  EXPECT_TRUE(compare_lines(planned_soup(), parsed(kOrder)).empty());
}

TEST(Cart, every_difference_is_told) {
  const auto told = [](const FileOrder& planned) {
    const auto found = compare_lines(planned, parsed(kOrder));
    return found.size() == 1 ? found[0] : std::string("none or many");
  };
  FileOrder order = planned_soup();
  order.lines[0].sku = "stew";
  EXPECT_EQ(told(order), "line 1 is soup instead of stew");
  order = planned_soup();
  order.lines[0].quantity = 1;
  EXPECT_EQ(told(order), "line 1 has quantity 2.0 instead of 1");
  order = planned_soup();
  order.lines[0].total = 1'182;
  EXPECT_EQ(told(order), "line 1 costs 5.90 each instead of 5.91");
  order = planned_soup();
  order.lines[0].choices.pop_back();
  EXPECT_EQ(told(order), "line 1 has other options than were ordered");
  order = planned_soup();
  order.lines[0].choices[0].option = "rye";
  EXPECT_EQ(told(order), "line 1 has other options than were ordered");
  order.lines.push_back(order.lines[0]);
  EXPECT_EQ(told(order), "has 1 lines instead of 2");
}

// A journal of our own making: the three events of one order, the chain right.
class Journal {
 public:
  Journal() {
    add(R"({"at":1,"cmd":"c1","by":"k-1","event":"order.placed","body":{"order":)" +
        std::string(kOrder) + "}}");
    add(R"({"at":1,"cmd":"c1","by":"k-1","event":"order.paid","body":{"order":"d-0001",)"
        R"("payment":{"tender":"card","amount":1180,"reference":""},"state":"paid"}})");
    add(R"({"at":1,"cmd":"c1","by":"k-1","event":"order.accepted","body":{"order":"d-0001"}})");
  }
  void add(const std::string& data) { add_at(++seq_, data); }
  void add_at(Seq seq, const std::string& data) {
    hash_ = chain(hash_, 1, seq, data);
    events.push_back(parsed(R"({"epoch":1,"seq":)" + std::to_string(seq) + R"(,"hash":")" +
                            hex(hash_) + R"(","data":)" + data + "}"));
  }
  Books read() const {
    BookReader reader;
    reader.take(events);
    return reader.finish();
  }
  JsonArray events;

 private:
  Seq seq_ = 0;
  Sha256 hash_{};
};

struct Played {
  std::vector<FileOrder> orders{planned_soup()};
  Plan plan = make_plan(orders, Pay::Card, 0);
  Played() {
    Sale& sale = plan.sales[0];
    sale.command = "c1";
    sale.was_sent = true;
    sale.reply.ok = true;
    sale.reply.text = "{}";
    sale.reply.result = parsed(R"({"order":"d-0001","number":1,"total":1180})");
    sale.hub_order = "d-0001";
  }
  std::vector<Difference> against(const Books& books) const {
    return compare(plan, books, 0, [](const std::string& device) { return device == "k-1"; });
  }
};

TEST(Books, agree_with_what_was_played) {
  const Books books = Journal().read();
  EXPECT_EQ(books.head, 3U);
  EXPECT_TRUE(Played().against(books).empty());
}

TEST(Books, a_gap_and_a_changed_event_are_differences) {
  Journal journal;
  journal.add_at(5, R"({"at":1,"cmd":"","by":"","event":"day.opened","body":{"day":20261121}})");
  const Books gap = journal.read();
  ASSERT_EQ(gap.differences.size(), 1U);
  EXPECT_EQ(gap.differences[0].sentence, "after seq 3 comes 5");

  Journal changed;
  changed.events[1].as<JsonObject>()->at(3).second = parsed(R"({"event":"order.paid","body":{}})");
  EXPECT_FALSE(changed.read().differences.empty());
}

TEST(Books, an_order_placed_twice_is_a_difference) {
  Journal journal;
  std::string again = kOrder;
  again.replace(again.find("d-0001"), 6, "d-0002");
  again.replace(again.find("\"number\":1"), 10, "\"number\":2");
  journal.add(R"({"at":2,"cmd":"c1","by":"k-1","event":"order.placed","body":{"order":)" + again +
              "}}");
  const auto found = Played().against(journal.read());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].sentence, "is 2 times in the journal instead of 1");
}

TEST(Books, a_lost_order_is_a_difference) {
  Journal journal;
  journal.events.clear();
  const auto found = Played().against(journal.read());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].sentence, "is 0 times in the journal instead of 1");
}

TEST(Books, an_order_nobody_sent_is_a_difference) {
  Played played;
  played.plan.sales[0].command = "c2";
  const auto found = played.against(Journal().read());
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].sentence, "is in the journal, but nobody ordered it");
}

TEST(Books, a_wrong_total_in_the_answer_is_a_difference) {
  Played played;
  played.plan.sales[0].reply.result = parsed(R"({"order":"d-0001","total":1181})");
  const auto found = played.against(Journal().read());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].sentence, "was answered with the total 11.81 instead of 11.80");
}

TEST(Books, an_order_accepted_twice_is_a_difference) {
  Journal journal;
  journal.add(
      R"({"at":1,"cmd":"c1","by":"k-1","event":"order.accepted","body":{"order":"d-0001"}})");
  const auto found = Played().against(journal.read());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].sentence, "was accepted 2 times in the journal");
}

TEST(Books, an_unanswered_order_is_a_difference) {
  Played played;
  played.plan.sales[0].reply = client::Reply{};
  const auto found = played.against(Journal().read());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].sentence, "was never answered");
}

TEST(Books, the_list_of_orders_is_compared_too) {
  const Played played;
  EXPECT_TRUE(compare_list(played.plan, {parsed(kOrder)}).empty());
  EXPECT_EQ(compare_list(played.plan, {}).size(), 1U);
  EXPECT_EQ(compare_list(played.plan, {parsed(kOrder), parsed(kOrder)}).size(), 1U);
}

}  // namespace
}  // namespace larder::replay
