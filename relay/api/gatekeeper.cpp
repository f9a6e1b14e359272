#include "relay/api/gatekeeper.hpp"

#include <algorithm>
#include <utility>

#include "lan-protocol/digest.hpp"
#include "platform/loop/loop.hpp"
#include "relay/api/secrets.hpp"

namespace larder::relay {

namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretTextMax = 128;
constexpr int kTriesByName = 8;
constexpr int kTriesByAddress = 40;

std::string fingerprint(std::string_view secret) { return hex(sha256(secret)); }

bool is_reading(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

std::string_view cookie_of(const HttpRequest& request) {
  std::string_view rest = request.field("cookie");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(kSessionCookie) && pair.substr(kSessionCookie.size()).starts_with('=')) {
      return pair.substr(kSessionCookie.size() + 1);
    }
  }
  return {};
}

// "https://hq.example:8443" -> "hq.example:8443"
std::string_view host_of(std::string_view origin) {
  const std::size_t at = origin.find("://");
  return at == std::string_view::npos ? std::string_view() : origin.substr(at + 3);
}

}  // namespace

Gatekeeper::Gatekeeper(Loop& loop, Clock& clock, std::string data_dir, bool secure_cookie)
    : worker_(loop),
      clock_(clock),
      data_dir_(std::move(data_dir)),
      secure_cookie_(secure_cookie),
      by_name_(kTriesByName, Duration::seconds(10)),
      by_address_(kTriesByAddress, Duration::seconds(1)) {}

Result<void> Gatekeeper::open() {
  auto accounts = open_accounts(data_dir_);
  if (!accounts) return pass_on(accounts);
  accounts_ = std::move(*accounts);
  return {};
}

tl::expected<Caller, Gatekeeper::Refusal> Gatekeeper::admit(const HttpRequest& request,
                                                            Right right) {
  std::optional<Caller> caller;
  const std::string_view authorization = request.field("authorization");
  if (!authorization.empty()) {
    caller = caller_of_token(authorization);
    if (!caller) return tl::unexpected(Refusal{401, "this token is not known"});
  } else {
    caller = caller_of_cookie(request);
    if (!caller) return tl::unexpected(Refusal{401, "log in, or send a token"});
    if (!is_reading(request) && !is_own_origin(request, true)) {
      return tl::unexpected(Refusal{403, "a change must come from a page of this relay"});
    }
  }
  // Who may see some stores only is no ADMIN of the whole.
  if (right == Right::Admin && !caller->account.stores.empty()) {
    return tl::unexpected(Refusal{403, "this account is for some stores only"});
  }
  if (!may(caller->account.role, right)) {
    return tl::unexpected(
        Refusal{403, "the role " + std::string(wire_name(caller->account.role)) + " may not"});
  }
  return *caller;
}

bool Gatekeeper::is_own_origin(const HttpRequest& request, bool page_needed) {
  const std::string_view site = request.field("sec-fetch-site");
  if (!site.empty()) return site == "same-origin";
  const std::string_view origin = request.field("origin");
  if (origin.empty()) return !page_needed;
  return host_of(origin) == request.field("host");
}

std::optional<Caller> Gatekeeper::caller_of_token(std::string_view authorization) const {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size() || authorization.size() > kSecretTextMax) {
    return std::nullopt;
  }
  std::string scheme(authorization.substr(0, kScheme.size()));
  for (char& c : scheme) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (scheme != kScheme) return std::nullopt;
  const Account* token = accounts_.token_of(fingerprint(authorization.substr(kScheme.size())));
  if (token == nullptr) return std::nullopt;
  return Caller{.account = *token, .by_cookie = false};
}

std::optional<Caller> Gatekeeper::caller_of_cookie(const HttpRequest& request) {
  const std::string_view cookie = cookie_of(request);
  if (cookie.empty() || cookie.size() > kSecretTextMax) return std::nullopt;
  const auto found = sessions_.find(fingerprint(cookie));
  if (found == sessions_.end()) return std::nullopt;
  if (found->second.expires <= clock_.steady()) {
    forget_expired();
    return std::nullopt;
  }
  // The account as it is now, so that a change of role holds at once.
  const Account* user = accounts_.user(found->second.name);
  if (user == nullptr) return std::nullopt;
  return Caller{.account = *user, .by_cookie = true};
}

void Gatekeeper::log_in(const HttpRequest& request, const std::string& name,
                        const std::string& password, std::function<void(Result<Session>)> done) {
  const Duration now = clock_.steady();
  if (!by_address_.admit(request.address, now) || !by_name_.admit(name, now)) {
    return done(refuse(Code::RateLimited, "too many tries; wait ten seconds"));
  }
  const Account* user = accounts_.user(name);
  const std::string hash = user == nullptr ? "" : user->secret;
  const bool taken = worker_.run([this, name, password, hash, done] {
    if (hash.empty()) waste_a_guess(password);
    const bool good = !hash.empty() && is_password(hash, password);
    return [this, name, hash, done, good] {
      const Account* account = accounts_.user(name);
      // The password may have been changed, or the user dropped, while it was being looked at.
      if (!good || account == nullptr || account->secret != hash) {
        return done(refuse(Code::Unauthorized, "name and password do not belong together"));
      }
      done(Session{.cookie = open_session(name), .account = *account});
    };
  });
  if (!taken) done(refuse(Code::Overloaded, "too many are logging in; try again"));
}

