// What the hub says of leases, of its channels' accounts, and of what was oversold.
#include <algorithm>

#include "lan-protocol/json.hpp"
#include "relay/shards/event_rows.hpp"
#include "relay/shards/lease_rows.hpp"

namespace larder::relay {

void EventRows::alarm(std::string sentence) {
  leases_.push_back(LeaseNews{{}, {}, false, "store " + store_.text() + ": " + sentence});
}

// From this commit on the relay may sell what was granted, for as long as the lease runs by our
// clock.
Result<void> EventRows::take_grant(const LeaseGranted& event) {
  if (event.quantity.in_tenths() <= 0 || event.granted < event.quantity) {
    alarm("lease " + event.lease.text() + " was granted " + event.quantity.text() + " of " +
          event.granted.text() + ", which is no grant: nothing is sold of it");
    return {};
  }
  const TimePoint until = now_ + Duration::seconds(event.ttl_seconds);
  sql::Statement& put = keyed(tables_.rights.grant);
  put.bind(3, epoch_).bind_text(4, event.lease.text()).bind_text(5, event.sku.text());
  put.bind_text(6, event.channel.text()).bind(7, event.granted.in_tenths());
  auto written = put.bind(8, now_.micros).bind(9, until.micros).run();
  if (!written) return written;
  leases_.push_back(LeaseNews{event.sku, event.channel, true, {}});
  LeaseRows rows(tables_, poi_, bucket_, store_);
  auto figures = rows.refresh(event.sku, now_);
  if (figures && !*figures) {  // its first level is still to be written: by finish()
    const auto known = levels_.find(event.sku.text());
    const StockLevel& first = known != levels_.end() ? known->second.after : event.movement.before;
    written = put_level(event.sku, Level{first, 0, stamped_.at});
    if (written) figures = rows.refresh(event.sku, now_);
  }
  return figures && written ? Result<void>() : (written ? pass_on(figures) : written);
}

// Where the hub's level stays as a later event says, the relay's part of the figures is still new.
Result<void> EventRows::show_grant(const LeaseGranted& event) {
  LeaseRows rows(tables_, poi_, bucket_, store_);
  auto figures = rows.refresh(event.sku, now_);
  if (!figures) return pass_on(figures);
  if (!*figures) return {};
  const StockLevel& level = (*figures)->level;
  auto written = rows.refresh_poi(event.sku, level, now_);
  if (!written) return written;
  return message(kInventoryTopic, 0,
                 cache_message(store_, event.sku, level, "grant", "relay", seq_, now_));
}

Result<void> EventRows::on(const LeaseGranted& event) {
  auto taken = take_grant(event);
  if (taken && left_skus_.contains(event.sku.text())) taken = show_grant(event);
  if (!taken) return taken;
  return move(event.movement, Cause{"lease", event.lease.text(), {}, "granted", "relay"});
}

// The hub's answer to what this relay told: both sides' figures are side by side in the row.
Result<void> EventRows::on(const LeaseSettled& event) {
  LeaseRows rows(tables_, poi_, bucket_, store_);
  auto lease = rows.find(event.lease);
  if (!lease) return pass_on(lease);
  if (!*lease) {
    alarm("the hub settled lease " + event.lease.text() + ", which is not known here");
  } else {
    sql::Statement& agree = keyed(tables_.rights.agree);
    agree.bind(3, (*lease)->epoch).bind_text(4, event.lease.text());
    agree.bind(5, event.sold.in_tenths()).bind(6, event.returned.in_tenths());
    auto written = agree.bind(7, now_.micros).run();
    if (!written) return written;
  }
  return move(event.movement, Cause{"lease", event.lease.text(), {}, "settled", "relay"});
}

// The word says which lease, as SqliteShard named it; what it was for stands in its own row.
Result<void> EventRows::settlement_refused(const std::string& word, const std::string& code,
                                           const std::string& sentence) {
  keyed(tables_.rights.leases_of_store);
  auto leases = relay::leases_of(tables_.rights.leases_of_store);
  if (!leases) return pass_on(leases);
  std::string what = "by word " + word;
  for (const LeaseRecord& lease : *leases) {
    if (!word.starts_with(settle_prefix(lease.epoch, lease.lease))) continue;
    what = "from lease " + lease.lease.text() + " of " + lease.sku.text() + " (epoch " +
           std::to_string(lease.epoch) + "): count " + lease.sku.text();
  }
  alarm("the hub refused to settle what was sold or given back " + what + "; " + code + ": " +
        sentence);
  return {};
}

Result<void> EventRows::on(const LeaseRecalled& event) {
  LeaseRows rows(tables_, poi_, bucket_, store_);
  auto lease = rows.find(event.lease);
  if (!lease) return pass_on(lease);
  if (!*lease) {
    alarm("the hub recalled lease " + event.lease.text() + ", which is not known here");
    return {};
  }
  sql::Statement& recall = keyed(tables_.rights.recall);
  recall.bind(3, (*lease)->epoch).bind_text(4, event.lease.text()).bind(5, event.ends ? 1 : 0);
  auto written = recall.bind(6, event.keep.in_tenths()).bind(7, now_.micros).run();
  if (written) leases_.push_back(LeaseNews{event.sku, (*lease)->channel, false, {}});
  return written;
}

Result<void> EventRows::on(const StockOversold& event) {
  const OversellRecord& record = event.record;
  auto row = poi_.find(tables_.stock, bucket_, store_, record.sku, now_);
  if (!row) return pass_on(row);
  JsonWriter orders;
  orders.begin_array();
  if (!record.order.empty()) orders.value(record.order.text());
  orders.end_array();
  sql::Statement& put = keyed(tables_.stock.put_oversell);
  put.bind_text(3, (*row)->brand).bind_text(4, record.sku.text());
  put.bind(5, record.quantity.in_tenths()).bind_text(6, record.cause);
  put.bind_text(7, orders.text()).bind(8, stamped_.at.micros).bind_text(9, record.id.text());
  // A person where one is named, else the device or HQ.
  auto written =
      put.bind_text(10, record.staff.empty() ? record.by.text() : record.staff.text()).run();
  if (written && record.cause != "override") {
    alarm(record.quantity.text() + " of " + record.sku.text() +
          " were sold that are not there, by a " + record.cause);
  }
  return written;
}

Result<void> EventRows::on(const OversellResolved& event) {
  sql::Statement& put = keyed(tables_.stock.resolve_oversell);
  put.bind_text(3, event.oversell.text()).bind_text(4, event.resolution);
  return put.bind_text(5, event.by.text()).bind(6, stamped_.at.micros).run();
}

// The accounts that differ from what is stored; one that says nothing any more goes.
Result<void> EventRows::put_accounts(const SkuId& sku, const PoiRow& row, const StockLevel& level) {
  bool has_changed = false;
  for (const PoiAccount& kept : row.accounts) {
    if (!kept.is_hubs || find_account(level, kept.account.channel) != nullptr) continue;
    const std::string code = upper_code(kept.account.channel);
    sql::Statement& drop = keyed(tables_.stock.drop_account);
    auto dropped = drop.bind(3, row.id).bind_text(4, code).run();
    if (!dropped) return dropped;
    has_changed = true;
  }
  for (const ChannelAccount& account : level.channels) {
    const auto same = [&account](const PoiAccount& kept) {
      return kept.is_hubs && kept.account == account;
    };
    if (std::any_of(row.accounts.begin(), row.accounts.end(), same)) continue;
    const std::string code = upper_code(account.channel);
    sql::Statement& put = keyed(tables_.stock.put_account);
    put.bind_text(3, row.brand).bind(4, row.id).bind_text(5, code);
    put.bind(6, account.status == StockStatus::SoldOut ? 2 : 1).bind(7, poi_type(level));
    put.bind(8, account.quota.in_tenths()).bind(9, account.weight);
    auto written = put.bind(10, account.sold.in_tenths()).run();
    if (!written) return written;
    has_changed = true;
  }
  if (has_changed) poi_.forget(store_, sku);
  return {};
}

}  // namespace larder::relay
