// HQ's words: numbered per store, kept until the hub's own event says what became of them.
#include <algorithm>

#include "lan-protocol/json.hpp"
#include "relay/shards/event_rows.hpp"
#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {
namespace {

IssuedWord word_of(const sql::Statement& row) {
  IssuedWord issued;
  issued.number = static_cast<Seq>(row.integer(0));
  issued.word.id = CommandId(std::string(row.text(1)));
  issued.word.verb = row.text(2);
  issued.word.args = row.text(3);
  issued.word.by = row.text(4);
  issued.word.not_after = TimePoint{row.integer(5)};
  issued.issued_at = TimePoint{row.integer(6)};
  if (row.integer(7) > 0) issued.applied_at = TimePoint{row.integer(8)};
  issued.outcome = row.text(9);
  issued.message = row.text(10);
  return issued;
}

Result<std::vector<IssuedWord>> words_of(sql::Statement& rows) {
  const sql::Scope scope(rows);
  std::vector<IssuedWord> words;
  for (;;) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) return words;
    words.push_back(word_of(rows));
  }
}

// What HQ asked for: the word's args, unless the relay filled in more than that.
const std::string& asked_of(const NewWord& word) {
  return word.asked.empty() ? word.word.args : word.asked;
}

struct AskedWord {
  IssuedWord issued;
  std::string asked;
};

Result<std::optional<AskedWord>> asked_before(sql::Statement& find) {
  const sql::Scope scope(find);
  auto row = find.step();
  if (!row) return pass_on(row);
  if (!*row) return std::optional<AskedWord>();
  AskedWord known{word_of(find), std::string(find.text(11))};
  if (known.asked.empty()) known.asked = known.issued.word.args;
  return std::optional(std::move(known));
}

std::string text_of(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  const std::string* text = value == nullptr ? nullptr : value->as<std::string>();
  return text == nullptr ? std::string() : *text;
}

