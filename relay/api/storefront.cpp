#include "relay/api/storefront.hpp"

#include <algorithm>
#include <utility>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/digest.hpp"
#include "lan-protocol/json.hpp"
#include "lan-protocol/verbs.hpp"

namespace larder::relay {
namespace {

constexpr JsonLimits kMenuLimits{16, 400'000, 16 * 1024};
constexpr std::size_t kTokenBytesMin = 32;
constexpr std::size_t kTokenBytesMax = 64;
constexpr std::size_t kNumberDigits = 20;

// A page asks some three times a second; an office of guests may share one address.
constexpr int kReadsAtOnce = 400;
constexpr Duration kReadEvery{5'000};
// What holds stock is dearer: a guest who only ever locks gets nowhere.
constexpr int kChangesAtOnce = 20;
constexpr Duration kChangeEvery = Duration::seconds(2);

Refused no_menu(const StoreId& store) {
  return refuse(Code::NotFound, "store " + store.text() + " has no menu here");
}

std::string etag_of(const std::string& json) {
  return "\"" + hex(sha256(json)).substr(0, 24) + "\"";
}

Result<Storefront::MenuPtr> built_menu(const StoreId& store, const MenuMark& mark,
                                       std::optional<std::string> text) {
  if (!text) return no_menu(store);
  const auto json = parse_json(*text, kMenuLimits);
  if (!json) return pass_on(json);
  auto menu = decode_menu(*json);
  if (!menu) return pass_on(menu);
  if (menu->version == 0) return no_menu(store);  // a restore has just left it none
  auto catalog = Catalog::build(std::move(*menu));
  if (!catalog) return pass_on(catalog);
  std::string etag = etag_of(*text);
  return Storefront::MenuPtr(std::make_shared<const ShopMenu>(
      ShopMenu{mark, std::move(*text), std::move(etag), std::move(*catalog)}));
}

std::string shelf_json(const StoreId& store, const ShopShelf& shelf) {
  JsonWriter out;
  out.reserve(64 + shelf.state.levels.size() * 80).begin_object();
  out.member("storeId", store.text()).member("isLive", shelf.is_live);
  out.member("menuEpoch", shelf.state.menu.epoch);
  out.member("menuVersion", shelf.state.menu.version).key("stock").begin_array();
  for (const ShopLevel& level : shelf.state.levels) {
    const auto left = shelf.left(level.sku);
    const bool is_out = left && left->is_zero();
    out.begin_object().member("skuId", level.sku.text());
    out.member("status", wire_name(is_out ? StockStatus::SoldOut : StockStatus::Available));
    out.member("type", wire_name(level.type));
    if (left) out.key("availableQty").raw(left->text());
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

}  // namespace

std::optional<Quantity> ShopShelf::left(const SkuId& sku) const {
  const auto found = std::lower_bound(state.levels.begin(), state.levels.end(), sku,
                                      [](const ShopLevel& a, const SkuId& b) { return a.sku < b; });
  if (found == state.levels.end() || found->sku != sku) return std::nullopt;
  if (found->status == StockStatus::SoldOut) return Quantity();
  if (found->type == StockType::Unlimited) return std::nullopt;
  const std::int64_t there = is_live ? found->there.in_tenths() : 0;
  return Quantity::tenths(found->here.in_tenths() + there);
}

bool is_shop_token(std::string_view token) {
  if (token.size() < kTokenBytesMin || token.size() > kTokenBytesMax) return false;
  return std::all_of(token.begin(), token.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
  });
}

std::string shop_order_number(const StoreId& store, std::string_view token) {
  std::string bytes = "larder storefront order\n" + store.text() + "\n";
  bytes += token;
  std::string digits = hex(sha256(bytes)).substr(0, kNumberDigits);
  for (char& c : digits) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  return "W" + digits;
}

Storefront::Storefront(Desk& desk, Clock& clock)
    : desk_(desk),
      clock_(clock),
      reads_(kReadsAtOnce, kReadEvery),
      changes_(kChangesAtOnce, kChangeEvery),
      open_orders_(kShopLockLife) {}

bool Storefront::admits(const HttpRequest& request, Manner manner) {
  Throttle& throttle = manner == Manner::Read ? reads_ : changes_;
  return throttle.admit(guest_of(request), clock_.steady());
}

// A store that is asked for the first time; when too many are kept, those nobody waits for go.
Storefront::Kept& Storefront::keep(const StoreId& store) {
  if (kept_.size() >= kShopsKept && !kept_.contains(store)) {
    std::erase_if(kept_, [](const auto& entry) {
      return entry.second.waiting.empty() && entry.second.menu_waiting.empty();
    });
  }
  return kept_[store];
}

void Storefront::shelf(const StoreId& store, bool fresh, Done<Shelf> done) {
  const auto view = desk_.store(store);
  if (!view) return done(no_menu(store));
  Kept& kept = keep(store);
  const bool is_young = clock_.steady() - kept.at < kShelfLife;
  if (kept.shelf && is_young && !fresh && kept.shelf->is_live == view->is_live) {
    return done(kept.shelf);
  }
  kept.waiting.push_back(std::move(done));
  if (kept.waiting.size() == 1) read(store);
}

void Storefront::read(const StoreId& store) {
  desk_.shop(store, ChannelCode("online_order"),
             [this, store](Result<ShopState> state) { heard(store, std::move(state)); });
}

void Storefront::heard(const StoreId& store, Result<ShopState> state) {
  Kept& kept = keep(store);
  auto waiting = std::exchange(kept.waiting, {});
  Result<Shelf> answer = no_menu(store);
  if (!state) {
    answer = pass_on(state);
  } else if (state->menu.version == 0) {  // what it had, a restore has taken
    kept.shelf = nullptr;
    kept.menu = nullptr;
  } else {
    auto shelf = std::make_shared<ShopShelf>();
    shelf->state = std::move(*state);
    const auto view = desk_.store(store);
    shelf->is_live = view && view->is_live;
    shelf->json = shelf_json(store, *shelf);
    shelf->etag = etag_of(shelf->json);
    kept.shelf = shelf;
    kept.at = clock_.steady();
    answer = Shelf(std::move(shelf));
  }
  for (const auto& done : waiting) done(answer);
}

void Storefront::menu(const StoreId& store, Done<MenuPtr> done) {
  shelf(store, false, [this, store, done = std::move(done)](const Result<Shelf>& shelf) {
    if (!shelf) return done(pass_on(shelf));
    Kept& kept = keep(store);
    const MenuMark mark = (*shelf)->state.menu;
    kept.menu_asked_at = clock_.steady();
    if (kept.menu && kept.menu->mark == mark) return done(kept.menu);
    kept.menu_waiting.push_back(done);
    if (kept.menu_waiting.size() == 1) read_menu(store, mark);
  });
}

void Storefront::read_menu(const StoreId& store, const MenuMark& mark) {
  desk_.shop_menu(store, [this, store, mark](Result<std::optional<std::string>> text) {
    heard_menu(store, mark, std::move(text));
  });
}

// A menu of some hundred kilobytes is parsed once, however many wait for it.
void Storefront::heard_menu(const StoreId& store, const MenuMark& mark,
                            Result<std::optional<std::string>> text) {
  Kept& kept = keep(store);
  const auto waiting = std::exchange(kept.menu_waiting, {});
  Result<MenuPtr> answer = kept.menu;
  if (!kept.menu || kept.menu->mark != mark) {
    answer = text ? built_menu(store, mark, std::move(*text)) : Result<MenuPtr>(pass_on(text));
    if (answer) {
      kept.menu = nullptr;
      make_room((*answer)->json.size());
      kept.menu = *answer;
    }
  }
  for (const auto& done : waiting) done(answer);
}

// Those that nobody has asked for the longest time go, until there is room for one more of `bytes`.
void Storefront::make_room(std::size_t bytes) {
  for (;;) {
    std::size_t count = 0, sum = bytes;
    Kept* oldest = nullptr;
    for (auto& [store, kept] : kept_) {
      if (!kept.menu) continue;
      ++count;
      sum += kept.menu->json.size();
      if (oldest == nullptr || kept.menu_asked_at < oldest->menu_asked_at) oldest = &kept;
    }
    if (oldest == nullptr || (count < kShopMenusKept && sum <= kShopMenuBytesKept)) return;
    oldest->menu = nullptr;
  }
}

Result<ShopDraft> Storefront::price(const ShopMenu& menu, const Json& order) {
  const CommandVerb* const verb = find_command_verb("online.order");
  auto command = verb->decode(order);
  if (!command) return pass_on(command);
  ShopDraft draft;
  draft.order = std::move(std::get<PlaceOnline>(*command));
  auto priced = larder::price(menu.catalog, Channel::OnlineOrder, draft.order.lines);
  if (!priced) return pass_on(priced);
  std::int64_t pieces = 0;
  for (const LineRequest& line : draft.order.lines) pieces += line.quantity.in_tenths();
  if (pieces > std::int64_t{kShopPiecesMax} * 10) {
    return refuse(Code::TooMuch, "at most " + std::to_string(kShopPiecesMax) +
                                     " pieces of one order are sold online; call the store");
  }
  // As the hub keeps them: no card number comes to rest in this database either.
  bool is_masked = false;
  draft.order.name = clean_note(draft.order.name, is_masked);
  draft.order.note = clean_note(draft.order.note, is_masked);
  for (LineRequest& line : draft.order.lines) line.note = clean_note(line.note, is_masked);
  draft.total = priced->total;
  draft.demand = std::move(priced->demand);
  draft.order.payment.amount = draft.total;
  return draft;
}

}  // namespace larder::relay
