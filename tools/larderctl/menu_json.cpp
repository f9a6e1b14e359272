// MENU as JSON: the shape of PROTOCOL.md, every mistake with its line.
#include <functional>
#include <limits>
#include <set>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/json.hpp"
#include "tools/larderctl/json_lines.hpp"
#include "tools/larderctl/menu_file.hpp"

namespace larder::ctl {
namespace {

constexpr JsonLimits kMenuJson{kJsonDepthMax, kMenuJsonNodesMax, kStringBytesMax};

const char* kind_of(const Json& json) {
  if (json.as<JsonObject>() != nullptr) return "an object";
  if (json.as<JsonArray>() != nullptr) return "a list";
  if (json.as<std::string>() != nullptr) return "text";
  if (json.as<bool>() != nullptr) return "true or false";
  if (json.as<std::int64_t>() != nullptr) return "a whole number";
  return json.as<Decimal>() != nullptr ? "a number that is not whole" : "null";
}

// One object of the file. Each member it is asked for is known; done() names the others.
class Fields {
 public:
  Fields(const LinedJson& at, std::string what, std::vector<Problem>& out)
      : at_(at), what_(std::move(what)), out_(out) {
    if (at.json->as<JsonObject>() == nullptr)
      say(at.line, what_ + " must be an object, not " + kind_of(*at.json));
  }

  const LinedJson* member(const char* key, bool needed) {
    known_.insert(key);
    const LinedJson* found = at_.find(key);
    if (found == nullptr && needed && at_.json->as<JsonObject>() != nullptr)
      say(at_.line, what_ + " has no \"" + key + "\"");
    return found;
  }

  std::string text(const char* key, bool needed) {
    const LinedJson* found = member(key, needed);
    if (found == nullptr) return {};
    if (const auto* text = found->json->as<std::string>()) return *text;
    wrong(*found, key, "text");
    return {};
  }

  std::int64_t number(const char* key, bool needed, std::int64_t low, std::int64_t absent) {
    const LinedJson* found = member(key, needed);
    if (found == nullptr) return absent;
    const auto* number = found->json->as<std::int64_t>();
    if (number == nullptr) {
      wrong(*found, key, "a whole number (money in minor units: 590 is 5.90)");
      return absent;
    }
    if (*number >= low) return *number;
    say(found->line,
        "\"" + std::string(key) + "\" of " + what_ + " must be at least " + std::to_string(low));
    return absent;
  }

  Text name(const char* key, bool needed) {
    const LinedJson* found = member(key, needed);
    if (found == nullptr) return {};
    Fields fields(*found, "\"" + std::string(key) + "\" of " + what_, out_);
    Text text{fields.text("en", true), fields.text("zh", false)};
    fields.done();
    return text;
  }

  void each(const char* key, bool needed, const std::function<void(const LinedJson&)>& take) {
    const LinedJson* found = member(key, needed);
    if (found == nullptr) return;
    if (found->json->as<JsonArray>() == nullptr) return wrong(*found, key, "a list");
    for (const LinedJson& child : found->children) take(child);
  }

  void done() {
    const auto* object = at_.json->as<JsonObject>();
    if (object == nullptr) return;
    for (std::size_t i = 0; i < object->size(); ++i) {
      const std::string& key = (*object)[i].first;
      if (!known_.contains(key))
        say(at_.children[i].line, "\"" + key + "\" is no member of " + what_);
    }
  }

  unsigned line() const { return at_.line; }
  void say(unsigned line, std::string sentence) { out_.push_back({line, std::move(sentence)}); }
  void wrong(const LinedJson& found, const std::string& key, const std::string& wanted) {
    say(found.line,
        "\"" + key + "\" of " + what_ + " must be " + wanted + ", not " + kind_of(*found.json));
  }

 private:
  const LinedJson& at_;
  std::string what_;
  std::vector<Problem>& out_;
  std::set<std::string> known_;
};

std::string quoted_id(const LinedJson& at, const char* what) {
  const LinedJson* id = at.find("id");
  const auto* text = id == nullptr ? nullptr : id->json->as<std::string>();
  return text == nullptr ? std::string("this ") + what : std::string(what) + " '" + *text + "'";
}

class MenuReader {
 public:
  ReadMenu read(const LinedJson& root) {
    Fields menu(root, "the menu", read_.problems);
    menu.number("version", false, 0, 0);
    const LinedJson* currency = root.find("currency");
    read_.lines.currency = currency == nullptr ? root.line : currency->line;
    take_currency(menu.text("currency", true));
    menu.each("stations", false, [this](const LinedJson& at) { take_station(at); });
    menu.each("categories", true, [this](const LinedJson& at) { take_category(at); });
    menu.each("option_groups", false, [this](const LinedJson& at) { take_group(at); });
    menu.each("items", true, [this](const LinedJson& at) { take_item(at); });
    menu.done();
    return std::move(read_);
  }

 private:
  Fields open(const LinedJson& at, const char* what) {
    return Fields(at, quoted_id(at, what), read_.problems);
  }

  void take_currency(const std::string& text) {
    const Result<Currency> currency = Currency::parse(text);
    if (currency) read_.menu.currency = *currency;
    if (!currency && !text.empty())
      read_.problems.push_back(
          {read_.lines.currency, "'" + text + "' is no currency; write for example EUR"});
  }

  void take_station(const LinedJson& at) {
    Fields fields = open(at, "station");
    read_.menu.stations.push_back({StationId(fields.text("id", true)), fields.name("name", true)});
    read_.lines.stations.push_back(at.line);
    fields.done();
  }

