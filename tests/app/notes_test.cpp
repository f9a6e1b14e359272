// What people type into an order that must not be kept.
#include <gtest/gtest.h>

#include "tests/app/kitchen_table.hpp"

namespace larder::edge {
namespace {

TEST(Hub, case_49_a_card_number_in_a_note_is_masked_before_it_is_kept_and_counted) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  table.hub->received(
      key, KitchenTable::command("n", "order.place",
                                 R"({"service":"takeaway","note":"card 4111 1111 1111 1111",)"
                                 R"("lines":[{"sku":"soup","quantity":1}]})"));
  table.hub->received(key, KitchenTable::order("plain"));
  table.writer->settle();
  EXPECT_EQ(table.telemetry.card_numbers, 1);
  for (const auto& event : table.journal.events) {
    EXPECT_EQ(event.data->find("4111 1111"), std::string::npos) << *event.data;
  }
}

}  // namespace
}  // namespace larder::edge
