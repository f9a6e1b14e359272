#include "tools/replay/books.hpp"

#include <algorithm>
#include <array>

#include "lan-protocol/digest.hpp"
#include "tools/client/fields.hpp"
#include "tools/larderctl/connection.hpp"

namespace larder::replay {
namespace {

using client::number_of;
using client::text_of;

constexpr int kPageEvents = 250;

Sha256 to_digest(const std::string& bytes) {
  Sha256 digest{};
  std::copy_n(bytes.begin(), digest.size(), reinterpret_cast<char*>(digest.data()));
  return digest;
}

std::string to_bytes(const Sha256& digest) {
  return std::string(reinterpret_cast<const char*>(digest.data()), digest.size());
}

}  // namespace

void BookReader::take(const JsonArray& events) {
  for (const Json& event : events) {
    const auto epoch = static_cast<Epoch>(number_of(event, "epoch"));
    const auto seq = static_cast<Seq>(number_of(event, "seq"));
    const Json* data = event.find("data");
    if (data == nullptr) {
      books_.differences.push_back({"", "event " + std::to_string(seq) + " has no data"});
      continue;
    }
    if (seq != books_.head + 1)
      books_.differences.push_back(
          {"", "after seq " + std::to_string(books_.head) + " comes " + std::to_string(seq)});
    const Sha256 digest = chain(to_digest(hash_), epoch, seq, client::to_text(*data));
    books_.head_hash = text_of(event, "hash");
    if (hex(digest) != books_.head_hash)
      books_.differences.push_back({"", "the hash of seq " + std::to_string(seq) + " is " +
                                            books_.head_hash + ", computed " + hex(digest)});
    hash_ = to_bytes(digest);
    books_.head = seq;
    ++books_.events;
    read(*data, seq);
  }
}

void BookReader::read(const Json& data, Seq seq) {
  const std::string event = text_of(data, "event");
  const Json* body = data.find("body");
  if (body == nullptr || event.rfind("order.", 0) != 0) return;
  if (event == "order.placed") {
    const Json* order = body->find("order");
    if (order == nullptr) return;
    const std::string id = text_of(*order, "order");
    const std::string command = text_of(data, "cmd");
    const auto [at, fresh] = books_.orders.try_emplace(id);
    if (!fresh) books_.differences.push_back({id, "was placed twice in the journal"});
    at->second = BookedOrder{command, text_of(data, "by"), seq, *order, 0, 0, 0};
    books_.by_command[command].push_back(id);
    return;
  }
  const auto found = books_.orders.find(text_of(*body, "order"));
  if (found == books_.orders.end()) {
    books_.differences.push_back({text_of(*body, "order"), event + " of an order never placed"});
    return;
  }
  if (event == "order.accepted") ++found->second.accepted;
  if (event == "order.paid") {
    ++found->second.paid;
    const Json* payment = body->find("payment");
    found->second.paid_amount = payment == nullptr ? 0 : number_of(*payment, "amount");
  }
}

Result<Books> read_books(client::Client& admin, const std::function<void(Seq, Seq)>& tick) {
  BookReader reader;
  for (;;) {
    JsonWriter args;
    args.begin_object().member("after", reader.books().head).member("limit", kPageEvents);
    args.end_object();
    const client::Reply reply = admin.ask("journal.read", args.text(), std::chrono::seconds(60));
    if (!reply.ok) return refuse(ctl::code_of(reply.code), reply.message);
    const JsonArray& events = client::list_of(reply.result, "events");
    const Seq before = reader.books().head;
    reader.take(events);
    const auto head = static_cast<Seq>(number_of(reply.result, "head"));
    tick(reader.books().head, head);
    if (events.empty() || reader.books().head >= head || reader.books().head <= before) break;
  }
  return reader.finish();
}

}  // namespace larder::replay
