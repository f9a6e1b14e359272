#include "relay/api/accounts.hpp"

#include <algorithm>
#include <array>

#include "core/base/limits.hpp"
#include "lan-protocol/json.hpp"
#include "relay/api/members.hpp"

namespace larder::relay {

namespace {

constexpr std::array kRoles = {UserRole::Guest, UserRole::User, UserRole::Business,
                               UserRole::Admin};
constexpr std::size_t kSecretBytesMax = 256;

void write_accounts(JsonWriter& out, std::string_view name, const std::vector<Account>& accounts) {
  out.key(name).begin_array();
  for (const Account& account : accounts) {
    out.begin_object().member("name", account.name).member("role", wire_name(account.role));
    out.member("secret", account.secret).key("stores").begin_array();
    for (const StoreId& store : account.stores) out.value(store.text());
    out.end_array().end_object();
  }
  out.end_array();
}

Result<Account> read_account(const Json& json, std::string path) {
  Members members(json, std::move(path));
  Account account;
  account.name = members.text("name", kIdBytesMax);
  const auto role = user_role_of(members.text("role", kIdBytesMax));
  if (!role) members.wrong("role", "is no role");
  account.role = role.value_or(UserRole::Guest);
  account.secret = members.text("secret", kSecretBytesMax);
  if (const JsonArray* stores = members.array_if("stores", kAccountStoresMax)) {
    for (const Json& store : *stores) {
      const std::string* text = store.as<std::string>();
      if (text == nullptr || !is_id(*text)) {
        members.wrong("stores", "must be ids of stores");
      } else {
        account.stores.emplace_back(*text);
      }
    }
  }
  if (auto done = members.finish(); !done) return pass_on(done);
  return account;
}

Result<std::vector<Account>> read_list(Members& members, std::string_view name) {
  std::vector<Account> accounts;
  const JsonArray* array = members.array_if(name, kAccountsMax);
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    auto account = read_account((*array)[i], std::string(name) + "[" + std::to_string(i) + "].");
    if (!account) return pass_on(account);
    accounts.push_back(std::move(*account));
  }
  return accounts;
}

}  // namespace

std::string_view wire_name(UserRole role) {
  switch (role) {
    case UserRole::Guest:
      return "GUEST";
    case UserRole::User:
      return "USER";
    case UserRole::Business:
      return "BUSINESS";
    case UserRole::Admin:
      return "ADMIN";
  }
  return "GUEST";
}

std::optional<UserRole> user_role_of(std::string_view name) {
  for (const UserRole role : kRoles) {
    if (wire_name(role) == name) return role;
  }
  return std::nullopt;
}

bool may(UserRole role, Right right) {
  switch (right) {
    case Right::Anybody:
    case Right::Read:
      return true;
    case Right::Update:
      return role == UserRole::Business || role == UserRole::Admin;
    case Right::Admin:
      return role == UserRole::Admin;
  }
  return false;
}

bool Account::may_see(const StoreId& store) const {
  return stores.empty() || std::find(stores.begin(), stores.end(), store) != stores.end();
}

const Account* Accounts::user(std::string_view name) const {
  const auto found = std::find_if(users.begin(), users.end(),
                                  [name](const Account& user) { return user.name == name; });
  return found == users.end() ? nullptr : &*found;
}

const Account* Accounts::token_of(std::string_view sha256_hex) const {
  const auto found = std::find_if(tokens.begin(), tokens.end(), [sha256_hex](const Account& token) {
    return token.secret == sha256_hex;
  });
  return found == tokens.end() ? nullptr : &*found;
}

bool is_account_name(std::string_view name) {
  const auto good = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("._-@").find(c) != std::string_view::npos;
  };
  return !name.empty() && name.front() != '.' && name.size() <= kIdBytesMax &&
         std::all_of(name.begin(), name.end(), good);
}

std::string encode_accounts(const Accounts& accounts) {
  JsonWriter out;
  out.begin_object();
  write_accounts(out, "users", accounts.users);
  write_accounts(out, "tokens", accounts.tokens);
  out.end_object();
  return out.take() + "\n";
}

Result<Accounts> decode_accounts(std::string_view json) {
  const auto tree = parse_json(json, {.nodes = kMenuJsonNodesMax});
  if (!tree) return pass_on(tree);
  Members members(*tree);
  Accounts accounts;
  auto users = read_list(members, "users");
  if (!users) return pass_on(users);
  auto tokens = read_list(members, "tokens");
  if (!tokens) return pass_on(tokens);
  if (auto done = members.finish(); !done) return pass_on(done);
  accounts.users = std::move(*users);
  accounts.tokens = std::move(*tokens);
  return accounts;
}

}  // namespace larder::relay
