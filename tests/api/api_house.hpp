// ApiHouse: an Api on its own loop and thread, with a FakeDesk behind it, on a port of the kernel's
// choice, in a data directory of its own. Stops in the destructor.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "relay/api/accounts.hpp"
#include "relay/api/api.hpp"
#include "tests/support/fake_desk.hpp"
#include "tests/support/raw_client.hpp"

namespace larder::relay {

class HandClock final : public Clock {
 public:
  TimePoint now() override { return TimePoint{1'795'000'000'000'000 + steady_.micros}; }
  Duration steady() override { return steady_; }
  void pass(Duration time) { steady_.micros += time.micros; }

 private:
  Duration steady_{};
};

class CountingTelemetry final : public Telemetry {
 public:
  void batch(const StoreId&, BatchFate, std::size_t) override {}
  void group(std::size_t, std::size_t, std::size_t, Duration) override {}
  void dropped(std::string_view) override {}
  void request(std::string_view route, std::string_view code, Duration) override {
    const std::lock_guard lock(mutex_);
    ++requests_[std::string(route) + " " + std::string(code)];
  }
  void shard_error(std::size_t) override {}
  void note(std::string_view) override {}
  void warn(std::string_view) override {}
  void alarm(std::string_view) override {}
  int requests(const std::string& what) {
    const std::lock_guard lock(mutex_);
    return requests_[what];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, int> requests_;
};

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "larder-api-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::string text_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

class ApiHouse {
 public:
  // Tests that wait for a deadline shorten it.
  explicit ApiHouse(const ApiLimits& limits = {}, const std::string& web_root = {},
                    bool storefront = true)
      : desk_(loop_) {
    ApiConfig config;
    config.data_dir = folder_.path();
    config.web_root = web_root;
    config.limits = limits;
    config.storefront = storefront;
    desk_.add_store("s1");
    desk_.add_store("s2");
    api_ = std::make_unique<Api>(loop_, config, desk_, clock_, telemetry_);
    started_ = api_->start();
    port_ = api_->port();
    password_ = text_of(first_password_file(folder_.path()));
    if (!password_.empty()) password_.pop_back();
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~ApiHouse() {
    on_loop([this] { api_.reset(); });
    loop_.stop();
    thread_.join();
  }
  ApiHouse(const ApiHouse&) = delete;
  ApiHouse& operator=(const ApiHouse&) = delete;

  const Result<void>& started() const { return started_; }
  std::uint16_t port() const { return port_; }
  const std::string& folder() const { return folder_.path(); }
  const std::string& password() const { return password_; }
  FakeDesk& desk() { return desk_; }
  HandClock& clock() { return clock_; }
  CountingTelemetry& telemetry() { return telemetry_; }
  Api& api() { return *api_; }
  void on_loop(const std::function<void()>& job) {
    std::promise<void> done;
    loop_.post([&job, &done] {
      job();
      done.set_value();
    });
    done.get_future().wait();
  }

  // One request on a connection of its own. `headers`: whole lines, each with its CR LF.
  RawAnswer ask(const std::string& method, const std::string& target, const std::string& body = "",
                const std::string& headers = "") {
    RawClient client(port_);
    std::string head = method + " " + target +
                       " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
                       "\r\nConnection: close\r\n" + headers;
    if (!body.empty()) {
      head += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n";
    }
    client.send(head + "\r\n" + body);
    return client.answer(method == "HEAD");
  }
  RawAnswer log_in(const std::string& name, const std::string& password,
                   const std::string& headers = "") {
    return ask("POST", "/login", R"({"name":")" + name + R"(","password":")" + password + "\"}",
               headers);
  }
  // The Cookie line of an ADMIN's session.
  std::string admin() {
    if (admin_.empty()) admin_ = cookie_line(log_in("admin", password_));
    return admin_;
  }
  static std::string cookie_line(const RawAnswer& answer) {
    const auto found = answer.fields.find("set-cookie");
    if (found == answer.fields.end()) return "";
    return "Cookie: " + found->second.substr(0, found->second.find(';')) + "\r\n" +
           "Sec-Fetch-Site: same-origin\r\n";
  }
  RawAnswer as_admin(const std::string& method, const std::string& target,
                     const std::string& body = "", const std::string& headers = "") {
    return ask(method, target, body, admin() + headers);
  }
  // The Authorization line of a new token. `stores` as JSON.
  std::string token(const std::string& name, const std::string& role,
                    const std::string& stores = "[]") {
    const RawAnswer made = as_admin("PUT", "/api/v1/hq/tokens/" + name,
                                    R"({"role":")" + role + R"(","stores":)" + stores + "}");
    const std::size_t from = made.body.find("\"token\":\"") + 9;
    return "Authorization: Bearer " + made.body.substr(from, made.body.find('"', from) - from) +
           "\r\n";
  }

 private:
  TempFolder folder_;
  Loop loop_;
  HandClock clock_;
  CountingTelemetry telemetry_;
  FakeDesk desk_;
  std::unique_ptr<Api> api_;
  Result<void> started_;
  std::uint16_t port_ = 0;
  std::string password_;
  std::string admin_;
  std::thread thread_;
};

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace larder::relay
