#include <algorithm>

#include "core/base/text.hpp"
#include "core/ledger/deciders.hpp"

namespace larder {
namespace {

constexpr std::size_t kNameCharactersMax = 64;
constexpr std::size_t kSha256HexDigits = 64;

bool is_sha256_hex(const std::string& text) {
  return text.size() == kSha256HexDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool is_name(const std::string& text) {
  const std::size_t characters = count_characters(text);
  return characters >= 1 && characters <= kNameCharactersMax && is_plain_text(text);
}

Result<void> check_device(const AddDevice& command) {
  if (!is_id(command.device.text()) ||
      (!command.station.empty() && !is_id(command.station.text()))) {
    return refuse(Code::BadRequest, "An id is 1 to 64 of the characters A-Z a-z 0-9 . _ : / -");
  }
  if (!is_name(command.name)) {
    return refuse(Code::BadRequest, "A device's name has 1 to 64 characters and no control bytes");
  }
  if (!is_sha256_hex(command.token_sha256)) {
    return refuse(Code::BadRequest, "token_sha256 is 64 lower-case hex digits");
  }
  return {};
}

}  // namespace

Result<Outcome> decide_on(Draft& draft, const ImportMenu& command) {
  const Ledger& ledger = draft.ledger();
  MenuImported imported{command.menu};
  imported.menu.version = ledger.catalog.menu().version + 1;
  const Result<Catalog> catalog = Catalog::build(imported.menu);
  if (!catalog) return pass_on(catalog);
  const bool same_currency = imported.menu.currency == ledger.catalog.menu().currency;
  if (ledger.open_orders > 0 && !same_currency) {
    return refuse(Code::BadMoney, "The currency cannot change while orders are open");
  }
  Outcome outcome;
  outcome.menu_version = imported.menu.version;
  draft.add(std::move(imported));
  return outcome;
}

Result<Outcome> decide_on(Draft& draft, const AddDevice& command) {
  if (Result<void> shape = check_device(command); !shape) return pass_on(shape);
  const std::map<DeviceId, Device>& devices = draft.ledger().devices;
  for (const auto& [id, device] : devices) {
    const bool is_taken =
        id != command.device && !device.revoked && device.token_sha256 == command.token_sha256;
    if (is_taken) return refuse(Code::BadRequest, "Another device has this token; mint a new one");
  }
  if (devices.size() >= kDevicesMax && devices.count(command.device) == 0) {
    return refuse(Code::Overloaded, "The hub knows 500 devices; reuse the id of a revoked one");
  }
  draft.add(DeviceAdded{Device{command.device, command.name, command.role, command.station,
                               command.token_sha256, false, draft.at()}});
  return Outcome{};
}

Result<Outcome> decide_on(Draft& draft, const RevokeDevice& command) {
  const auto found = draft.ledger().devices.find(command.device);
  if (found == draft.ledger().devices.end()) return refuse(Code::NotFound, "No such device");
  if (!found->second.revoked) draft.add(DeviceRevoked{command.device});
  return Outcome{};
}

Result<Outcome> decide_on(Draft& draft, const AddStaff& command) {
  if (!is_id(command.staff.text())) {
    return refuse(Code::BadRequest, "An id is 1 to 64 of the characters A-Z a-z 0-9 . _ : / -");
  }
  if (!is_name(command.name)) {
    return refuse(Code::BadRequest, "A name has 1 to 64 characters and no control bytes");
  }
  if (!is_pin_hash(command.pin_hash)) {
    return refuse(Code::BadRequest, "pin_hash is argon2id with m=19456,t=2,p=1; use larderctl");
  }
  const std::map<StaffId, Staff>& staff = draft.ledger().staff;
  if (staff.size() >= kStaffMax && staff.count(command.staff) == 0) {
    return refuse(Code::Overloaded, "The hub knows 200 people; remove somebody first");
  }
  draft.add(StaffAdded{
      Staff{command.staff, command.name, command.pin_hash, command.permissions, draft.at()}});
  return Outcome{};
}

Result<Outcome> decide_on(Draft& draft, const RemoveStaff& command) {
  if (draft.ledger().staff.count(command.staff) == 0) {
    return refuse(Code::NotFound, "Nobody with this id works here");
  }
  draft.add(StaffRemoved{command.staff});
  return Outcome{};
}

Result<Outcome> decide_on(Draft& draft, const BeginEpoch& command) {
  if (Result<void> may = check_permission(draft, Permission::Close); !may) return pass_on(may);
  bool masked = false;
  draft.add_without_day(
      EpochBegun{draft.ledger().epoch + 1, clean_note(command.reason, masked), command.unverified});
  return Outcome{};
}

}  // namespace larder
