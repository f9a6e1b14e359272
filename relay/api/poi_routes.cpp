// The estate's stock routes: what a POS reports, what it pulls, and what HQ sets.
#include <algorithm>
#include <set>

#include "relay/api/json_of.hpp"
#include "relay/api/limits.hpp"
#include "relay/api/members.hpp"
#include "relay/api/router.hpp"
#include "relay/api/word_desk.hpp"

namespace larder::relay {

namespace {

constexpr std::size_t kChannelsMax = 20;
constexpr std::string_view kChannelRule = "must be A-Z, 0-9 and _";

Result<PoiChannel> read_channel(const Json& json, std::string path) {
  Members members(json, std::move(path));
  PoiChannel channel;
  channel.channel_code = members.text("channel_code", kChannelBytesMax);
  if (!channel_of(channel.channel_code)) members.wrong("channel_code", kChannelRule);
  channel.stock_status = members.one_of("stock_status", 1, 2);
  channel.stock_type = members.one_of("stock_type", 1, 2);
  if (auto done = members.finish(); !done) return pass_on(done);
  return channel;
}

void read_channels(Members& members, std::vector<PoiChannel>& channels) {
  const JsonArray* array = members.array_if("channel_stocks", kChannelsMax);
  std::set<std::string> seen;
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    const std::string place = "channel_stocks[" + std::to_string(i) + "].";
    auto channel = read_channel((*array)[i], place);
    if (!channel) return members.join(pass_on(channel));
    if (!seen.insert(channel->channel_code).second) {
      return members.wrong(place + "channel_code", "comes twice");
    }
    channels.push_back(std::move(*channel));
  }
}

Result<PoiStock> read_report(const Json& json) {
  Members members(json);
  PoiStock stock;
  stock.brand_id = members.id("brandId");
  stock.poi = StoreId(members.id("poiId"));
  stock.object_type = members.one_of_if("object_type", 1, 2).value_or(2);
  stock.object_id = members.id("object_id");
  stock.stock_status = members.one_of("stock_status", 1, 2);
  stock.stock_type = members.one_of("stock_type", 1, 2);
  stock.plan_quantity = members.quantity_if("plan_quantity").value_or(Quantity());
  const auto real = members.quantity_if("real_quantity");
  if (stock.stock_type == 2 && !real)
    members.wrong("real_quantity", "is needed when it is limited");
  stock.real_quantity = real.value_or(Quantity());
  stock.auto_restore_type = members.one_of_if("auto_restore_type", 1, 2).value_or(2);
  stock.auto_restore_at = members.time_if("auto_restore_at");
  stock.based_on = members.time_if("updated_at");
  read_channels(members, stock.channels);
  if (auto done = members.finish(); !done) return pass_on(done);
  return stock;
}

// What PUT asks for, as the things that the hub does, in order.
struct Wanted {
  StoreId store;
  std::vector<Command> commands;
};

StockStatus status_of(int number) {
  return number == 2 ? StockStatus::SoldOut : StockStatus::Available;
}

// A channel of which nothing is said stays as it is; so does what is left out of one.
void read_shares(Members& members, const SkuId& sku, Wanted& wanted) {
  const JsonArray* array = members.array_if("channel_stocks", kChannelsMax);
  SetChannels change{.sku = sku, .channels = {}};
  std::set<ChannelCode> seen;
  for (std::size_t i = 0; array != nullptr && i < array->size() && !members.failed(); ++i) {
    Members one((*array)[i], "channel_stocks[" + std::to_string(i) + "].");
    ChannelChange channel;
    const auto code = channel_of(one.text("channel_code", kChannelBytesMax));
    if (!code) one.wrong("channel_code", kChannelRule);
    channel.channel = code.value_or(ChannelCode());
    if (const auto status = one.one_of_if("stock_status", 1, 2)) {
      channel.status = status_of(*status);
    }
    channel.quota = one.quantity_if("channel_quota");
    if (const auto weight = one.whole_if("weight", 0, 100, "must be a whole number up to 100")) {
      channel.weight = static_cast<std::uint32_t>(*weight);
    }
    if (!channel.status && !channel.quota && !channel.weight) {
      one.wrong("channel_quota", "or weight, stock_status: nothing is asked of this channel");
    }
    if (!seen.insert(channel.channel).second) one.wrong("channel_code", "comes twice");
    members.join(one.finish());
    change.channels.push_back(std::move(channel));
  }
  std::uint64_t weights = 0;
  for (const ChannelChange& channel : change.channels) weights += channel.weight.value_or(0);
  if (weights > 100) members.wrong("channel_stocks", "the weights are more than 100 together");
  if (!change.channels.empty()) wanted.commands.emplace_back(std::move(change));
}

void read_thresholds(Members& members, const SkuId& sku, Wanted& wanted) {
  const auto warning = members.quantity_if("warning_threshold");
  const auto critical = members.quantity_if("critical_threshold");
  if (!warning && !critical) return;
  if (!warning) members.wrong("warning_threshold", "is needed with critical_threshold");
  const Quantity low = critical.value_or(Quantity());
  if (warning && low > *warning) {
    members.wrong("critical_threshold", "is more than warning_threshold");
  }
  wanted.commands.emplace_back(
      SetThresholds{.sku = sku, .warning = warning.value_or(Quantity()), .critical = low});
}

void read_limit(Members& members, const SkuId& sku, Wanted& wanted) {
  const auto type = members.one_of_if("stock_type", 1, 2);
  const auto plan = members.quantity_if("plan_quantity");
  const auto real = members.quantity_if("real_quantity");
  if (type == 2 && !plan && !real) {
    members.wrong("plan_quantity", "or real_quantity is needed when stock_type is 2");
  }
  if (type == 1 && plan) members.wrong("plan_quantity", "has no meaning when stock_type is 1");
  if (type == 1 && real) members.wrong("real_quantity", "has no meaning when stock_type is 1");
  if (plan && real && *real > *plan) members.wrong("real_quantity", "is more than plan_quantity");
  if (type == 1) wanted.commands.emplace_back(LimitStock{.sku = sku, .available = {}});
  if (!plan && !real) return;
  wanted.commands.emplace_back(LimitStock{
      .sku = sku, .type = StockType::Limited, .available = real ? *real : *plan, .plan = plan});
}

// Sold out may come back by itself: at a set time, or when the next business day opens.
void read_mark(Members& members, const SkuId& sku, Wanted& wanted) {
  const auto status = members.one_of_if("stock_status", 1, 2);
  const auto restore = members.one_of_if("auto_restore_type", 1, 2);
  const auto at = members.time_if("auto_restore_at");
  if (restore && status != 2) {
    members.wrong("auto_restore_type", "has no meaning unless stock_status is 2");
  }
  if (at && restore != 1) {
    members.wrong("auto_restore_at", "has no meaning unless auto_restore_type is 1");
  }
  if (!status) return;
  MarkStock mark{.sku = sku, .status = status_of(*status)};
  if (restore == 1) mark.restore = at ? RestoreRule::At : RestoreRule::NextDay;
  if (at) mark.restore_at = *at;
  wanted.commands.emplace_back(std::move(mark));
}

Result<Wanted> read_wanted(const Json& json) {
  Members members(json);
  members.id_if("brandId");
  Wanted wanted{.store = StoreId(members.id("poiId")), .commands = {}};
  const SkuId sku(members.id("object_id"));
  const auto object_type = members.one_of_if("object_type", 1, 2);
  if (object_type == 1) members.wrong("object_type", "stock is set per SKU (2)");
  read_limit(members, sku, wanted);
  read_shares(members, sku, wanted);
  read_thresholds(members, sku, wanted);
  read_mark(members, sku, wanted);
  if (wanted.commands.empty()) {
    members.wrong("stock_status",
                  "or stock_type, plan_quantity, real_quantity, channel_stocks, "
                  "warning_threshold: nothing is asked");
  }
  if (auto done = members.finish(); !done) return pass_on(done);
  return wanted;
}

}  // namespace