  void take_category(const LinedJson& at) {
    Fields fields = open(at, "category");
    read_.menu.categories.push_back(
        {CategoryId(fields.text("id", true)), fields.name("name", true)});
    read_.lines.categories.push_back(at.line);
    fields.done();
  }

  void take_group(const LinedJson& at) {
    Fields fields = open(at, "option group");
    OptionGroup group;
    MenuLines::WithParts lines{at.line, {}};
    group.id = GroupId(fields.text("id", true));
    group.name = fields.name("name", true);
    group.min_choices = count(fields.number("min", false, 0, 0));
    group.max_choices = count(fields.number("max", false, 0, 1));
    fields.each("options", true, [&](const LinedJson& option_at) {
      Fields option = open(option_at, "option");
      group.options.push_back({OptionId(option.text("id", true)), option.name("name", true),
                               Money::minor(option.number("price_delta", false, kDeltaMin, 0)),
                               SkuId(option.text("uses", false))});
      lines.parts.push_back(option_at.line);
      option.done();
    });
    fields.done();
    read_.menu.option_groups.push_back(std::move(group));
    read_.lines.groups.push_back(std::move(lines));
  }

  void take_item(const LinedJson& at) {
    Fields fields = open(at, "item");
    Item item;
    MenuLines::ItemLines lines;
    lines.line = at.line;
    item.id = ItemId(fields.text("id", true));
    item.category = CategoryId(fields.text("category", true));
    item.name = fields.name("name", true);
    item.description = fields.name("description", false);
    item.image = fields.text("image", false);
    item.station = StationId(fields.text("station", false));
    if (at.find("channels") != nullptr) item.channels = take_channels(fields);
    fields.each("skus", true, [&](const LinedJson& sku_at) {
      Fields sku = open(sku_at, "SKU");
      item.skus.push_back({SkuId(sku.text("id", true)), sku.name("name", false),
                           Money::minor(sku.number("price", true, 0, 0))});
      lines.skus.push_back(sku_at.line);
      sku.done();
    });
    fields.each("option_groups", false, [&](const LinedJson& group_at) {
      if (const auto* group = group_at.json->as<std::string>())
        item.option_groups.emplace_back(*group);
      else
        fields.wrong(group_at, "option_groups", "a list of ids");
    });
    fields.each("parts", false, [&](const LinedJson& part_at) { take_part(part_at, item, lines); });
    fields.done();
    read_.menu.items.push_back(std::move(item));
    read_.lines.items.push_back(std::move(lines));
  }

  Channels take_channels(Fields& item) {
    Channels channels{0};
    item.each("channels", false, [&](const LinedJson& at) {
      const auto* name = at.json->as<std::string>();
      for (int i = 0; name != nullptr && i < kChannels; ++i) {
        if (*name != wire_name(static_cast<Channel>(i))) continue;
        channels.bits = static_cast<std::uint8_t>(channels.bits | (1U << static_cast<unsigned>(i)));
        return;
      }
      item.say(at.line, "a channel is one of pos, kiosk, emenu, online_order");
    });
    return channels;
  }

  void take_part(const LinedJson& at, Item& item, MenuLines::ItemLines& lines) {
    Fields fields = open(at, "part");
    ComboPart part;
    MenuLines::WithParts part_lines{at.line, {}};
    part.id = PartId(fields.text("id", true));
    part.name = fields.name("name", true);
    fields.each("choices", true, [&](const LinedJson& choice_at) {
      Fields choice(choice_at, "this choice", read_.problems);
      part.choices.push_back({SkuId(choice.text("sku", true)),
                              Money::minor(choice.number("price_delta", false, kDeltaMin, 0))});
      part_lines.parts.push_back(choice_at.line);
      choice.done();
    });
    fields.done();
    item.parts.push_back(std::move(part));
    lines.parts.push_back(std::move(part_lines));
  }

  static std::uint32_t count(std::int64_t number) {
    return number > 1'000 ? 1'000U : static_cast<std::uint32_t>(number);
  }

  static constexpr std::int64_t kDeltaMin = -kPriceMinorMax;
  ReadMenu read_;
};

// The byte that parse_json names in its sentence, when it does: "... byte 123 ...".
unsigned line_in(std::string_view text, const std::string& sentence) {
  const auto at = sentence.find("byte ");
  if (at == std::string::npos) return 0;
  std::size_t byte = 0;
  for (std::size_t i = at + 5; i < sentence.size() && sentence[i] >= '0' && sentence[i] <= '9'; ++i)
    byte = byte * 10 + static_cast<std::size_t>(sentence[i] - '0');
  return line_of(text, byte);
}

}  // namespace

ReadMenu read_menu_json(std::string_view text) {
  const Result<Json> json = parse_json(text, kMenuJson);
  if (!json) {
    ReadMenu broken;
    const std::string& sentence = json.error().message();
    broken.problems.push_back({line_in(text, sentence), sentence});
    return broken;
  }
  ReadMenu read = MenuReader().read(with_lines(text, *json));
  check_menu(read);
  if (!read.problems.empty()) return read;
  const Result<Menu> again = decode_menu(*json);
  if (!again) read.problems.push_back({0, again.error().message()});
  return read;
}

ReadMenu read_menu(std::string_view text, const std::string& currency) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') return read_menu_json(text);
  return read_menu_csv(text, currency);
}

}  // namespace larder::ctl
