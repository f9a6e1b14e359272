#include "edge/lan/door.hpp"

#include <algorithm>

namespace larder::edge {

std::size_t Door::waiting_at(const std::string& address) const {
  const auto found = waiting_.find(address);
  return found == waiting_.end() ? 0 : found->second;
}

std::size_t Door::waiting_max(bool loopback) const {
  return loopback ? limits_.pre_auth_loopback : limits_.pre_auth_per_address;
}

Door::Admission Door::knock(const std::string& address, bool loopback, SteadyTime now) {
  Admission admission;
  const std::size_t crowd_max = waiting_max(loopback) * limits_.crowd_factor;
  if (waiting_at(address) >= crowd_max) return admission;
  // A house configured smaller than what is reserved keeps half of it for devices.
  const std::size_t reserved = std::min(limits_.reserved_connections, limits_.connections_max / 2);
  const std::size_t strangers_max = limits_.connections_max - reserved;
  while (strangers() >= strangers_max || connections() >= limits_.connections_max) {
    if (!evict_stranger(admission.evicted)) return admission;
  }
  admission.admitted = true;
  admission.id = ++last_;
  guests_.emplace(
      admission.id,
      Guest{.address = address, .loopback = loopback, .standing = Standing::Silent, .since = now});
  ++waiting_[address];
  return admission;
}

void Door::stand(ConnectionId id, Standing standing, SteadyTime now) {
  const auto found = guests_.find(id);
  if (found == guests_.end()) return;
  Guest& guest = found->second;
  const bool waited = is_waiting(guest);
  if (guest.standing == Standing::Known) --known_;
  guest.standing = standing;
  guest.since = now;
  if (standing == Standing::Known) ++known_;
  const bool waits = is_waiting(guest);
  if (waits && !waited) ++waiting_[guest.address];
  if (!waits && waited && --waiting_[guest.address] == 0) waiting_.erase(guest.address);
}

void Door::leave(ConnectionId id) {
  const auto found = guests_.find(id);
  if (found == guests_.end()) return;
  const Guest& guest = found->second;
  if (guest.standing == Standing::Known) --known_;
  if (is_waiting(guest) && --waiting_[guest.address] == 0) waiting_.erase(guest.address);
  guests_.erase(found);
}

bool Door::evict_stranger(std::vector<ConnectionId>& evicted) {
  auto oldest = guests_.end();
  for (auto guest = guests_.begin(); guest != guests_.end(); ++guest) {
    if (guest->second.standing == Standing::Known) continue;
    if (oldest == guests_.end() || guest->second.since < oldest->second.since) oldest = guest;
  }
  if (oldest == guests_.end()) return false;
  const ConnectionId id = oldest->first;
  evicted.push_back(id);
  leave(id);
  return true;
}

std::vector<ConnectionId> Door::overstayed(SteadyTime now) {
  std::vector<ConnectionId> gone;
  for (auto guest = guests_.begin(); guest != guests_.end();) {
    const auto current = guest++;
    const Guest& who = current->second;
    if (!is_waiting(who) || now - who.since < limits_.crowd_grace) continue;
    if (waiting_at(who.address) <= waiting_max(who.loopback)) continue;
    gone.push_back(current->first);
    leave(current->first);
  }
  return gone;
}

}  // namespace larder::edge
