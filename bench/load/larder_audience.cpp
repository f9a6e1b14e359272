// Screens that follow the menu, and a till that says 86.
#include "bench/load/audience.hpp"
#include "bench/load/web_socket.hpp"

namespace larder::bench {

namespace {

// Hello, auth and welcome, the same on both sides.
class Door {
 public:
  explicit Door(std::string token) : token_(std::move(token)) {}

  // The text of the next message; empty when none is whole, or it asks for nothing.
  Heard next(Inbox& in, std::string& out, std::string& text, std::string& complaint) {
    if (!upgraded_) {
      const std::size_t end = in.rest().find("\r\n\r\n");
      if (end == std::string_view::npos) return Heard::Nothing;
      upgraded_ = in.rest().starts_with("HTTP/1.1 101");
      complaint = in.rest().substr(0, end);
      in.drop(end + 4);
      return upgraded_ ? Heard::Skipped : Heard::Broken;
    }
    const auto frame = front_frame(in);
    if (!frame) return Heard::Nothing;
    if (frame->kind == Frame::Kind::Ping) put_pong(frame->payload, out);
    if (frame->kind == Frame::Kind::Close) {
      complaint = "closed by the hub";
      return Heard::Broken;
    }
    if (frame->kind == Frame::Kind::Text) text = frame->payload;
    in.drop(frame->bytes);
    if (text.starts_with(R"({"type":"hello")")) {
      put_text_frame(R"({"type":"auth","token":")" + token_ + R"("})", out);
    }
    return Heard::Skipped;
  }

 private:
  std::string token_;
  bool upgraded_ = false;
};

class Screen final : public Watcher {
 public:
  explicit Screen(const Introduction& who) : door_(who.token) {}

  void greet(std::string& out) override { out += upgrade_request(); }

  Heard hear(Inbox& in, std::string& out) override {
    text_.clear();
    const Heard heard = door_.next(in, out, text_, complaint_);
    if (heard != Heard::Skipped || text_.empty()) return heard;
    const std::string_view text = text_;
    if (text.starts_with(R"({"type":"welcome")")) {
      put_text_frame(R"({"type":"subscribe","id":"1","topic":"menu"})", out);
    }
    if (text.starts_with(R"({"type":"snapshot")")) return Heard::Ready;
    if (!text.starts_with(R"({"type":"events")")) return Heard::Skipped;
    last_bytes_ = text.size();
    for (std::size_t at = text.find(kEvent); at != std::string_view::npos;
         at = text.find(kEvent, at + kEvent.size())) {
      ++seen_;
    }
    return Heard::Accepted;
  }

 private:
  static constexpr std::string_view kEvent = R"("event":"stock.changed")";
  Door door_;
  std::string text_;
};

class Till final : public Caller {
 public:
  explicit Till(Introduction who) : who_(std::move(who)), door_(who_.token) {}

  void greet(std::string& out) override { out += upgrade_request(); }

  Heard hear(Inbox& in, std::string& out) override {
    text_.clear();
    const Heard heard = door_.next(in, out, text_, complaint_);
    if (text_.starts_with(R"({"type":"welcome")")) return Heard::Ready;
    if (!text_.starts_with(R"({"type":"reply")")) return heard;
    if (text_.find(R"("ok":true)") != std::string::npos) return Heard::Accepted;
    complaint_ = text_;
    return Heard::Broken;
  }

  void call(std::uint64_t number, std::string& out) override {
    const bool is_86 = number % 2 == 1;
    put_text_frame(R"({"type":"command","id":")" + command_id(who_, number) +
                       R"(","verb":"stock.mark","args":{"sku":"s0","status":")" +
                       (is_86 ? "sold_out" : "available") + R"("}})",
                   out);
  }

 private:
  Introduction who_;
  Door door_;
  std::string text_;
};

}  // namespace

std::unique_ptr<Watcher> watch_larder(const Introduction& who) {
  return std::make_unique<Screen>(who);
}
std::unique_ptr<Caller> call_larder(const Introduction& who) { return std::make_unique<Till>(who); }

}  // namespace larder::bench
