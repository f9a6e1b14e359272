// A program that only announces: what the discovery test runs where no hub is wanted.
// usage: announce_hub NAME STORE HUB PORT; ends on SIGTERM, prints each change of state.
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "edge/discovery/announcement.hpp"
#include "edge/discovery/avahi_announcer.hpp"

int main(int count, char** words) {
  if (count != 5) {
    std::fputs("usage: announce_hub NAME STORE HUB PORT\n", stderr);
    return 64;
  }
  // Blocked before the announcer's thread begins, so that only sigwait() takes them.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  sigprocmask(SIG_BLOCK, &ends, nullptr);

  larder::edge::AvahiAnnouncer announcer([](std::string_view sentence) {
    std::printf("%.*s\n", static_cast<int>(sentence.size()), sentence.data());
    std::fflush(stdout);
  });
  const auto port = static_cast<std::uint16_t>(std::strtoul(words[4], nullptr, 10));
  announcer.announce(larder::edge::hub_announcement(words[1], larder::StoreId(words[2]),
                                                    larder::HubId(words[3]), port));
  int received = 0;
  sigwait(&ends, &received);
  return 0;
}
