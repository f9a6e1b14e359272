// The parts without sockets: the door, the frame meter, the send queue.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/base/limits.hpp"
#include "edge/lan/door.hpp"
#include "edge/lan/frame_meter.hpp"
#include "edge/lan/send_queue.hpp"
#include "tests/support/raw_client.hpp"

namespace larder::edge {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const SteadyTime kStart{seconds(1'000)};

TEST(Door, an_address_may_crowd_for_a_moment_only) {
  Door door{LanLimits{}};
  std::vector<ConnectionId> inside;
  for (int i = 0; i < 300; ++i) {
    const auto admission = door.knock("10.0.0.9", false, kStart + milliseconds(i));
    if (admission.admitted) inside.push_back(admission.id);
    EXPECT_TRUE(admission.evicted.empty());
  }
  EXPECT_EQ(inside.size(), 16U);
  EXPECT_TRUE(door.overstayed(kStart + milliseconds(900)).empty());
  const auto gone = door.overstayed(kStart + seconds(2));
  EXPECT_EQ(gone, std::vector<ConnectionId>(inside.begin(), inside.begin() + 12));
  EXPECT_EQ(door.connections(), 4U);
  EXPECT_TRUE(door.overstayed(kStart + seconds(9)).empty());
}

TEST(Door, a_browser_with_six_sockets_is_no_crowd) {
  Door door{LanLimits{}};
  for (int i = 0; i < 6; ++i) {
    const auto admission = door.knock("10.0.0.9", false, kStart);
    ASSERT_TRUE(admission.admitted);
    door.stand(admission.id, Door::Standing::Served, kStart);
  }
  EXPECT_TRUE(door.overstayed(kStart + seconds(60)).empty());
  EXPECT_EQ(door.connections(), 6U);
}

TEST(Door, strangers_make_room_for_the_next_and_devices_stay) {
  LanLimits limits;
  limits.connections_max = 10;
  limits.reserved_connections = 4;
  Door door{limits};
  std::vector<ConnectionId> known;
  for (int i = 0; i < 5; ++i) {
    known.push_back(door.knock("10.0.0." + std::to_string(i), false, kStart).id);
    door.stand(known.back(), Door::Standing::Known, kStart);
  }
  std::vector<ConnectionId> strangers;
  for (int i = 0; i < 5; ++i) {
    strangers.push_back(door.knock("10.0.1." + std::to_string(i), false, kStart + seconds(i)).id);
  }
  EXPECT_EQ(door.connections(), 10U);
  // The second is useful again, so the first and then the third have to go.
  door.stand(strangers[1], Door::Standing::Served, kStart + seconds(10));
  EXPECT_EQ(door.knock("10.0.2.1", false, kStart + seconds(11)).evicted,
            std::vector<ConnectionId>{strangers[0]});
  EXPECT_EQ(door.knock("10.0.2.2", false, kStart + seconds(12)).evicted,
            std::vector<ConnectionId>{strangers[2]});
  EXPECT_EQ(door.strangers(), 5U);
}

TEST(Door, the_reserved_places_are_not_for_strangers) {
  LanLimits limits;
  limits.connections_max = 10;
  limits.reserved_connections = 4;
  Door door{limits};
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(door.knock("10.0.1." + std::to_string(i), false, kStart).admitted);
  }
  EXPECT_EQ(door.strangers(), 6U);
}

TEST(Door, a_house_smaller_than_the_reserve_still_opens) {
  LanLimits limits;
  limits.connections_max = 10;
  Door door{limits};
  for (int i = 0; i < 8; ++i) {
    EXPECT_TRUE(door.knock("10.0.1." + std::to_string(i), false, kStart).admitted);
  }
  EXPECT_EQ(door.strangers(), 5U);
}

TEST(Door, a_full_house_of_devices_takes_nobody) {
  LanLimits limits;
  limits.connections_max = 3;
  limits.reserved_connections = 1;
  Door door{limits};
  for (int i = 0; i < 3; ++i) {
    const auto admission = door.knock("10.0.0.1", false, kStart);
    door.stand(admission.id, Door::Standing::Known, kStart);
  }
  EXPECT_FALSE(door.knock("10.0.0.2", false, kStart).admitted);
  EXPECT_EQ(door.connections(), 3U);
}

std::optional<FrameFault> passed(FrameMeter& meter, const std::string& bytes,
                                 SteadyTime now = kStart) {
  return meter.pass(bytes, now);
}

TEST(FrameMeter, case_11_the_seventeenth_fragment_is_a_fault) {
  FrameMeter meter(20);
  EXPECT_FALSE(passed(meter, client_frame("a", {.fin = false})));
  for (int i = 0; i < 14; ++i) {
    EXPECT_FALSE(passed(meter, client_frame("", {.fin = false, .opcode = 0})));
  }
  EXPECT_FALSE(passed(meter, client_frame("z", {.opcode = 0})));
  // The next message counts from the start again.
  EXPECT_FALSE(passed(meter, client_frame("a", {.fin = false})));
  for (int i = 0; i < 15; ++i) {
    EXPECT_FALSE(passed(meter, client_frame("", {.fin = false, .opcode = 0})));
  }
  const auto fault = passed(meter, client_frame("", {.fin = false, .opcode = 0}));
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->close_code, 1008);
}

TEST(FrameMeter, keeps_its_place_however_the_bytes_are_cut) {
  std::string bytes;
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65535U, 65536U, 70000U}) {
    bytes += client_frame(std::string(size, 'x'));
  }
  const std::string binary = client_frame("b", {.opcode = 2});
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U, 1000000U}) {
    FrameMeter meter(20);
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      ASSERT_FALSE(passed(meter, bytes.substr(at, piece)));
    }
    const auto fault = passed(meter, binary);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->close_code, 1003);
  }
}

TEST(FrameMeter, case_15_control_frames_are_counted_by_the_second) {
  FrameMeter meter(20);
  const std::string ping = client_frame("", {.opcode = 9});
  for (int second = 0; second < 5; ++second) {
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(passed(meter, ping, kStart + seconds(second)));
  }
  for (int i = 0; i < 20; ++i) passed(meter, ping, kStart + seconds(9));
  const auto fault = passed(meter, ping, kStart + seconds(9));
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->close_code, 1008);
}

Bytes frame_of(std::size_t bytes) {
  return std::make_shared<const std::string>(std::string(bytes, 'f'));
}

TEST(SendQueue, is_full_by_bytes_or_by_frames) {
  SendQueue by_bytes(1000, 100);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(by_bytes.push(frame_of(200)));
  EXPECT_FALSE(by_bytes.push(frame_of(1)));
  by_bytes.pop();
  EXPECT_TRUE(by_bytes.push(frame_of(200)));
  SendQueue by_frames(1000, 3);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(by_frames.push(frame_of(1)));
  EXPECT_FALSE(by_frames.push(frame_of(1)));
}

TEST(SendQueue, takes_snapshots_larger_than_itself_but_only_a_few) {
  SendQueue queue(1000, 100);
  EXPECT_TRUE(queue.push(frame_of(10)));
  for (std::size_t i = 0; i < kTopicsPerSessionMax; ++i) EXPECT_TRUE(queue.push(frame_of(5000)));
  EXPECT_FALSE(queue.push(frame_of(5000)));
  EXPECT_EQ(queue.bytes(), 10U);
  EXPECT_EQ(queue.pop()->size(), 10U);
  EXPECT_EQ(queue.pop()->size(), 5000U);
  EXPECT_TRUE(queue.push(frame_of(5000)));
  queue.clear();
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.bytes(), 0U);
}

}  // namespace
}  // namespace larder::edge
