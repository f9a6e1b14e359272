#include <ostream>

#include "lan-protocol/digest.hpp"
#include "tools/client/fields.hpp"
#include "tools/client/secrets.hpp"
#include "tools/larderctl/commands.hpp"
#include "tools/larderctl/table.hpp"

namespace larder::ctl {
namespace {

using client::text_of;

std::string screen_of(const std::string& role) {
  return role == "kiosk" || role == "kds" || role == "till" ? "/" + role + "/" : "";
}

}  // namespace

Result<void> list_devices(const Access& access, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  const Result<client::Reply> reply = (*connection)->query("device.list", "{}");
  if (!reply) return pass_on(reply);
  if (output.json) {
    output.out << client::to_text(reply->result) << "\n";
    return {};
  }
  Table table({"DEVICE", "ROLE", "STATION", "STATE", "ADDED", "NAME"});
  for (const Json& device : client::list_of(reply->result, "devices"))
    table.add({text_of(device, "device"), text_of(device, "role"), text_of(device, "station"),
               client::flag_of(device, "revoked") ? "revoked" : "active",
               show_time(client::number_of(device, "added_at")), text_of(device, "name")});
  output.out << table.text();
  return {};
}

Result<void> add_device(const Access& access, const NewDevice& device, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  const std::string token = client::new_token();
  JsonWriter args;
  args.begin_object().member("device", device.id).member("name", device.name);
  args.member("role", device.role);
  if (!device.station.empty()) args.member("station", device.station);
  args.member("token_sha256", hex(sha256(token))).end_object();
  const Result<client::Reply> reply = (*connection)->command("device.add", args.text());
  if (!reply) return pass_on(reply);
  const std::string path = screen_of(device.role);
  const std::string url =
      path.empty() ? "" : "http://" + access.hub.text() + path + "#token=" + token;
  if (output.json) {
    JsonWriter out;
    out.begin_object().member("device", device.id).member("role", device.role);
    out.member("token", token).member("url", url).end_object();
    output.out << out.text() << "\n";
    return {};
  }
  output.out << "device " << device.id << " (" << device.role
             << ") may connect. Its token is shown this once; the hub keeps only its SHA-256:\n  "
             << token << "\n";
  if (!url.empty()) output.out << "Its screen:\n  " << url << "\n";
  return {};
}

Result<void> revoke_device(const Access& access, const std::string& device, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  JsonWriter args;
  args.begin_object().member("device", device).end_object();
  const Result<client::Reply> reply = (*connection)->command("device.revoke", args.text());
  if (!reply) return pass_on(reply);
  if (output.json)
    output.out << client::to_text(reply->result) << "\n";
  else
    output.out << "device " << device << " is revoked; its connections are closed\n";
  return {};
}

}  // namespace larder::ctl
