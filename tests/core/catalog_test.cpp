// What a menu must keep before it is one.
#include "core/orders/catalog.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "tests/core/store.hpp"

namespace larder::test {
namespace {

Item& item_of(Menu& menu, const std::string& id) {
  for (Item& item : menu.items) {
    if (item.id == ItemId(id)) return item;
  }
  throw std::runtime_error("no item " + id);
}

// The code with which the sample menu is refused after one change; Unavailable when it is not.
Code refusal(const std::function<void(Menu&)>& change) {
  Menu menu = sample_menu();
  change(menu);
  const Result<Catalog> built = Catalog::build(std::move(menu));
  if (built) return Code::Unavailable;
  EXPECT_FALSE(built.error().message().empty());
  return built.error().code();
}

TEST(Catalog, finds_what_the_menu_has) {
  const Catalog catalog = sample_catalog();
  const Catalog::Found found = catalog.find(SkuId("burger-l"));
  ASSERT_NE(found.sku, nullptr);
  EXPECT_EQ(found.item->id, ItemId("burger"));
  EXPECT_EQ(found.sku->price, Money::minor(1100));
  EXPECT_EQ(catalog.find(SkuId("burger")).sku, nullptr);
  EXPECT_EQ(catalog.group(GroupId("bread"))->options.size(), 2U);
  EXPECT_EQ(catalog.group(GroupId("rye")), nullptr);
  EXPECT_TRUE(catalog.has_station(StationId("bar")));
  EXPECT_FALSE(catalog.has_station(StationId("")));
  EXPECT_TRUE(Catalog().empty());
  EXPECT_FALSE(catalog.empty());
}

TEST(Catalog, a_copy_stands_on_its_own) {
  Catalog copy;
  {
    const Catalog original = sample_catalog();
    copy = original;
  }
  EXPECT_EQ(copy.find(SkuId("soup")).item->name.en, "Soup of the day");
}

TEST(Catalog, ids_are_unique_in_their_kind) {
  EXPECT_EQ(refusal([](Menu& m) { m.stations.push_back(m.stations[0]); }), Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) { m.categories.push_back(m.categories[0]); }), Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) { m.option_groups.push_back(m.option_groups[0]); }), Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) {
              auto& options = m.option_groups[0].options;
              options.push_back(options[0]);
            }),
            Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) { item_of(m, "cola").id = ItemId("soup"); }), Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) { item_of(m, "cola").skus[0].id = SkuId("soup"); }), Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) { item_of(m, "burger").skus[1].id = SkuId("burger-s"); }),
            Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) {
              auto& parts = item_of(m, "meal").parts;
              parts[1].id = parts[0].id;
            }),
            Code::BadMenu);
}

TEST(Catalog, what_is_referred_to_exists) {
  EXPECT_EQ(refusal([](Menu& m) { item_of(m, "cola").category = CategoryId("none"); }),
            Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) { item_of(m, "cola").station = StationId("none"); }),
            Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) { item_of(m, "cola").option_groups = {GroupId("none")}; }),
            Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) {
              item_of(m, "cola").option_groups = {GroupId("bread"), GroupId("bread")};
            }),
            Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) { m.option_groups[0].options[0].uses = SkuId("none"); }),
            Code::BadMenu);
}

TEST(Catalog, an_item_may_need_no_cooking_and_be_on_no_channel) {
  EXPECT_EQ(refusal([](Menu& m) {
              item_of(m, "cola").station = StationId();
              item_of(m, "cola").channels.bits = 0;
            }),
            Code::Unavailable);
  EXPECT_EQ(refusal([](Menu& m) { item_of(m, "cola").channels.bits = 0x10; }), Code::BadMenu);
}

TEST(Catalog, sizes_have_limits) {
  EXPECT_EQ(refusal([](Menu& m) { m.items.clear(); }), Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) { m.currency = Currency(); }), Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) { item_of(m, "cola").skus.clear(); }), Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) {
              for (std::size_t i = 0; i <= kStationsMax; ++i) {
                m.stations.push_back({StationId("s" + std::to_string(i)), Text{"S", ""}});
              }
            }),
            Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) {
              Item& cola = item_of(m, "cola");
              for (std::size_t i = 0; i < kMenuSkusMax; ++i) {
                cola.skus.push_back({SkuId("c" + std::to_string(i)), Text{"v", ""}, Money()});
              }
              cola.skus[0].name.en = "v";
            }),
            Code::BadMenu);
}

TEST(Catalog, choices_have_a_range_that_can_be_kept) {
  const auto range = [](std::uint32_t min, std::uint32_t max) {
    return refusal([=](Menu& m) {
      m.option_groups[0].min_choices = min;
      m.option_groups[0].max_choices = max;
    });
  };
  EXPECT_EQ(range(0, 0), Code::BadMenu);
  EXPECT_EQ(range(2, 1), Code::BadMenu);
  EXPECT_EQ(range(0, 51), Code::BadMenu);
  EXPECT_EQ(range(3, 3), Code::Unavailable) << "an option may be taken more than once";
  EXPECT_EQ(refusal([](Menu& m) { m.option_groups[0].options.clear(); }), Code::BadMenu);
}

