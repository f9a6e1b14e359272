// larder.v1 (lan-protocol/PROTOCOL.md): upgrade, hello, auth, then hold.place.
#include "bench/load/web_socket.hpp"

namespace larder::bench {

namespace {

class LarderSpeaker final : public Speaker {
 public:
  explicit LarderSpeaker(Introduction who) : who_(std::move(who)) {}

  void greet(std::string& out) override { out += upgrade_request(); }

  Heard hear(Inbox& in, std::string& out) override {
    if (!upgraded_) return hear_upgrade(in);
    const auto frame = front_frame(in);
    if (!frame) return Heard::Nothing;
    const Heard heard = hear_frame(*frame, out);
    in.drop(frame->bytes);
    return heard;
  }

  void reserve(std::uint64_t number, std::string_view sku, std::string& out) override {
    text_ = R"({"type":"command","id":")";
    text_ += command_id(who_, number);
    text_ += R"(","verb":"hold.place","args":{"lines":[{"sku":")";
    text_ += sku;
    text_ += R"(","quantity":1}]}})";
    put_text_frame(text_, out);
  }

 private:
  Heard hear_upgrade(Inbox& in) {
    const std::size_t end = in.rest().find("\r\n\r\n");
    if (end == std::string_view::npos) return Heard::Nothing;
    if (!in.rest().starts_with("HTTP/1.1 101")) return broken(in.rest());
    in.drop(end + 4);
    upgraded_ = true;
    return Heard::Skipped;
  }

  Heard hear_frame(const Frame& frame, std::string& out) {
    if (frame.kind == Frame::Kind::Ping) put_pong(frame.payload, out);
    if (frame.kind == Frame::Kind::Close) return broken("closed by the hub");
    if (frame.kind != Frame::Kind::Text) return Heard::Skipped;
    if (frame.payload.starts_with(R"({"type":"reply")")) {
      return frame.payload.find(R"("ok":true)") != std::string_view::npos ? Heard::Accepted
                                                                          : refused(frame.payload);
    }
    if (frame.payload.starts_with(R"({"type":"hello")")) {
      put_text_frame(R"({"type":"auth","token":")" + who_.token + R"("})", out);
    }
    if (frame.payload.starts_with(R"({"type":"welcome")")) return Heard::Ready;
    if (frame.payload.starts_with(R"({"type":"error")")) return broken(frame.payload);
    return Heard::Skipped;
  }

  // Only what the rules refuse counts as an answer.
  Heard refused(std::string_view reply) {
    const bool by_rule = reply.find(R"("code":"out_of_stock")") != std::string_view::npos;
    return by_rule ? Heard::Refused : broken(reply);
  }

  Introduction who_;
  bool upgraded_ = false;
  std::string text_;
};

}  // namespace

std::unique_ptr<Speaker> speak_larder(const Introduction& who) {
  return std::make_unique<LarderSpeaker>(who);
}

}  // namespace larder::bench
