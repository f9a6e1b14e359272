// Gatekeeper: who is asking, and may they. Holds the accounts, the sessions and the counts of
// tries. Life: from start to shutdown. Loop thread; hashing and writing are done by the Worker.
// - A person: POST /login gives a cookie of 256 random bits, kept here as SHA-256, for
// kSessionLife.
// - A service: "Authorization: Bearer <token>", kept as SHA-256.
// - Who came by cookie may change something only from a page of our own origin.
// Limits: kSessionsMax sessions (the oldest goes), kSessionsPerUser of one user; tries to log in by
// name and by address (Throttle); one change of the accounts at a time.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "relay/api/accounts.hpp"
#include "relay/api/http.hpp"
#include "relay/api/throttle.hpp"
#include "relay/api/worker.hpp"
#include "relay/app/ports.hpp"

namespace larder::relay {

inline constexpr Duration kSessionLife = Duration::seconds(12 * 3600);
inline constexpr std::size_t kSessionsMax = 10'000;
inline constexpr std::size_t kSessionsPerUser = 20;
inline constexpr std::string_view kSessionCookie = "larder_session";

// Who asked, once known.
struct Caller {
  Account account;
  bool by_cookie = false;
};

class Gatekeeper {
 public:
  struct Refusal {
    int status = 401;
    std::string sentence;
  };
  struct Session {
    std::string cookie;  // the value; only its hash stays here
    Account account;
  };

  Gatekeeper(Loop& loop, Clock& clock, std::string data_dir, bool secure_cookie);

  // Blocking; before the loop runs.
  Result<void> open();

  // Who is asking, when `right` and the way they came allow it.
  tl::expected<Caller, Refusal> admit(const HttpRequest& request, Right right);
  // Did this come from a page of ours, or from no page at all?
  static bool is_own_origin(const HttpRequest& request, bool page_needed);

  // RateLimited, Overloaded, or Unauthorized when name and password do not belong together.
  void log_in(const HttpRequest& request, const std::string& name, const std::string& password,
              std::function<void(Result<Session>)> done);
  void log_out(const HttpRequest& request);
  std::string set_cookie(const std::string& value) const;  // the header's value
  std::string clear_cookie() const;

  const Accounts& accounts() const { return accounts_; }
  // `change` is given a copy and may refuse; what it made is written, then holds.
  void change(std::function<Result<void>(Accounts&)> change,
              std::function<void(Result<void>)> done);
  // A user's password, hashed on the worker first.
  void put_user(Account user, const std::string& password, std::function<void(Result<void>)> done);
  // Makes the token; `done` gets it, this once.
  void put_token(Account token, std::function<void(Result<std::string>)> done);
  void drop_user(const std::string& name, std::function<void(Result<void>)> done);
  void drop_token(const std::string& name, std::function<void(Result<void>)> done);

 private:
  struct Kept {
    std::string name;
    Duration expires;
  };
  std::optional<Caller> caller_of_cookie(const HttpRequest& request);
  std::optional<Caller> caller_of_token(std::string_view authorization) const;
  std::string open_session(const std::string& name);
  void end_sessions_of(const std::string& name);
  void forget_expired();

  Worker worker_;
  Clock& clock_;
  std::string data_dir_;
  bool secure_cookie_;
  Accounts accounts_;
  bool changing_ = false;
  std::unordered_map<std::string, Kept> sessions_;  // by SHA-256 of the cookie, in hex
  std::deque<std::string> session_order_;           // oldest first
  Throttle by_name_;
  Throttle by_address_;
};

}  // namespace larder::relay
