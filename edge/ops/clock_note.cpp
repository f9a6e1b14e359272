#include "edge/ops/clock_note.hpp"

#include <fstream>
#include <system_error>
#include <utility>

#include "platform/process/log.hpp"

namespace larder::edge {

std::string this_boot() {
  std::ifstream in("/proc/sys/kernel/random/boot_id");
  std::string boot;
  in >> boot;
  return boot;
}

ClockNote::ClockNote(std::filesystem::path file, std::string boot)
    : file_(std::move(file)), boot_(std::move(boot)) {}

std::optional<DoubtedJump> ClockNote::read() const {
  std::ifstream in(file_);
  std::string boot;
  DoubtedJump jump;
  if (!(in >> boot >> jump.since.micros >> jump.at.micros)) return std::nullopt;
  if (boot.empty() || boot != boot_) return std::nullopt;
  return jump;
}

void ClockNote::follow(const std::optional<DoubtedJump>& jump) {
  if (boot_.empty() || (is_followed_ && jump == noted_)) return;
  is_followed_ = true;
  noted_ = jump;
  if (jump) return write(*jump);
  std::error_code none;
  std::filesystem::remove(file_, none);
}

// Not synced: it has to outlive the process, not the machine.
void ClockNote::write(const DoubtedJump& jump) const {
  const std::filesystem::path part = file_.string() + ".tmp";
  std::ofstream out(part, std::ios::trunc);
  out << boot_ << ' ' << jump.since.micros << ' ' << jump.at.micros << '\n';
  out.close();
  std::error_code failed;
  if (out) std::filesystem::rename(part, file_, failed);
  if (!out || failed) {
    log_warn("clock", "the doubt about the machine's clock cannot be noted in " + file_.string() +
                          ": a restart will believe the clock");
  }
}

}  // namespace larder::edge
