// MENU and its parts. The reader gives the defaults that PROTOCOL.md names.
#include "lan-protocol/shapes.hpp"

namespace larder {

void put(JsonWriter& out, Channels channels) {
  out.begin_array();
  for (int i = 0; i < kChannels; ++i) {
    const auto channel = static_cast<Channel>(i);
    if (channels.has(channel)) put(out, channel);
  }
  out.end_array();
}

void put(JsonWriter& out, const Text& text) {
  out.begin_object().member("en", text.en).member("zh", text.zh).end_object();
}

void put(JsonWriter& out, const Station& station) {
  out.begin_object();
  put_member(out, "id", station.id);
  put_member(out, "name", station.name);
  out.end_object();
}

void put(JsonWriter& out, const Category& category) {
  out.begin_object();
  put_member(out, "id", category.id);
  put_member(out, "name", category.name);
  out.end_object();
}

void put(JsonWriter& out, const Option& option) {
  out.begin_object();
  put_member(out, "id", option.id);
  put_member(out, "name", option.name);
  put_member(out, "price_delta", option.price_delta);
  put_member(out, "uses", option.uses);
  out.end_object();
}

void put(JsonWriter& out, const OptionGroup& group) {
  out.begin_object();
  put_member(out, "id", group.id);
  put_member(out, "name", group.name);
  put_member(out, "min", group.min_choices);
  put_member(out, "max", group.max_choices);
  put_member(out, "options", group.options);
  out.end_object();
}

void put(JsonWriter& out, const Sku& sku) {
  out.begin_object();
  put_member(out, "id", sku.id);
  put_member(out, "name", sku.name);
  put_member(out, "price", sku.price);
  out.end_object();
}

void put(JsonWriter& out, const ComboChoice& choice) {
  out.begin_object();
  put_member(out, "sku", choice.sku);
  put_member(out, "price_delta", choice.price_delta);
  out.end_object();
}

void put(JsonWriter& out, const ComboPart& part) {
  out.begin_object();
  put_member(out, "id", part.id);
  put_member(out, "name", part.name);
  put_member(out, "choices", part.choices);
  out.end_object();
}

void put(JsonWriter& out, const Item& item) {
  out.begin_object();
  put_member(out, "id", item.id);
  put_member(out, "category", item.category);
  put_member(out, "name", item.name);
  put_member(out, "description", item.description);
  put_member(out, "image", item.image);
  put_member(out, "station", item.station);
  put_member(out, "channels", item.channels);
  put_member(out, "skus", item.skus);
  put_member(out, "option_groups", item.option_groups);
  put_member(out, "parts", item.parts);
  out.end_object();
}

void put(JsonWriter& out, const Menu& menu) {
  out.begin_object();
  put_member(out, "version", menu.version);
  put_member(out, "currency", menu.currency);
  put_member(out, "stations", menu.stations);
  put_member(out, "categories", menu.categories);
  put_member(out, "option_groups", menu.option_groups);
  put_member(out, "items", menu.items);
  out.end_object();
}

void take(const Input& in, Channels& out) {
  std::vector<Channel> channels;
  take(in, channels);
  out.bits = 0;
  for (const Channel channel : channels) {
    const auto bit = static_cast<std::uint8_t>(1U << static_cast<unsigned>(channel));
    if ((out.bits & bit) != 0) in.refuse(Code::BadRequest, "the same channel twice");
    out.bits = static_cast<std::uint8_t>(out.bits | bit);
  }
}

void take(const Input& in, Text& out) { Fields(in).need("en", out.en).may("zh", out.zh).done(); }

void take(const Input& in, Station& out) {
  Fields(in).need("id", out.id).need("name", out.name).done();
}

void take(const Input& in, Category& out) {
  Fields(in).need("id", out.id).need("name", out.name).done();
}

void take(const Input& in, Option& out) {
  Fields(in)
      .need("id", out.id)
      .need("name", out.name)
      .may("price_delta", out.price_delta)
      .may_be_empty("uses", out.uses)
      .done();
}

void take(const Input& in, OptionGroup& out) {
  Fields(in)
      .need("id", out.id)
      .need("name", out.name)
      .may("min", out.min_choices)
      .may("max", out.max_choices)
      .need("options", out.options)
      .done();
}

void take(const Input& in, Sku& out) {
  Fields(in).need("id", out.id).may("name", out.name).need("price", out.price).done();
}

void take(const Input& in, ComboChoice& out) {
  Fields(in).need("sku", out.sku).may("price_delta", out.price_delta).done();
}

void take(const Input& in, ComboPart& out) {
  Fields(in).need("id", out.id).need("name", out.name).need("choices", out.choices).done();
}

void take(const Input& in, Item& out) {
  Fields(in)
      .need("id", out.id)
      .need("category", out.category)
      .need("name", out.name)
      .may("description", out.description)
      .may("image", out.image)
      .may_be_empty("station", out.station)
      .may("channels", out.channels)
      .need("skus", out.skus)
      .may("option_groups", out.option_groups)
      .may("parts", out.parts)
      .done();
}

void take(const Input& in, Menu& out) {
  Fields(in)
      .may("version", out.version)
      .need("currency", out.currency)
      .may("stations", out.stations)
      .need("categories", out.categories)
      .may("option_groups", out.option_groups)
      .need("items", out.items)
      .done();
}

Result<Menu> decode_menu(const Json& json) {
  Verdict verdict(Strictness::Strict);
  Menu menu;
  take(Input(verdict, json), menu);
  if (!verdict.error) return menu;
  // Inside a menu a SKU is named, not looked for.
  const bool bad_sku = verdict.error->code() == Code::UnknownSku;
  return refuse(bad_sku ? Code::BadMenu : verdict.error->code(), verdict.error->message());
}

void write_menu(JsonWriter& out, const Menu& menu) { put(out, menu); }

}  // namespace larder