void sync_from_pos(const CallPtr& call) {
  const auto body = call->json();
  if (!body) return call->refuse(body.error());
  const auto stock = read_report(*body);
  if (!stock) return call->refuse(stock.error());
  if (!call->may_see(stock->poi)) return;
  call->rooms.desk.sync_from_pos(*stock, [call](const Result<PoiStock>& kept) {
    if (!kept) return call->refuse(kept.error());
    call->answer(one_json(*kept, put_poi));
  });
}

void find_to_pos(const CallPtr& call) {
  const auto body = call->json();
  if (!body) return call->refuse(body.error());
  Members members(*body);
  members.id_if("brandId");
  const StoreId poi(members.id("poiId"));
  const auto cursor = members.time_if("cursor");
  if (auto done = members.finish(); !done) return call->refuse(done.error());
  if (!call->may_see(poi)) return;
  call->rooms.desk.find_to_pos(poi, cursor, [call, cursor](Result<std::vector<PoiStock>> items) {
    if (!items) return call->refuse(items.error());
    std::optional<TimePoint> last = cursor;
    for (const PoiStock& item : *items) last = std::max(last, std::optional(item.updated_at));
    JsonWriter out;
    out.begin_object();
    put_time(out, "cursor", last);
    out.key("items").raw(list_json(*items, put_poi)).end_object();
    call->answer(out.text());
  });
}

void put_poi_stock(const CallPtr& call) {
  const auto wait = call->query_wait();
  if (!wait) return call->refuse(wait.error());
  const auto body = call->json();
  if (!body) return call->refuse(body.error());
  const auto wanted = read_wanted(*body);
  if (!wanted) return call->refuse(wanted.error());
  const auto id = word_id_of(*call);
  if (!id) return call->refuse(id.error());
  if (!is_store_here(*call, wanted->store)) return;
  std::vector<NewWord> words;
  for (const Command& command : wanted->commands) {
    const std::string part = words.empty() ? *id : *id + "." + std::to_string(words.size() + 1);
    words.push_back(word_of(*call, wanted->store, command, part, std::nullopt));
  }
  issue_all(call, std::move(words), *wait, [call](const std::vector<IssuedWord>& issued) {
    JsonWriter out;
    out.begin_object().member("number", issued.back().number);
    out.key("words").raw(list_json(issued, put_word)).end_object();
    call->answer(out.text());
  });
}

}  // namespace larder::relay
