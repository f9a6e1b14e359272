#include <ostream>

#include "lan-protocol/codec.hpp"
#include "tools/client/fields.hpp"
#include "tools/client/http.hpp"
#include "tools/larderctl/commands.hpp"
#include "tools/larderctl/menu_file.hpp"

namespace larder::ctl {
namespace {

constexpr auto kMenuWithin = std::chrono::seconds(60);

Result<Menu> read_checked(const MenuImport& what, const Output& output) {
  const Result<std::string> text = read_file(what.file);
  if (!text) return pass_on(text);
  if (text->size() > kMenuBytesMax)
    return refuse(Code::TooLarge, what.file + " is larger than 4 MiB");
  ReadMenu read = read_menu(*text, what.currency);
  if (read.problems.empty()) return std::move(read.menu);
  output.problems << list_problems(what.file, read.problems);
  const std::size_t count = read.problems.size();
  return refuse(Code::BadMenu, what.file + " has " + std::to_string(count) +
                                   (count == 1 ? " mistake" : " mistakes") +
                                   "; nothing was imported");
}

void say_counts(const Menu& menu, const std::string& verb, const Output& output) {
  std::size_t skus = 0;
  for (const Item& item : menu.items) skus += item.skus.size();
  output.out << verb << " " << menu.items.size() << " items with " << skus << " SKUs, "
             << menu.option_groups.size() << " option groups, " << menu.stations.size()
             << " stations\n";
}

}  // namespace

Result<void> check_menu_file(const MenuImport& what, const Output& output) {
  const Result<Menu> menu = read_checked(what, output);
  if (!menu) return pass_on(menu);
  if (output.json)
    output.out << "{\"ok\":true,\"items\":" << menu->items.size() << "}\n";
  else
    say_counts(*menu, what.file + " is good:", output);
  return {};
}

Result<void> import_menu(const Access& access, const MenuImport& what, const Output& output) {
  const Result<Menu> menu = read_checked(what, output);
  if (!menu) return pass_on(menu);
  client::HttpRequest request;
  request.host = access.hub.host;
  request.port = access.hub.port;
  request.method = "POST";
  request.target = "/v1/menu";
  request.headers = {{"Authorization", "Bearer " + access.token},
                     {"Idempotency-Key", what.id.empty() ? client::new_command_id() : what.id},
                     {"Content-Type", "application/json"}};
  request.body = menu_to_json(*menu);
  request.within = kMenuWithin;
  const Result<client::HttpResponse> response = client::ask_http(request);
  if (!response) return pass_on(response);
  const Result<Json> reply = parse_json(response->body, client::kHubJson);
  if (!reply)
    return refuse(Code::Unavailable,
                  "the hub answered HTTP " + std::to_string(response->status) + " without JSON");
  if (!client::flag_of(*reply, "ok")) {
    const Json* error = reply->find("error");
    const Json& said = error == nullptr ? *reply : *error;
    return refuse(code_of(client::text_of(said, "code")), client::text_of(said, "message"));
  }
  const Json* result = reply->find("result");
  if (output.json) {
    output.out << (result == nullptr ? "{}" : client::to_text(*result)) << "\n";
    return {};
  }
  const std::int64_t version = result == nullptr ? 0 : client::number_of(*result, "menu_version");
  say_counts(*menu, "menu " + std::to_string(version) + ":", output);
  return {};
}

Result<void> export_menu(const Access& access, bool csv, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  const Result<client::Reply> reply = (*connection)->query("menu.export", "{}");
  if (!reply) return pass_on(reply);
  const Json* json = reply->result.find("menu");
  if (json == nullptr) return refuse(Code::Unavailable, "the hub's answer holds no menu");
  if (!csv) {
    output.out << client::to_text(*json) << "\n";
    return {};
  }
  const Result<Menu> menu = decode_menu(*json);
  if (!menu) return pass_on(menu);
  output.out << menu_to_csv(*menu);
  return {};
}

}  // namespace larder::ctl
