// The Hub's side towards the cloud: what the uplink reads of it, and the statement of a day.
#include <utility>

#include "edge/app/day_scan.hpp"
#include "edge/app/hub.hpp"
#include "edge/app/statement.hpp"

namespace larder::edge {

void Hub::follow(Cloud* cloud) { cloud_ = cloud; }

void Hub::read_events(Seq after, std::size_t limit,
                      std::function<void(Result<std::vector<StoredEvent>>)> got) {
  ports_.writer.run(
      [after, limit, got = std::move(got)](Journal& journal) -> std::function<void()> {
        auto events = journal.read(after, limit);
        return [got, events = std::move(events)] { got(events); };
      });
}

void Hub::keep_acked(Seq acked) {
  if (room_ == Room::Scarce) return;  // the last room is for what must be written
  ports_.writer.run([acked](Journal& journal) -> std::function<void()> {
    (void)journal.keep_acked(acked);  // the relay knows it better, and says so after a restart
    return [] {};
  });
}

void Hub::day_books(BusinessDay day, std::function<void(Result<DayBooks>)> got) {
  DayScan::start(ports_.writer, day, committed_.seq, 0, [got = std::move(got)](auto scanned) {
    if (!scanned) return got(pass_on(scanned));
    got(scanned->books);
  });
}

void Hub::stock_books(const SkuId& after, const std::vector<SkuId>& skus,
                      std::function<void(StockBooks)> got) {
  const Stock& stock = ledger_.stock;
  auto books = std::make_shared<StockBooks>();
  books->epoch = decided_.epoch;
  books->seq = decided_.seq;
  for (const SkuId& sku : skus) books->levels.push_back({sku, kept_level(stock.level(sku))});
  const auto& levels = stock.levels();
  for (auto each = levels.upper_bound(after); skus.empty() && each != levels.end(); ++each) {
    books->has_more = books->marks.size() == kStockMarksMax;
    if (books->has_more) break;
    std::string mark = level_mark(each->first, each->second);
    if (!mark.empty()) books->marks.push_back({each->first, std::move(mark)});
  }
  when_committed([books, got = std::move(got)] { got(std::move(*books)); });
}

void Hub::event_hashes(Seq from, Seq to,
                       std::function<void(Result<std::vector<std::string>>)> got) {
  ports_.writer.run([from, to, got = std::move(got)](Journal& journal) -> std::function<void()> {
    auto hashes = hashes_of(journal, from, to);
    return [got, hashes = std::move(hashes)] { got(hashes); };
  });
}

void Hub::state_books(SessionKey key, const std::string& id, BusinessDay day) {
  if (day.yyyymmdd == 0) day = ledger_.day;
  Statement::start(ports_.writer, cloud_, day, committed_.seq, [this, key, id](auto result) {
    if (!result) return send_refusal(key, id, result.error());
    screens_.send(key, std::make_shared<const std::string>(
                           write_reply(id, committed_.epoch, committed_.seq, *result)));
  });
}

}  // namespace larder::edge
