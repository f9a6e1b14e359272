// Who is signed in at a till: PINs, signing out, and what the tills are told.
#include <algorithm>
#include <utility>

#include "edge/app/hub.hpp"
#include "lan-protocol/codec.hpp"

namespace larder::edge {

namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

Bytes share(std::string bytes) { return std::make_shared<const std::string>(std::move(bytes)); }

Error wait_for(std::int64_t seconds) {
  return Error(Code::RateLimited,
               "too many wrong PINs at this till; wait " + std::to_string(seconds) + " s");
}

}  // namespace

void Hub::sign_in(SessionKey key, const ClientMessage& message) {
  const Screen& screen = *screens_.find(key);
  if (screen.role != Role::Till) {
    ports_.telemetry.refusal(code_name(Code::Forbidden));
    return send_refusal(key, message.id, Error(Code::Forbidden, "people sign in at a till only"));
  }
  const DeviceId device = screen.device;
  if (Duration wait = sign_ins_.wait(device, ports_.clock.steady()); wait.micros > 0) {
    ports_.telemetry.refusal("pin_wait");
    const std::int64_t seconds = (wait.micros + kMicrosPerSecond - 1) / kMicrosPerSecond;
    screens_.send(key, share(write_refusal(message.id, committed_.epoch, committed_.seq,
                                           wait_for(seconds), wait.micros / 1'000)));
    return;
  }
  if (sign_ins_.begin_check(device)) {
    return send_refusal(key, message.id, Error(Code::Busy, "the PIN before is being checked"));
  }
  const auto person = ledger_.staff.find(message.staff);
  if (person == ledger_.staff.end()) {
    return end_sign_in(key, device, message.id, Staff{}, false);
  }
  ports_.pins.check(person->second.pin_hash, message.pin,
                    [this, key, device, id = message.id, who = person->second](bool is_right) {
                      end_sign_in(key, device, id, who, is_right);
                    });
}

// The answer to a PIN. In the meantime the session may have gone, or the person.
void Hub::end_sign_in(SessionKey key, const DeviceId& device, const std::string& id,
                      const Staff& who, bool is_right) {
  const Duration now = ports_.clock.steady();
  if (!is_right) {
    sign_ins_.wrong(device, now);
    ports_.telemetry.refusal("pin_wrong");
    return send_refusal(key, id, Error(Code::Unauthorized, "the PIN is not right"));
  }
  const auto person = ledger_.staff.find(who.id);
  const bool is_same = person != ledger_.staff.end() && person->second == who;
  const Screen* screen = screens_.find(key);
  if (!is_same || screen == nullptr || screen->closing) {
    sign_ins_.give_up(device);
    return send_refusal(key, id, Error(Code::Unavailable, "the PIN has changed; try again"));
  }
  sign_ins_.right(device, who.id, now);
  tell_staff(device, {});  // before the reply, so that who hears "yes" knows who it is
  when_committed([this, key, id]() {
    screens_.send(key, share(write_reply(id, committed_.epoch, committed_.seq, "{}")));
  });
}

void Hub::sign_out(SessionKey key, const ClientMessage& message) {
  const DeviceId device = screens_.find(key)->device;
  sign_ins_.sign_out(device);
  tell_staff(device, {});
  when_committed([this, key, id = message.id]() {
    screens_.send(key, share(write_reply(id, committed_.epoch, committed_.seq, "{}")));
  });
}

void Hub::sign_out_idle() {
  for (const DeviceId& device : sign_ins_.idle(ports_.clock.steady())) {
    sign_ins_.sign_out(device);
    tell_staff(device, "idle");
  }
}

// Somebody came, changed or went: who was signed in under that name is not any more, and every till
// learns who may sign in.
void Hub::staff_changed(const StaffId& staff) {
  const auto gone = sign_ins_.where(staff);
  for (const DeviceId& device : gone) sign_ins_.sign_out(device);
  for (const auto& [id, device] : ledger_.devices) {
    const bool was_there = std::find(gone.begin(), gone.end(), id) != gone.end();
    if (device.role == Role::Till) tell_staff(id, was_there ? "changed" : "");
  }
}

void Hub::tell_staff(const DeviceId& device, std::string_view reason) {
  const auto person = ledger_.staff.find(sign_ins_.staff_at(device));
  const Staff* signed_in = person != ledger_.staff.end() ? &person->second : nullptr;
  Bytes bytes = share(write_staff_notice(
      StaffNotice{ledger_.staff, signed_in, settings_.staff_idle_seconds, reason}));
  when_committed([this, device, bytes]() {
    for (SessionKey key : screens_.of_device(device, 0)) {
      const Screen* screen = screens_.find(key);
      if (screen != nullptr && screen->role == Role::Till) screens_.send(key, bytes);
    }
  });
}

// Who commands from this screen are by; nobody where people do not sign in.
StaffId Hub::staff_of(const Screen& screen) const {
  const StaffId staff = sign_ins_.staff_at(screen.device);
  return screen.role == Role::Till && ledger_.staff.count(staff) > 0 ? staff : StaffId();
}

}  // namespace larder::edge
