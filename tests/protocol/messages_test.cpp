#include "lan-protocol/messages.hpp"

#include <gtest/gtest.h>

#include "lan-protocol/codec.hpp"
#include "tests/protocol/golden.hpp"

namespace larder {
namespace {

constexpr TimePoint kAt{1'795'254'300'123'456};
constexpr std::string_view kId = "018f3c1e-7a50-7000-8000-000000000007";

std::string hub_message(const std::string& name) {
  return golden::text_of("messages/hub/good." + name + ".json");
}

ClientMessage read(const std::string& name) {
  const Result<ClientMessage> message =
      read_client_message(golden::text_of("messages/client/good." + name + ".json"));
  EXPECT_TRUE(message) << name;
  return message ? *message : ClientMessage{};
}

TEST(ClientMessages, a_sign_in_has_a_person_and_digits_that_no_refusal_repeats) {
  const ClientMessage sign_in = read("sign_in");
  EXPECT_EQ(sign_in.type, MessageType::SignIn);
  EXPECT_EQ(sign_in.staff, StaffId("anna"));
  EXPECT_EQ(sign_in.pin, "0420");
  EXPECT_EQ(read("sign_out").type, MessageType::SignOut);
  const auto odd =
      read_client_message(R"({"type":"sign_in","id":"1","staff":"anna","pin":"98x7"})");
  ASSERT_FALSE(odd);
  EXPECT_EQ(odd.error().message(), "pin: must be 4 to 8 digits");
}

TEST(HubMessages, tell_who_may_sign_in_and_who_is) {
  std::map<StaffId, Staff> staff;
  EXPECT_EQ(write_staff_notice({staff, nullptr, 180, ""}), hub_message("staff-nobody"));
  Permissions permissions;
  permissions.add(Permission::Discount);
  permissions.add(Permission::Void);
  staff[StaffId("anna")] = Staff{StaffId("anna"), "Anna", "$argon2id$secret", permissions, kAt};
  EXPECT_EQ(write_staff_notice({staff, nullptr, 180, "idle"}), hub_message("staff-idle"));
  staff[StaffId("ben")] = Staff{StaffId("ben"), "Ben", "$argon2id$secret", {}, kAt};
  const Staff* anna = &staff.at(StaffId("anna"));
  EXPECT_EQ(write_staff_notice({staff, anna, 180, ""}), hub_message("staff"));
}

TEST(ClientMessages, are_read_field_by_field) {
  const ClientMessage auth = read("auth");
  EXPECT_EQ(auth.type, MessageType::Auth);
  EXPECT_EQ(auth.token, "k7Qm-0Zp_3");
  EXPECT_EQ(auth.client, "kiosk-web 0.1.0");
  EXPECT_EQ(auth.protocol, 1);
  ASSERT_TRUE(auth.witness);
  EXPECT_EQ(auth.witness->epoch, 1U);
  EXPECT_EQ(auth.witness->seq, 40U);
  EXPECT_FALSE(read("auth-minimal").witness);
  const ClientMessage::Witness witness = *read("auth-witness").witness;
  EXPECT_EQ(witness.hub.text(), "h-1");
  ASSERT_TRUE(witness.head);
  EXPECT_EQ(hex(*witness.head).substr(0, 4), "5f5f");

  const ClientMessage command = read("command");
  EXPECT_EQ(command.type, MessageType::Command);
  EXPECT_EQ(command.id, kId);
  EXPECT_EQ(command.verb, "order.serve");
  EXPECT_EQ(command.args, *parse_json(R"({"order":"20261121-0007"})"));

  const ClientMessage query = read("query-minimal");
  EXPECT_EQ(query.type, MessageType::Query);
  EXPECT_EQ(query.args, Json(JsonObject{})) << "left out args are none";

  const ClientMessage subscribe = read("subscribe");
  EXPECT_EQ(subscribe.type, MessageType::Subscribe);
  EXPECT_EQ(subscribe.topic, Topic::Kitchen);
  ASSERT_TRUE(subscribe.since);
  EXPECT_EQ(subscribe.since->seq, 40U);
  EXPECT_FALSE(read("subscribe-minimal").since);
  EXPECT_EQ(read("unsubscribe").type, MessageType::Unsubscribe);
  EXPECT_EQ(read("ping").id, "p-1");
}

TEST(ClientMessages, case_34_the_store_a_command_names_reaches_the_hub) {
  EXPECT_EQ(read("command").store, "s1");
  EXPECT_EQ(read("command-minimal").store, "");
}

TEST(ClientMessages, case_26_deep_messages_are_refused_and_still_answered_by_id) {
  const std::string text =
      R"({"type":"command","id":"c-1","verb":"order.serve","args":)" + std::string(60'000, '[');
  const Result<ClientMessage> message = read_client_message(text);
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().code(), Code::TooDeep);
  EXPECT_EQ(id_in(text), "c-1");
}

TEST(ClientMessages, an_id_is_found_when_it_can_be_used) {
  EXPECT_EQ(id_in(R"({"id":"c-1","id":"c-2"})"), "c-1");
  EXPECT_EQ(id_in(R"({"id":"a b"})"), "");
  EXPECT_EQ(id_in(R"({"id":7})"), "");
  EXPECT_EQ(id_in("not json"), "");
  EXPECT_EQ(id_in("{\"id\":\"" + std::string(65, 'x') + "\"}"), "");
}

TEST(HubMessages, have_the_promised_bytes) {
  EXPECT_EQ(write_reply(kId, 1, 44,
                        R"({"order":"20261121-0007","number":7,"total":1175,"state":"accepted"})"),
            hub_message("reply"));
  const Error sold_out(Code::OutOfStock, "Soup of the day: 1.0 left, 2.0 wanted");
  EXPECT_EQ(write_refusal(kId, 1, 44, sold_out), hub_message("refusal"));
  EXPECT_EQ(write_refusal(kId, 1, 44, Error(Code::Busy, "the disk is slow")),
            hub_message("refusal-later"));
  EXPECT_EQ(write_error(Error(Code::Unauthorized, "no device has this token")),
            hub_message("error"));
  EXPECT_EQ(write_pong("p-1", kAt), hub_message("pong"));
  EXPECT_EQ(write_resumed("1", Topic::Kitchen, 1, 44, 44), hub_message("resumed"));
  EXPECT_EQ(write_heartbeat(1, 44, kAt, {12, 44, 44, 12, 3}), hub_message("heartbeat"));
  EXPECT_EQ(write_heartbeat(1, 44, kAt, {12, 44, 44, 12, 3}, true), hub_message("heartbeat-full"));
  EXPECT_EQ(write_heartbeat(1, 44, kAt, {12, 44, 44, 12, 3}, false,
                            CloudNotice{"internet", TimePoint{1'795'254'000'000'000}}),
            hub_message("heartbeat-cloud"));
  Sha256 head;
  head.fill(0x5f);
  EXPECT_EQ(write_heartbeat(1, 44, kAt, {12, 44, 44, 12, 3}, false, {}, hex(head)),
            hub_message("heartbeat-head"));
  EXPECT_EQ(
      write_heartbeat(1, 44, kAt, {12, 44, 44, 12, 3}, false, {}, "",
                      RecoveryNotice{"behind", "a screen has seen event 150, the books end at 44",
                                     TimePoint{1'795'254'300'000'000}, 150}),
      hub_message("heartbeat-recovery"));
}

TEST(HubMessages, an_event_is_the_journals_bytes_with_its_place_in_front) {
  const Event served = OrderServed{OrderId("20261121-0007")};
  const std::string data =
      encode_event({kAt, CommandId(std::string(kId)), DeviceId("kiosk-1"), StaffId(), served});
  const std::string first = write_event(1, 43, topic_bit(Topic::Orders), {12, 43, 41, 0, 3}, data);
  const std::string voided = golden::text_of("events/order.voided/good.2.json");
  const std::string second =
      write_event(1, 44, topics_of(decode_event(voided)->event), {12, 43, 43, 0, 3}, voided);
  EXPECT_EQ(write_events(std::vector<std::string_view>{first, second}), hub_message("events"));
}

TEST(HubMessages, an_error_with_any_text_is_still_json) {
  const std::string text = write_error(Error(Code::BadConfig, "\"quoted\" \\ \x1b and\nmore"));
  const Result<Json> json = parse_json(text, {});
  EXPECT_FALSE(json) << "control bytes are escaped, and refused by our own reader";
  EXPECT_NE(text.find(R"(\"quoted\" \\ \u001b and\nmore)"), std::string::npos) << text;
}

}  // namespace
}  // namespace larder
