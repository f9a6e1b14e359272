// Accounts: who may speak to the relay. Values, kept in one JSON file of the data directory
// ("accounts.json", readable by its owner only), written anew as a whole with each change.
// Limits: kAccountsMax users and as many tokens.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"

namespace larder::relay {

inline constexpr std::size_t kAccountsMax = 2'000;
inline constexpr std::size_t kAccountStoresMax = 500;
inline constexpr std::size_t kPasswordBytesMin = 10;
inline constexpr std::size_t kPasswordBytesMax = 1'024;

// GUEST and USER read; BUSINESS also changes; ADMIN does all.
enum class UserRole { Guest, User, Business, Admin };
enum class Right { Anybody, Read, Update, Admin };

std::string_view wire_name(UserRole role);  // GUEST ..
std::optional<UserRole> user_role_of(std::string_view name);
bool may(UserRole role, Right right);

// A person with a password, or a service with a token.
struct Account {
  std::string name;
  UserRole role = UserRole::Guest;
  std::string secret;           // of a user: argon2id; of a token: SHA-256 in hex
  std::vector<StoreId> stores;  // the only ones it may see; empty: all
  bool operator==(const Account&) const = default;

  bool may_see(const StoreId& store) const;
};

struct Accounts {
  std::vector<Account> users, tokens;

  const Account* user(std::string_view name) const;
  const Account* token_of(std::string_view sha256_hex) const;
};

// 1 to 64 of a-z, A-Z, 0-9, '.', '_', '-', '@', the first of them no '.'.
bool is_account_name(std::string_view name);

std::string accounts_file(const std::string& data_dir);
std::string first_password_file(const std::string& data_dir);

// Blocking, so before the loop or on the worker. When there is no file: one ADMIN "admin" whose
// password is in first_password_file(). Forbidden when others can read the file, Corrupt when it is
// none of ours.
Result<Accounts> open_accounts(const std::string& data_dir);
// Durable when it returns.
Result<void> save_accounts(const std::string& data_dir, const Accounts& accounts);

std::string encode_accounts(const Accounts& accounts);
Result<Accounts> decode_accounts(std::string_view json);

}  // namespace larder::relay
