// Who may speak to the relay.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "relay/api/throttle.hpp"
#include "tests/api/api_house.hpp"

namespace larder::relay {
namespace {

TEST(Accounts, the_first_admin_gets_a_password_that_only_the_owner_can_read) {
  ApiHouse house;
  ASSERT_TRUE(house.started());
  EXPECT_GE(house.password().size(), 24U);
  for (const std::string& file :
       {first_password_file(house.folder()), accounts_file(house.folder())}) {
    struct stat state {};
    ASSERT_EQ(::stat(file.c_str(), &state), 0);
    EXPECT_EQ(state.st_mode & 0777U, 0600U) << file;
  }
  EXPECT_FALSE(has(text_of(accounts_file(house.folder())), house.password()));
  EXPECT_TRUE(has(text_of(accounts_file(house.folder())), "$argon2id$"));
}

TEST(Accounts, a_file_that_others_can_read_or_that_is_none_stops_the_start) {
  TempFolder folder;
  ASSERT_TRUE(open_accounts(folder.path()));
  ASSERT_EQ(::chmod(accounts_file(folder.path()).c_str(), 0644), 0);
  EXPECT_EQ(open_accounts(folder.path()).error().code(), Code::Forbidden);
  ASSERT_EQ(::chmod(accounts_file(folder.path()).c_str(), 0600), 0);
  std::ofstream(accounts_file(folder.path())) << R"({"users":[{"name":"a"}],"tokens":[]})";
  EXPECT_EQ(open_accounts(folder.path()).error().code(), Code::Corrupt);
}

TEST(Login, gives_a_strict_cookie_that_opens_what_the_role_may) {
  ApiHouse house;
  EXPECT_EQ(house.ask("GET", "/api/v1/hq/stores").status, 401);
  const RawAnswer in = house.log_in("admin", house.password());
  ASSERT_EQ(in.status, 200) << in.body;
  const std::string cookie = in.fields.at("set-cookie");
  EXPECT_TRUE(has(cookie, "; HttpOnly; SameSite=Strict; Max-Age=43200"));
  EXPECT_GE(cookie.find(';') - cookie.find('='), 43U) << "256 bits";
  EXPECT_EQ(house.ask("GET", "/api/v1/hq/stores", "", ApiHouse::cookie_line(in)).status, 200);
  EXPECT_TRUE(has(house.as_admin("GET", "/api/v1/hq/me").body, R"("role":"ADMIN")"));
}

TEST(Login, a_wrong_password_and_an_unknown_name_are_refused_alike) {
  ApiHouse house;
  const RawAnswer wrong = house.log_in("admin", "not the password");
  const RawAnswer unknown = house.log_in("nobody", "not the password");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(wrong.body.substr(0, wrong.body.find("trace_id")),
            unknown.body.substr(0, unknown.body.find("trace_id")));
}

TEST(Login, tries_are_limited_by_name) {
  ApiHouse house;
  for (int i = 0; i < 8; ++i) EXPECT_EQ(house.log_in("admin", "guess number x").status, 401);
  const RawAnswer limited = house.log_in("admin", house.password());
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.fields.at("retry-after"), "10");
  house.on_loop([&house] { house.clock().pass(Duration::seconds(10)); });
  EXPECT_EQ(house.log_in("admin", house.password()).status, 200);
}

TEST(Session, ends_after_twelve_hours_and_at_log_out) {
  ApiHouse house;
  const std::string first = ApiHouse::cookie_line(house.log_in("admin", house.password()));
  EXPECT_EQ(house.ask("POST", "/logout", "", first).status, 200);
  EXPECT_EQ(house.ask("GET", "/api/v1/hq/me", "", first).status, 401);
  const std::string second = ApiHouse::cookie_line(house.log_in("admin", house.password()));
  house.on_loop([&house] { house.clock().pass(Duration::seconds(12 * 3600 - 1)); });
  EXPECT_EQ(house.ask("GET", "/api/v1/hq/me", "", second).status, 200);
  house.on_loop([&house] { house.clock().pass(Duration::seconds(1)); });
  EXPECT_EQ(house.ask("GET", "/api/v1/hq/me", "", second).status, 401);
}

TEST(Session, a_new_password_ends_the_sessions_of_the_old_one) {
  ApiHouse house;
  const std::string put = R"({"role":"BUSINESS","password":"a long password"})";
  ASSERT_EQ(house.as_admin("PUT", "/api/v1/hq/users/bob", put).status, 200);
  const std::string bob = ApiHouse::cookie_line(house.log_in("bob", "a long password"));
  EXPECT_EQ(house.ask("GET", "/api/v1/hq/me", "", bob).status, 200);
  const std::string changed = R"({"role":"BUSINESS","password":"another password"})";
  ASSERT_EQ(house.as_admin("PUT", "/api/v1/hq/users/bob", changed).status, 200);
  EXPECT_EQ(house.ask("GET", "/api/v1/hq/me", "", bob).status, 401);
  EXPECT_EQ(house.log_in("bob", "a long password").status, 401);
}

TEST(Csrf, a_change_by_cookie_needs_a_page_of_our_own) {
  ApiHouse house;
  std::string cookie = house.admin();
  cookie.erase(cookie.find("Sec-Fetch-Site"));
  const auto unfreeze = [&house](const std::string& headers) {
    return house.ask("POST", "/api/v1/hq/stores/s1/unfreeze", "", headers).status;
  };
  const std::string here = "http://127.0.0.1:" + std::to_string(house.port());
  EXPECT_EQ(unfreeze(cookie), 403) << "neither Origin nor Sec-Fetch-Site";
  EXPECT_EQ(unfreeze(cookie + "Sec-Fetch-Site: cross-site\r\n"), 403);
  EXPECT_EQ(unfreeze(cookie + "Sec-Fetch-Site: same-site\r\n"), 403);
  EXPECT_EQ(unfreeze(cookie + "Origin: http://evil.example\r\n"), 403);
  EXPECT_EQ(unfreeze(cookie + "Origin: null\r\n"), 403);
  EXPECT_EQ(unfreeze(cookie + "Origin: " + here + "\r\n"), 200);
  EXPECT_EQ(unfreeze(cookie + "Sec-Fetch-Site: same-origin\r\n"), 200);
  EXPECT_EQ(house.log_in("admin", house.password(), "Origin: http://evil.example\r\n").status, 403);
}

TEST(Roles, guests_and_users_read_business_changes_admin_does_all) {
  ApiHouse house;
  const std::string set = R"({"poiId":"s1","object_id":"soup","stock_status":2})";
  struct Row {
    std::string role;
    int reads, changes, unfreezes;
  };
  for (const Row& row : {Row{"GUEST", 200, 403, 403}, Row{"USER", 200, 403, 403},
                         Row{"BUSINESS", 200, 200, 403}, Row{"ADMIN", 200, 200, 200}}) {
    const std::string token = house.token("t-" + row.role, row.role);
    EXPECT_EQ(house.ask("GET", "/inventory/soup?warehouseId=s1", "", token).status, row.reads);
    EXPECT_EQ(house.ask("PUT", "/api/v1/poi/stock", set, token).status, row.changes) << row.role;
    EXPECT_EQ(house.ask("POST", "/api/v1/hq/stores/s1/unfreeze", "", token).status, row.unfreezes);
    EXPECT_EQ(house.ask("POST", "/api/v1/hq/stores/s1/takeover", "", token).status, row.unfreezes);
    EXPECT_EQ(house.ask("GET", "/api/v1/hq/accounts", "", token).status, row.unfreezes);
  }
}

TEST(Roles, case_83_a_token_that_claims_things_is_not_believed) {
  ApiHouse house;
  // {"alg":"none"} . {"role":"ADMIN"}, a kid that walks the disk, an old password as a token.
  for (const std::string& claim :
       {std::string("eyJhbGciOiJub25lIn0.eyJyb2xlIjoiQURNSU4ifQ."),
        std::string("eyJhbGciOiJFZERTQSIsImtpZCI6Ii4uLy4uL2V0Yy9wYXNzd2QifQ.e30.AA"),
        house.password(), std::string("admin"), std::string(4'000, 'a')}) {
    const RawAnswer answer =
        house.ask("GET", "/api/v1/hq/stores", "", "Authorization: Bearer " + claim + "\r\n");
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.fields.at("www-authenticate"), "Bearer");
  }
  EXPECT_EQ(
      house.ask("GET", "/api/v1/hq/stores", "", "Authorization: Basic YWRtaW46YQ==\r\n").status,
      401);
  // A bad token is not saved by a good cookie.
  EXPECT_EQ(
      house.ask("GET", "/api/v1/hq/me", "", house.admin() + "Authorization: Bearer x\r\n").status,
      401);
}

TEST(Roles, case_83_another_tenants_store_is_forbidden_by_the_credential_alone) {
  ApiHouse house;
  const std::string token = house.token("shop-two", "BUSINESS", R"(["s2"])");
  EXPECT_EQ(house.ask("GET", "/inventory/soup?warehouseId=s2", "", token).status, 200);
  for (const std::string target :
       {"/inventory/soup?warehouseId=s1", "/inventory?skuIds=soup&warehouseId=s1",
        "/api/v1/hq/stores/s1", "/api/v1/hq/stores/s1/stock", "/api/v1/hq/stores/s1/orders",
        "/api/v1/hq/stores/s1/words", "/api/v1/hq/stores/s1/words/1",
        "/api/v1/hq/stores/s1/statement?day=2026-11-21"}) {
    EXPECT_EQ(house.ask("GET", target, "", token).status, 403) << target;
  }
  const std::string set = R"({"poiId":"s1","object_id":"soup","stock_status":2})";
  EXPECT_EQ(house.ask("PUT", "/api/v1/poi/stock", set, token).status, 403);
  const std::string report =
      R"({"brandId":"b","poiId":"s1","object_id":"soup","stock_status":1,"stock_type":1})";
  EXPECT_EQ(house.ask("POST", "/api/v1/poi/stock/sync-from-pos", report, token).status, 403);
  EXPECT_EQ(house.ask("POST", "/api/v1/poi/stock/find-to-pos", R"({"poiId":"s1"})", token).status,
            403);
  const std::string word = R"({"verb":"stock.mark","args":{"sku":"soup","status":"sold_out"}})";
  EXPECT_EQ(house.ask("POST", "/api/v1/hq/stores/s1/words", word, token).status, 403);
  // Lists show its own alone.
  const std::string stores = house.ask("GET", "/api/v1/hq/stores", "", token).body;
  EXPECT_TRUE(has(stores, R"("store":"s2")"));
  EXPECT_FALSE(has(stores, R"("store":"s1")"));
  EXPECT_FALSE(has(house.ask("GET", "/inventory?skuIds=soup", "", token).body, R"("s1")"));
  // An ADMIN of some stores is no ADMIN of the relay.
  const std::string admin = house.token("admin-two", "ADMIN", R"(["s2"])");
  EXPECT_EQ(house.ask("GET", "/api/v1/hq/accounts", "", admin).status, 403);
}

TEST(Accounts, the_last_admin_stays_and_what_is_dropped_is_out_at_once) {
  ApiHouse house;
  EXPECT_EQ(house.as_admin("DELETE", "/api/v1/hq/users/admin").status, 409);
  const std::string token = house.token("till", "USER");
  EXPECT_EQ(house.ask("GET", "/api/v1/hq/me", "", token).status, 200);
  EXPECT_EQ(house.as_admin("DELETE", "/api/v1/hq/tokens/till").status, 200);
  EXPECT_EQ(house.ask("GET", "/api/v1/hq/me", "", token).status, 401);
  EXPECT_EQ(house.as_admin("DELETE", "/api/v1/hq/tokens/till").status, 404);
  EXPECT_EQ(
      house.as_admin("PUT", "/api/v1/hq/users/b%20b", R"({"role":"USER","password":"0123456789"})")
          .status,
      422);
  EXPECT_EQ(
      house.as_admin("PUT", "/api/v1/hq/users/bob", R"({"role":"USER","password":"short"})").status,
      422);
}

TEST(Accounts, are_read_again_after_a_restart) {
  TempFolder folder;
  auto accounts = open_accounts(folder.path());
  ASSERT_TRUE(accounts);
  accounts->tokens.push_back({"till", UserRole::Business, "ab", {StoreId("s1")}});
  ASSERT_TRUE(save_accounts(folder.path(), *accounts));
  const auto again = open_accounts(folder.path());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->users, accounts->users);
  EXPECT_EQ(again->tokens, accounts->tokens);
}

TEST(Throttle, gives_a_burst_then_one_at_a_time_and_is_bounded) {
  Throttle throttle(2, Duration::seconds(10), 2);
  EXPECT_TRUE(throttle.admit("a", Duration::seconds(100)));
  EXPECT_TRUE(throttle.admit("a", Duration::seconds(100)));
  EXPECT_FALSE(throttle.admit("a", Duration::seconds(100)));
  EXPECT_TRUE(throttle.admit("b", Duration::seconds(100)));
  EXPECT_FALSE(throttle.admit("c", Duration::seconds(100))) << "no place for a third name";
  EXPECT_TRUE(throttle.admit("a", Duration::seconds(110)));
  EXPECT_TRUE(throttle.admit("c", Duration::seconds(200))) << "a and b have rested";
}

}  // namespace
}  // namespace larder::relay