std::int64_t limit_of(std::size_t limit) {
  return static_cast<std::int64_t>(std::min<std::size_t>(limit, 10'000));
}

}  // namespace

Result<IssuedWord> SqliteShard::issue(const NewWord& word, TimePoint now) {
  auto place = place_of(word.store);
  if (!place) return pass_on(place);
  sql::Statement& find = place->tables->reads.word_by_id;
  find.bind(1, place->bucket).bind_text(2, word.store.text()).bind_text(3, word.word.id.text());
  auto earlier = settle(asked_before(find));
  if (!earlier) return pass_on(earlier);
  if (*earlier) {
    const Word& same = (*earlier)->issued.word;
    if (same.verb == word.word.verb && (*earlier)->asked == asked_of(word)) {
      return std::move((*earlier)->issued);
    }
    return refuse(Code::KeyReuse,
                  "Word " + word.word.id.text() + " was issued with other contents");
  }
  if (!marks_.contains(word.store)) {
    return refuse(Code::NotFound,
                  "No store " + word.store.text() + " has ever spoken to this relay");
  }
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<IssuedWord>(pass_on(transaction));
  Marks drafts;
  auto issued = put_word(word, drafts, now);
  if (!issued) return settle<IssuedWord>(std::move(issued));
  auto written = log_word(word, *place, issued->number, now);
  if (written) written = transaction->commit();
  if (!written) return settle<IssuedWord>(pass_on(written));
  adopt(drafts);
  return issued;
}

Result<IssuedWord> SqliteShard::put_word(const NewWord& wanted, Marks& drafts, TimePoint now) {
  const auto& [store, word, asked] = wanted;
  auto place = place_of(store);
  if (!place) return pass_on(place);
  const auto draft = drafts.find(store);
  const auto kept = marks_.find(store);
  if (kept == marks_.end()) {
    return refuse(Code::NotFound, "No store " + store.text() + " has ever spoken to this relay");
  }
  const StreamMark& before = draft != drafts.end() ? draft->second : kept->second;
  IssuedWord issued{before.words_issued + 1, word, now, {}, {}, {}};
  sql::Statement& put = place->tables->reads.put_word;
  put.bind(1, place->bucket).bind_text(2, store.text());
  put.bind(3, static_cast<std::int64_t>(issued.number)).bind_text(4, word.id.text());
  put.bind_text(5, word.verb).bind_text(6, word.args).bind_text(7, word.by);
  auto written = put.bind(8, word.not_after.micros).bind(9, now.micros).bind_text(10, asked).run();
  StreamMark mark = before;
  mark.words_issued = issued.number;
  if (written) written = put_mark(place->bucket, mark, &before);
  if (!written) return pass_on(written);
  drafts.insert_or_assign(store, std::move(mark));
  return issued;
}

void SqliteShard::adopt(Marks& drafts) {
  for (auto& [store, mark] : drafts) marks_.insert_or_assign(store, std::move(mark));
}

// A word about an item of stock is in its log from the moment it is said, and goes to the POS as it
// is wished; the rows follow when the hub's event comes back.
Result<void> SqliteShard::log_word(const NewWord& word, const Place& place, Seq number,
                                   TimePoint now) {
  const auto args = parse_json(word.word.args);
  const std::string sku = args ? text_of(*args, "sku") : std::string();
  if (sku.empty() || word.word.verb.rfind("stock.", 0) != 0) {
    return log(word.store, word.word.by,
               "said " + word.word.verb + ", word " + std::to_string(number), now);
  }
  auto row = poi_.find(place.tables->stock, place.bucket, word.store, SkuId(sku), now);
  if (!row) return pass_on(row);
  JsonWriter content;
  content.begin_object().member("change", "hq_word").member("number", number);
  content.member("id", word.word.id.text()).member("verb", word.word.verb);
  content.key("args").raw(word.word.args).member("by", word.word.by).end_object();
  sql::Statement& put = place.tables->stock.put_log;
  put.bind(1, place.bucket).bind_text(2, word.store.text()).bind_text(3, (*row)->brand);
  put.bind(4, (*row)->id).bind_text(5, content.text()).bind(6, now.micros);
  auto written = put.run();
  if (!written) return written;
  auto stored = stock_of(word.store, SkuId(sku));
  if (!stored) return pass_on(stored);
  StockLevel level = *stored ? (*stored)->level : StockLevel{};
  const std::string status = text_of(*args, "status");
  if (status == "sold_out") level.status = StockStatus::SoldOut;
  if (status == "available") level.status = StockStatus::Available;
  if (!status.empty()) {
    const bool comes_back = text_of(*args, "restore") == "next_day";
    level.restore = comes_back ? RestoreRule::NextDay : RestoreRule::Never;
  }
  const std::string type = text_of(*args, "type");
  if (type == "unlimited") level.type = StockType::Unlimited;
  if (type == "limited" || word.word.verb == "stock.count") level.type = StockType::Limited;
  if (const Json* wished = args->find("available")) {
    const std::int64_t* whole = wished->as<std::int64_t>();
    const Decimal* tenths = wished->as<Decimal>();
    const auto parsed = Quantity::parse(whole != nullptr    ? std::to_string(*whole)
                                        : tenths != nullptr ? tenths->text
                                                            : std::string("?"));
    if (parsed) level.available = *parsed;
  }
  const std::string payload = poi_message(word.store, sku, **row, poi_status(level),
                                          poi_type(level), poi_restore(level), level.available);
  const std::string key =
      word.store.text() + "/word/" + std::to_string(number) + "/" + std::string(kPoiTopic);
  return message(word.store, kPoiTopic, key, payload, now);
}

Result<std::vector<IssuedWord>> SqliteShard::words_after(const StoreId& store, Seq after,
                                                         std::size_t limit) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  sql::Statement& rows = place->tables->reads.words_after;
  rows.bind(1, place->bucket).bind_text(2, store.text());
  rows.bind(3, static_cast<std::int64_t>(after)).bind(4, limit_of(limit));
  return settle(words_of(rows));
}

Result<std::vector<IssuedWord>> SqliteShard::last_words(const StoreId& store, std::size_t limit) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  sql::Statement& rows = place->tables->reads.last_words;
  rows.bind(1, place->bucket).bind_text(2, store.text()).bind(3, limit_of(limit));
  return settle(words_of(rows));
}

}  // namespace larder::relay
