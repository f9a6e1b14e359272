// SignIns: who is signed in at which till, and how often a wrong PIN was typed there. Life: with
// the Hub, on the network thread; a restart of the hub signs everybody out. A device that connects
// again keeps its person, as long as the time for doing nothing has not run out.
// Limits: one entry per device that ever tried.
#pragma once

#include <map>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace larder::edge {

class SignIns {
 public:
  explicit SignIns(Duration idle) : idle_(idle) {}

  // Empty: nobody.
  StaffId staff_at(const DeviceId& device) const;
  // How long this device must wait before its next try; zero: it may try now.
  Duration wait(const DeviceId& device, Duration now) const;
  // True when a check for this device is under way already; else it is from now on.
  bool begin_check(const DeviceId& device);

  void right(const DeviceId& device, const StaffId& staff, Duration now);
  // Wrong PINs of a device: the first few are free, then each doubles the wait.
  void wrong(const DeviceId& device, Duration now);
  // The check ended without an answer that counts.
  void give_up(const DeviceId& device);
  void sign_out(const DeviceId& device);
  // Somebody did something there.
  void touch(const DeviceId& device, Duration now);

  // Where nothing was done for too long, and where one person is signed in.
  std::vector<DeviceId> idle(Duration now) const;
  std::vector<DeviceId> where(const StaffId& staff) const;

 private:
  struct Seat {
    StaffId staff;
    Duration active;
    int wrong = 0;
    Duration may_try_at;
    bool is_checking = false;
  };

  Duration idle_;
  std::map<DeviceId, Seat> seats_;
};

}  // namespace larder::edge
