#include "edge/app/sign_ins.hpp"

#include <algorithm>
#include <utility>

#include "core/base/limits.hpp"

namespace larder::edge {

StaffId SignIns::staff_at(const DeviceId& device) const {
  const auto seat = seats_.find(device);
  return seat == seats_.end() ? StaffId() : seat->second.staff;
}

Duration SignIns::wait(const DeviceId& device, Duration now) const {
  const auto seat = seats_.find(device);
  if (seat == seats_.end() || seat->second.may_try_at <= now) return Duration{};
  return seat->second.may_try_at - now;
}

bool SignIns::begin_check(const DeviceId& device) {
  return std::exchange(seats_[device].is_checking, true);
}

void SignIns::right(const DeviceId& device, const StaffId& staff, Duration now) {
  Seat& seat = seats_[device];
  seat = Seat{};
  seat.staff = staff;
  seat.active = now;
}

void SignIns::wrong(const DeviceId& device, Duration now) {
  Seat& seat = seats_[device];
  seat.is_checking = false;
  ++seat.wrong;
  if (seat.wrong < kPinTriesFree) return;
  const int doublings = std::min(seat.wrong - kPinTriesFree, 16);
  const std::int64_t seconds = std::int64_t{kPinWaitSecondsMin} << doublings;
  const Duration wait = Duration::seconds(std::min<std::int64_t>(seconds, kPinWaitSecondsMax));
  seat.may_try_at = Duration{now.micros + wait.micros};
}

void SignIns::give_up(const DeviceId& device) { seats_[device].is_checking = false; }

void SignIns::sign_out(const DeviceId& device) {
  const auto seat = seats_.find(device);
  if (seat != seats_.end()) seat->second.staff = StaffId();
}

void SignIns::touch(const DeviceId& device, Duration now) {
  const auto seat = seats_.find(device);
  if (seat != seats_.end()) seat->second.active = now;
}

std::vector<DeviceId> SignIns::idle(Duration now) const {
  std::vector<DeviceId> devices;
  for (const auto& [device, seat] : seats_) {
    if (!seat.staff.empty() && now - seat.active >= idle_) devices.push_back(device);
  }
  return devices;
}

std::vector<DeviceId> SignIns::where(const StaffId& staff) const {
  std::vector<DeviceId> devices;
  for (const auto& [device, seat] : seats_) {
    if (seat.staff == staff) devices.push_back(device);
  }
  return devices;
}

}  // namespace larder::edge