std::string Gatekeeper::open_session(const std::string& name) {
  forget_expired();
  const auto of_user = [this, &name](const std::string& key) {
    return sessions_.at(key).name == name;
  };
  const auto held = std::count_if(session_order_.begin(), session_order_.end(), of_user);
  auto oldest = session_order_.end();
  if (static_cast<std::size_t>(held) >= kSessionsPerUser) {
    oldest = std::find_if(session_order_.begin(), session_order_.end(), of_user);
  } else if (session_order_.size() >= kSessionsMax) {
    oldest = session_order_.begin();
  }
  if (oldest != session_order_.end()) {
    sessions_.erase(*oldest);
    session_order_.erase(oldest);
  }
  std::string cookie = random_base64url(kSecretBytes);
  const std::string key = fingerprint(cookie);
  sessions_[key] = {name, Duration{clock_.steady().micros + kSessionLife.micros}};
  session_order_.push_back(key);
  return cookie;
}

void Gatekeeper::log_out(const HttpRequest& request) {
  const std::string key = fingerprint(cookie_of(request));
  if (sessions_.erase(key) > 0) std::erase(session_order_, key);
}

void Gatekeeper::end_sessions_of(const std::string& name) {
  std::erase_if(sessions_, [&name](const auto& entry) { return entry.second.name == name; });
  std::erase_if(session_order_, [this](const auto& key) { return !sessions_.contains(key); });
}

// All live equally long, so the oldest expire first.
void Gatekeeper::forget_expired() {
  const Duration now = clock_.steady();
  while (!session_order_.empty() && sessions_.at(session_order_.front()).expires <= now) {
    sessions_.erase(session_order_.front());
    session_order_.pop_front();
  }
}

std::string Gatekeeper::set_cookie(const std::string& value) const {
  return std::string(kSessionCookie) + "=" + value +
         "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" +
         std::to_string(kSessionLife.micros / 1'000'000) + (secure_cookie_ ? "; Secure" : "");
}

std::string Gatekeeper::clear_cookie() const {
  return std::string(kSessionCookie) + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0" +
         (secure_cookie_ ? "; Secure" : "");
}

void Gatekeeper::change(std::function<Result<void>(Accounts&)> change,
                        std::function<void(Result<void>)> done) {
  if (changing_) return done(refuse(Code::BadState, "another change is being written; try again"));
  auto next = std::make_shared<Accounts>(accounts_);
  if (auto made = change(*next); !made) return done(made);
  changing_ = worker_.run([this, next, done] {
    const Result<void> saved = save_accounts(data_dir_, *next);
    return [this, next, done, saved] {
      changing_ = false;
      if (saved) accounts_ = std::move(*next);
      done(saved);
    };
  });
  if (!changing_) done(refuse(Code::Overloaded, "too much at once; try again"));
}

namespace {

Result<void> put(std::vector<Account>& accounts, const Account& account) {
  const auto found = std::find_if(accounts.begin(), accounts.end(), [&account](const Account& one) {
    return one.name == account.name;
  });
  if (found != accounts.end()) {
    *found = account;
  } else if (accounts.size() >= kAccountsMax) {
    return refuse(Code::BadRequest, "there are as many accounts as there may be");
  } else {
    accounts.push_back(account);
  }
  return {};
}

Result<void> drop(std::vector<Account>& accounts, const std::string& name) {
  const auto gone =
      std::erase_if(accounts, [&name](const Account& one) { return one.name == name; });
  if (gone == 0) return refuse(Code::NotFound, "there is no " + name);
  return {};
}

// Somebody must be able to mend the accounts.
Result<void> keeps_an_admin(const Accounts& accounts) {
  const bool kept = std::any_of(
      accounts.users.begin(), accounts.users.end(),
      [](const Account& user) { return user.role == UserRole::Admin && user.stores.empty(); });
  if (!kept) return refuse(Code::BadState, "the last ADMIN stays");
  return {};
}

}  // namespace

void Gatekeeper::put_user(Account user, const std::string& password,
                          std::function<void(Result<void>)> done) {
  const bool taken = worker_.run([this, user = std::move(user), password, done] {
    const auto hashed = hash_password(password);
    return [this, user, hashed, done]() mutable {
      if (!hashed) return done(pass_on(hashed));
      user.secret = *hashed;
      const auto put_it = [user](Accounts& accounts) -> Result<void> {
        if (auto kept = put(accounts.users, user); !kept) return kept;
        return keeps_an_admin(accounts);
      };
      change(put_it, [this, name = user.name, done](Result<void> saved) {
        if (saved) end_sessions_of(name);
        done(std::move(saved));
      });
    };
  });
  if (!taken) done(refuse(Code::Overloaded, "too much at once; try again"));
}

void Gatekeeper::put_token(Account token, std::function<void(Result<std::string>)> done) {
  const std::string secret = random_base64url(kSecretBytes);
  token.secret = fingerprint(secret);
  change([token](Accounts& accounts) { return put(accounts.tokens, token); },
         [secret, done](const Result<void>& saved) {
           if (!saved) return done(pass_on(saved));
           done(secret);
         });
}

void Gatekeeper::drop_user(const std::string& name, std::function<void(Result<void>)> done) {
  const auto drop_it = [name](Accounts& accounts) -> Result<void> {
    if (auto dropped = drop(accounts.users, name); !dropped) return dropped;
    return keeps_an_admin(accounts);
  };
  change(drop_it, [this, name, done](Result<void> saved) {
    if (saved) end_sessions_of(name);
    done(std::move(saved));
  });
}

void Gatekeeper::drop_token(const std::string& name, std::function<void(Result<void>)> done) {
  change([name](Accounts& accounts) { return drop(accounts.tokens, name); }, std::move(done));
}

}  // namespace larder::relay
