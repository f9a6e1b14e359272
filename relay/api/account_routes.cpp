// Who may speak to the relay: logging in and out, users and tokens.
#include "relay/api/envelope.hpp"
#include "relay/api/json_of.hpp"
#include "relay/api/members.hpp"
#include "relay/api/router.hpp"

namespace larder::relay {

namespace {

// What changes accounts is done or refused; nothing of it is shown.
std::function<void(Result<void>)> plainly(const CallPtr& call) {
  return [call](const Result<void>& done) {
    if (!done) return call->refuse(done.error());
    call->answer("{}");
  };
}

void refuse_login(const CallPtr& call, const Error& error) {
  HttpReply reply;
  switch (error.code()) {
    case Code::RateLimited:
      reply = http_failure(429, error.message(), call->request.trace_id);
      reply.fields.emplace_back("Retry-After", "10");
      break;
    case Code::Unauthorized:
      reply = http_failure(401, error.message(), call->request.trace_id);
      break;
    default:
      reply = failure(error, call->request.trace_id);
  }
  call->respond(std::move(reply));
}

Result<Account> read_account(const Call& call, Members& members) {
  Account account;
  account.name = call.params[0];
  if (!is_account_name(account.name)) {
    return Refused(wrong_field("name", "must be 1 to 64 of a-z, A-Z, 0-9 and the marks . _ - @"));
  }
  const auto role = user_role_of(members.text("role", kIdBytesMax));
  if (!role) members.wrong("role", "must be GUEST, USER, BUSINESS or ADMIN");
  account.role = role.value_or(UserRole::Guest);
  const JsonArray* stores = members.array_if("stores", kAccountStoresMax);
  for (std::size_t i = 0; stores != nullptr && i < stores->size(); ++i) {
    const std::string* store = (*stores)[i].as<std::string>();
    if (store == nullptr || !is_id(*store)) {
      members.wrong("stores[" + std::to_string(i) + "]", kIdRule);
      break;
    }
    account.stores.emplace_back(*store);
  }
  return account;
}

}  // namespace

void post_login(const CallPtr& call) {
  if (!Gatekeeper::is_own_origin(call->request, false)) {
    return call->refuse_http(403, "a log-in must come from a page of this relay");
  }
  const auto body = call->json();
  if (!body) return call->refuse(body.error());
  Members members(*body);
  const std::string name = members.text("name", kIdBytesMax);
  const std::string password = members.text("password", kPasswordBytesMax);
  if (auto done = members.finish(); !done) return call->refuse(done.error());
  call->rooms.gate.log_in(
      call->request, name, password, [call](const Result<Gatekeeper::Session>& session) {
        if (!session) return refuse_login(call, session.error());
        HttpReply reply = success(one_json(session->account, put_account));
        reply.fields.emplace_back("Set-Cookie", call->rooms.gate.set_cookie(session->cookie));
        call->respond(std::move(reply));
      });
}

void post_logout(const CallPtr& call) {
  call->rooms.gate.log_out(call->request);
  HttpReply reply = success("{}");
  reply.fields.emplace_back("Set-Cookie", call->rooms.gate.clear_cookie());
  call->respond(std::move(reply));
}

void get_me(const CallPtr& call) { call->answer(one_json(call->caller.account, put_account)); }

void get_accounts(const CallPtr& call) {
  const Accounts& accounts = call->rooms.gate.accounts();
  JsonWriter out;
  out.begin_object().key("users").raw(list_json(accounts.users, put_account));
  out.key("tokens").raw(list_json(accounts.tokens, put_account)).end_object();
  call->answer(out.text());
}

void put_user(const CallPtr& call) {
  const auto body = call->json();
  if (!body) return call->refuse(body.error());
  Members members(*body);
  auto account = read_account(*call, members);
  if (!account) return call->refuse(account.error());
  const std::string password = members.text("password", kPasswordBytesMax);
  if (password.size() < kPasswordBytesMin) {
    members.wrong("password", "must have at least " + std::to_string(kPasswordBytesMin) + " bytes");
  }
  if (auto done = members.finish(); !done) return call->refuse(done.error());
  call->rooms.gate.put_user(std::move(*account), password, plainly(call));
}

void delete_user(const CallPtr& call) {
  call->rooms.gate.drop_user(call->params[0], plainly(call));
}

void put_token(const CallPtr& call) {
  const auto body = call->json();
  if (!body) return call->refuse(body.error());
  Members members(*body);
  auto account = read_account(*call, members);
  if (!account) return call->refuse(account.error());
  if (auto done = members.finish(); !done) return call->refuse(done.error());
  call->rooms.gate.put_token(std::move(*account), [call](const Result<std::string>& token) {
    if (!token) return call->refuse(token.error());
    JsonWriter out;
    out.begin_object().member("token", *token).end_object();
    call->answer(out.text());
  });
}

void delete_token(const CallPtr& call) {
  call->rooms.gate.drop_token(call->params[0], plainly(call));
}

}  // namespace larder::relay
