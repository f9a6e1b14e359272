#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/digest.hpp"
#include "lan-protocol/envelope.hpp"
#include "tests/protocol/examples.hpp"

namespace larder {
namespace {

TEST(Events, encode_and_decode_to_the_same_event) {
  for (std::size_t alternative = 0; alternative < std::variant_size_v<Event>; ++alternative) {
    EXPECT_TRUE(rc::check([alternative] {
      const StampedEvent event = *examples::any_event(alternative);
      RC_ASSERT(event.event.index() == alternative);
      const std::string data = encode_event(event);
      const Result<StampedEvent> again = decode_event(data);
      if (!again) RC_FAIL(again.error().message() + " in " + data);
      RC_ASSERT(*again == event);
      RC_ASSERT(encode_event(*again) == data);
      // What the uplink reads of it without decoding, and the number it travels under.
      const Result<EventFront> front = event_front(data);
      RC_ASSERT(front && front->at == event.at && front->event == event_name(event.event));
      RC_ASSERT(event_number(front->event) != 0);
    }));
  }
}

// Journals from before there was staff, discounts, void lines and restore rules: the golden files
// of step 1 are such events, and these bytes must stay what they were.
TEST(Events, of_an_earlier_version_keep_their_bytes) {
  const std::string data =
      R"({"at":1795254300123456,"cmd":"c-1","by":"till-1","event":"stock.changed","body":{"movement":)"
      R"({"kind":"mark","before":{"sku":"soup","type":"unlimited","status":"available","available":0.0,"held":0.0},)"
      R"("after":{"sku":"soup","type":"unlimited","status":"sold_out","available":0.0,"held":0.0}},"by":"till-1"}})";
  const Result<StampedEvent> event = decode_event(data);
  ASSERT_TRUE(event) << event.error().message();
  EXPECT_TRUE(event->staff.empty());
  EXPECT_EQ(encode_event(*event), data);
  const std::string signed_in =
      R"({"at":1,"cmd":"","by":"till-1","staff":"anna","event":"order.served","body":{"order":"1"}})";
  EXPECT_EQ(decode_event(signed_in)->staff, StaffId("anna"));
  EXPECT_EQ(encode_event(*decode_event(signed_in)), signed_in);
}

TEST(Events, of_a_later_version_are_told_from_damage) {
  const std::string later = R"({"at":1,"cmd":"","by":"","event":"table.moved","body":{}})";
  EXPECT_EQ(decode_event(later).error().code(), Code::NewerSchema);
  const std::string nameless = R"({"at":1,"cmd":"","by":"","event":7,"body":{}})";
  EXPECT_EQ(decode_event(nameless).error().code(), Code::Corrupt);
  EXPECT_EQ(decode_event("").error().code(), Code::Corrupt);
  EXPECT_EQ(decode_event(std::string(1'000'000, '[')).error().code(), Code::Corrupt);
}

// The journal holds what the limits of a client's message do not allow: a whole menu, an order that
// the menu has made larger.
TEST(Events, a_menu_of_full_size_comes_back) {
  Menu menu;
  menu.currency = *Currency::parse("EUR");
  for (std::size_t i = 0; i < kMenuItemsMax; ++i) {
    Item item;
    item.id = ItemId("item-" + std::to_string(i));
    item.category = CategoryId("all");
    item.name = Text{std::string(100, 'n'), "汤"};
    item.skus = {{SkuId("a" + std::to_string(i)), {}, Money::minor(1)},
                 {SkuId("b" + std::to_string(i)), {}, Money::minor(2)}};
    menu.items.push_back(std::move(item));
  }
  const StampedEvent event = {TimePoint{1}, CommandId("c"), DeviceId("d"), StaffId(),
                              MenuImported{menu}};
  const Result<StampedEvent> again = decode_event(encode_event(event));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(*again, event);
}

TEST(Events, an_order_of_full_size_comes_back) {
  Order order = examples::placed_order();
  OrderLine line = order.lines[0];
  line.options.assign(kLineOptionsMax, line.options[0]);
  line.name.en = std::string(2 * kStringBytesMax, 'n');
  order.lines.assign(kOrderLinesMax, line);
  const StampedEvent event = {TimePoint{1}, CommandId("c"), DeviceId("d"), StaffId(),
                              OrderPlaced{order}};
  const Result<StampedEvent> again = decode_event(encode_event(event));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(*again, event);
}

TEST(Events, a_payment_of_nothing_is_not_the_same_as_none) {
  Order order = examples::placed_order();
  order.paid = true;
  const StampedEvent event = {TimePoint{1}, CommandId(), DeviceId(), StaffId(), OrderPlaced{order}};
  EXPECT_NE(encode_event(event).find(R"("payment":{"tender":"cash","amount":0,"reference":""})"),
            std::string::npos);
  EXPECT_EQ(*decode_event(encode_event(event)), event);
}

}  // namespace
}  // namespace larder
