// Metrics: what the hub counts, for GET /metrics (Prometheus text 0.0.4). Lives from main() to
// shutdown; every function may be called on any thread. Limits: a label value that is not a plain
// word of at most 40 bytes, or one more than kLabelValuesMax of its kind, is counted as "other", so
// that nobody outside can make the hub grow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace larder::edge {

inline constexpr std::size_t kLabelValuesMax = 64;

class Metrics {
 public:
  // Commands are counted under these verbs; any other is "other".
  explicit Metrics(const std::vector<std::string>& verbs);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // larder_commands_total{verb,code}: one answered command; code is "ok" or a code's wire name.
  void count_command(std::string_view verb, std::string_view code);
  // larder_commit_seconds, larder_group_commands, larder_events_total: one group made durable.
  void observe_commit(Duration took, std::size_t commands, std::size_t events);
  // larder_refusals_total{reason}: refused before the hub saw it, for example "http_431".
  void count_refusal(std::string_view reason);
  // larder_screen_cuts_total: a screen that did not read was cut.
  void count_screen_cut();

  // larder_card_numbers_masked_total: a text of an order held what looks like a card number.
  void count_masked();

  // larder_sessions{role}; "none" before authentication.
  void set_sessions(std::string_view role, std::size_t count);
  void set_seq(Epoch epoch, Seq seq);       // larder_epoch, larder_seq
  void set_open_orders(std::size_t count);  // larder_open_orders
  void set_in_flight(std::size_t count);    // larder_in_flight_commands
  void set_storage_full(bool is_full);      // larder_storage_full
  void set_losses(std::size_t epochs);      // larder_epochs_with_lost_events
  void set_disk_used(int percent);          // larder_disk_used_percent
  void set_mdns_up(bool is_up);             // larder_mdns_up
  void set_low_stock(std::size_t low, std::size_t critical);
  void set_clock(bool is_behind, bool is_ahead);  // larder_clock_behind, larder_clock_ahead
  void set_uptime(Duration uptime);               // larder_uptime_seconds
  // larder_uplink_up, larder_uplink_lost{link} ("internet" or "relay"),
  // larder_uplink_behind_events, larder_uplink_oldest_unsent_seconds,
  // larder_uplink_needs_a_person. Not there while the hub has no uplink.
  struct Uplink {
    std::string_view lost;  // empty: all is well
    Seq behind = 0;
    Duration oldest;
    bool needs_a_person = false;
  };
  void set_uplink(const Uplink& uplink);

  // Also reads larder_resident_bytes from the kernel.
  std::string expose();

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

// The resident memory of this process; 0 when the kernel does not say.
std::size_t resident_bytes();

}  // namespace larder::edge