TEST(Catalog, prices_are_in_range) {
  const auto price = [](std::int64_t minor) {
    return refusal([=](Menu& m) { item_of(m, "cola").skus[0].price = Money::minor(minor); });
  };
  EXPECT_EQ(price(-1), Code::BadMenu);
  EXPECT_EQ(price(0), Code::Unavailable);
  EXPECT_EQ(price(kPriceMinorMax), Code::Unavailable);
  EXPECT_EQ(price(kPriceMinorMax + 1), Code::BadMenu);
  const auto delta = [](std::int64_t minor) {
    return refusal(
        [=](Menu& m) { m.option_groups[0].options[0].price_delta = Money::minor(minor); });
  };
  EXPECT_EQ(delta(-50), Code::Unavailable);
  EXPECT_EQ(delta(-kPriceMinorMax - 1), Code::BadMenu);
  EXPECT_EQ(delta(kPriceMinorMax + 1), Code::BadMenu);
}

TEST(Catalog, texts_are_short_plain_and_there) {
  const auto name = [](const std::string& en, const std::string& zh = "") {
    return refusal([&](Menu& m) { item_of(m, "cola").name = Text{en, zh}; });
  };
  EXPECT_EQ(name(""), Code::BadMenu);
  EXPECT_EQ(name(std::string(200, 'x')), Code::Unavailable);
  EXPECT_EQ(name(std::string(201, 'x')), Code::BadMenu);
  EXPECT_EQ(name("Cola", std::string(201, 'x')), Code::BadMenu);
  EXPECT_EQ(name("Co\nla"), Code::BadMenu);
  EXPECT_EQ(name("Cola", "\x1b@"), Code::BadMenu);
  EXPECT_EQ(name("Cola\xff"), Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) { item_of(m, "burger").skus[0].name.en = ""; }), Code::BadMenu)
      << "two sizes need names";
  EXPECT_EQ(refusal([](Menu& m) { item_of(m, "cola").description.en = std::string(1025, 'x'); }),
            Code::BadMenu);
}

TEST(Catalog, an_image_is_a_path_under_media) {
  const auto image = [](const std::string& path) {
    return refusal([&](Menu& m) { item_of(m, "cola").image = path; });
  };
  EXPECT_EQ(image("/media/cola.svg"), Code::Unavailable);
  EXPECT_EQ(image("http://elsewhere/cola.svg"), Code::BadMenu);
  EXPECT_EQ(image("/media/../store.db"), Code::BadMenu);
}

TEST(Catalog, case_31_ids_with_odd_characters_are_refused) {
  for (const char* id : {"", "a b", "'; DROP", "a\x01", "é"}) {
    EXPECT_EQ(refusal([id](Menu& m) { item_of(m, "cola").skus[0].id = SkuId(id); }), Code::BadMenu);
    EXPECT_EQ(refusal([id](Menu& m) { item_of(m, "cola").id = ItemId(id); }), Code::BadMenu);
  }
  EXPECT_EQ(refusal([](Menu& m) { m.stations[0].id = StationId(std::string(65, 's')); }),
            Code::BadMenu);
}

TEST(Catalog, case_32_a_combo_never_holds_a_combo) {
  EXPECT_EQ(refusal([](Menu& m) { item_of(m, "meal").parts[0].choices[0].sku = SkuId("meal"); }),
            Code::BadCombo)
      << "itself";
  EXPECT_EQ(refusal([](Menu& m) {
              Item second = item_of(m, "meal");
              second.id = ItemId("meal-2");
              second.skus[0].id = SkuId("meal-2");
              second.parts[0].choices[0].sku = SkuId("meal");
              m.items.push_back(second);
            }),
            Code::BadCombo)
      << "another";
  EXPECT_EQ(refusal([](Menu& m) { item_of(m, "meal").parts[0].choices[0].sku = SkuId("none"); }),
            Code::BadCombo)
      << "nothing that is";
  EXPECT_EQ(refusal([](Menu& m) { item_of(m, "meal").parts[0].choices.clear(); }), Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) {
              auto& choices = item_of(m, "meal").parts[0].choices;
              choices.push_back(choices[0]);
            }),
            Code::BadMenu);
  EXPECT_EQ(refusal([](Menu& m) {
              auto& parts = item_of(m, "meal").parts;
              for (std::size_t i = 0; i <= kComboPartsMax; ++i) {
                parts.push_back(parts[0]);
                parts.back().id = PartId("p" + std::to_string(i));
              }
            }),
            Code::BadMenu);
}

}  // namespace
}  // namespace larder::test
