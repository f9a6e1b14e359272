// The small messages between hub and relay, as JSON and back.
#include "lan-protocol/uplink.hpp"

#include <algorithm>

#include "lan-protocol/lenient.hpp"
#include "lan-protocol/names.hpp"
#include "lan-protocol/shapes.hpp"

namespace larder {
namespace {

constexpr std::size_t kWordBytesMax = 8 * 1024 * 1024;  // a whole menu travels in one
constexpr JsonLimits kLimits = {8, 10'000, kWordBytesMax};

std::string_view wire_name(Ack::State state) {
  switch (state) {
    case Ack::State::Ok:
      return "ok";
    case Ack::State::Reset:
      return "reset";
    case Ack::State::Stale:
      return "stale";
    case Ack::State::Frozen:
      return "frozen";
  }
  return {};
}

Result<Ack::State> state_of(const std::string& name) {
  for (const auto state :
       {Ack::State::Ok, Ack::State::Reset, Ack::State::Stale, Ack::State::Frozen}) {
    if (name == wire_name(state)) return state;
  }
  return refuse(Code::BadRequest, "state: not one of the allowed words");
}

template <typename T>
Result<T> read(std::string_view json, void (*take_members)(Fields&, T&)) {
  return read_leniently(json, kLimits, take_members);
}

// A message with members that are checked after reading.
template <typename T>
struct Rough {
  T value;
  std::string first;
};

void write_day(JsonWriter& out, const DayBooks& books) {
  out.begin_object();
  put_member(out, "day", books.day);
  out.member("first", books.first)
      .member("last", books.last)
      .member("events", books.events)
      .member("orders", books.orders)
      .member("total", books.total_minor)
      .member("movements", books.movements)
      .member("digest", hex(books.digest))
      .end_object();
}

struct RoughDay {
  DayBooks books;
  std::string digest;
};

void take(const Input& in, RoughDay& out) {
  Fields(in)
      .need("day", out.books.day)
      .need("first", out.books.first)
      .need("last", out.books.last)
      .need("events", out.books.events)
      .need("orders", out.books.orders)
      .need("total", out.books.total_minor)
      .need("movements", out.books.movements)
      .need("digest", out.digest)
      .done();
}

struct RoughBooks {
  std::string id, ask;
  BusinessDay day;
  Seq from = 0, to = 0;
  SkuId after;
  std::vector<SkuId> skus;
  std::optional<RoughDay> books;
  std::vector<std::string> hashes;
  std::optional<StockBooks> stock;
};

Result<BooksMessage> question_of(const RoughBooks& rough) {
  BooksMessage message;
  BooksQuestion question;
  question.id = rough.id;
  question.day = rough.day;
  question.from = rough.from;
  question.to = rough.to;
  if (rough.ask == "hashes") {
    question.ask = BooksQuestion::Ask::Hashes;
    if (rough.from == 0 || rough.to < rough.from || rough.to - rough.from >= kHashesMax) {
      return refuse(Code::BadRequest, "from, to: at most " + std::to_string(kHashesMax));
    }
  } else if (rough.ask == "levels") {
    question.ask = BooksQuestion::Ask::Levels;
    question.after = rough.after;
    question.skus = rough.skus;
    if (rough.skus.size() > kStockLevelsMax) {
      return refuse(Code::BadRequest, "skus: at most " + std::to_string(kStockLevelsMax));
    }
  } else if (rough.ask != "day") {
    return refuse(Code::BadRequest, "ask: not one of the allowed words");
  }
  message.question = std::move(question);
  return message;
}

}  // namespace

std::string encode(const Hello& hello) {
  JsonWriter out;
  out.begin_object();
  put_member(out, "store", hello.store);
  put_member(out, "hub", hello.hub);
  out.member("boot", hello.boot)
      .member("epoch", hello.epoch)
      .member("last", hello.last)
      .member("head", hex(hello.head))
      .member("first_unacked", hello.first_unacked)
      .member("words_applied", hello.words_applied);
  if (!hello.machine.empty()) out.member("machine", hello.machine);
  if (!hello.code.empty()) out.member("code", hello.code);
  out.member("version", hello.version);
  put_member(out, "at", hello.at);
  out.end_object();
  return out.take();
}

Result<Hello> decode_hello(std::string_view json) {
  auto rough = read<Rough<Hello>>(json, [](Fields& fields, Rough<Hello>& out) {
    fields.need("store", out.value.store)
        .need("hub", out.value.hub)
        .need("boot", out.value.boot)
        .need("epoch", out.value.epoch)
        .need("last", out.value.last)
        .need("head", out.first)
        .need("first_unacked", out.value.first_unacked)
        .need("words_applied", out.value.words_applied)
        .may("machine", out.value.machine)
        .may("code", out.value.code)
        .may("version", out.value.version)
        .may("at", out.value.at);
  });
  if (!rough) return pass_on(rough);
  const auto head = digest_of_hex(rough->first);
  if (!head) return refuse(Code::BadRequest, "head: must be 64 hex digits");
  rough->value.head = *head;
  return std::move(rough->value);
}

std::string encode(const Ack& ack) {
  JsonWriter out;
  out.begin_object()
      .member("epoch", ack.epoch)
      .member("up_to", ack.up_to)
      .member("credit", std::uint32_t{ack.credit})
      .member("state", wire_name(ack.state))
      .member("relay", ack.relay)
      .member("lease", ack.lease);
  if (!ack.reason.empty()) out.member("reason", ack.reason);
  if (!ack.hub.empty()) put_member(out, "hub", ack.hub);
  out.end_object();
  return out.take();
}

Result<Ack> decode_ack(std::string_view json) {
  struct RoughAck {
    Ack ack;
    std::uint32_t credit = 0;
    std::string state;
  };
  auto rough = read<RoughAck>(json, [](Fields& fields, RoughAck& out) {
    fields.need("epoch", out.ack.epoch)
        .need("up_to", out.ack.up_to)
        .need("credit", out.credit)
        .need("state", out.state)
        .may("relay", out.ack.relay)
        .may("lease", out.ack.lease)
        .may("reason", out.ack.reason)
        .may("hub", out.ack.hub);
  });
  if (!rough) return pass_on(rough);
  const auto state = state_of(rough->state);
  if (!state) return pass_on(state);
  rough->ack.state = *state;
  rough->ack.credit =
      static_cast<std::uint16_t>(std::min(rough->credit, std::uint32_t{UINT16_MAX}));
  return std::move(rough->ack);
}

std::string encode(const WordsAck& ack) {
  JsonWriter out;
  out.begin_object().member("applied", ack.applied).end_object();
  return out.take();
}

Result<WordsAck> decode_words_ack(std::string_view json) {
  return read<WordsAck>(json,
                        [](Fields& fields, WordsAck& out) { fields.need("applied", out.applied); });
}

std::string encode(const Presence& presence) {
  JsonWriter out;
  out.begin_object()
      .member("online", presence.online)
      .member("epoch", presence.epoch)
      .member("version", presence.version);
  put_member(out, "at", presence.at);
  out.end_object();
  return out.take();
}

Result<Presence> decode_presence(std::string_view json) {
  return read<Presence>(json, [](Fields& fields, Presence& out) {
    fields.need("online", out.online)
        .may("epoch", out.epoch)
        .may("version", out.version)
        .may("at", out.at);
  });
}

std::string encode(const RelayPresence& presence) {
  JsonWriter out;
  out.begin_object().member("relay", presence.relay).member("online", presence.online).end_object();
  return out.take();
}

Result<RelayPresence> decode_relay_presence(std::string_view json) {
  return read<RelayPresence>(json, [](Fields& fields, RelayPresence& out) {
    fields.need("relay", out.relay).need("online", out.online);
  });
}

std::string encode(const Word& word) {
  JsonWriter out;
  out.begin_object();
  put_member(out, "id", word.id);
  out.member("verb", word.verb).member("args", word.args).member("by", word.by);
  put_member(out, "not_after", word.not_after);
  out.end_object();
  return out.take();
}

Result<Word> decode_word(std::string_view json) {
  return read<Word>(json, [](Fields& fields, Word& out) {
    fields.need("id", out.id)
        .need("verb", out.verb)
        .need("args", out.args)
        .need("by", out.by)
        .may("not_after", out.not_after);
  });
}

std::string encode(const BooksQuestion& question) {
  JsonWriter out;
  out.begin_object().member("id", question.id).key("ask");
  switch (question.ask) {
    case BooksQuestion::Ask::Day:
      put_member(out.value("day"), "day", question.day);
      break;
    case BooksQuestion::Ask::Hashes:
      out.value("hashes").member("from", question.from).member("to", question.to);
      break;
    case BooksQuestion::Ask::Levels:
      out.value("levels");
      if (!question.after.empty()) out.member("after", question.after.text());
      if (!question.skus.empty()) put_member(out, "skus", question.skus);
      break;
  }
  out.end_object();
  return out.take();
}

std::string encode(const BooksAnswer& answer) {
  JsonWriter out;
  out.begin_object().member("id", answer.id);
  if (answer.stock) {
    put_member(out, "stock", *answer.stock);
  } else if (answer.from == 0) {
    write_day(out.key("books"), answer.day);
  } else {
    out.member("from", answer.from).key("hashes").begin_array();
    for (const std::string& each : answer.hashes) out.value(each);
    out.end_array();
  }
  out.end_object();
  return out.take();
}

Result<BooksMessage> decode_books(std::string_view json) {
  auto rough = read<RoughBooks>(json, [](Fields& fields, RoughBooks& out) {
    fields.need("id", out.id)
        .may("ask", out.ask)
        .may("day", out.day)
        .may("from", out.from)
        .may("to", out.to)
        .may("books", out.books)
        .may("after", out.after)
        .may("skus", out.skus)
        .may("hashes", out.hashes)
        .may("stock", out.stock);
  });
  if (!rough) return pass_on(rough);
  if (!rough->ask.empty()) return question_of(*rough);
  BooksMessage message;
  BooksAnswer answer;
  answer.id = std::move(rough->id);
  answer.from = rough->from;
  answer.hashes = std::move(rough->hashes);
  answer.stock = std::move(rough->stock);
  if (answer.hashes.size() > kHashesMax) return refuse(Code::TooLarge, "hashes: too many");
  if (rough->books) {
    const auto digest = digest_of_hex(rough->books->digest);
    if (!digest) return refuse(Code::BadRequest, "digest: must be 64 hex digits");
    answer.day = rough->books->books;
    answer.day.digest = *digest;
  } else if (answer.from == 0 && !answer.stock) {
    return refuse(Code::BadRequest, "neither a question nor an answer");
  }
  message.answer = std::move(answer);
  return message;
}

}  // namespace larder
