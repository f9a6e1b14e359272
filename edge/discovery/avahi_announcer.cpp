#include "edge/discovery/avahi_announcer.hpp"

#include <avahi-client/client.h>
#include <avahi-client/publish.h>
#include <avahi-common/alternative.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/strlst.h>
#include <avahi-common/thread-watch.h>
#include <avahi-common/timeval.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "edge/discovery/announcement.hpp"

namespace larder::edge {
namespace {

// What is announced over a family is found by those who ask over it.
AvahiProtocol protocol_of(IpFamily family) {
  switch (family) {
    case IpFamily::Four:
      return AVAHI_PROTO_INET;
    case IpFamily::Six:
      return AVAHI_PROTO_INET6;
    case IpFamily::Any:
      break;
  }
  return AVAHI_PROTO_UNSPEC;
}

}  // namespace

// Everything but the constructor, begin() and the destructor runs on the poll's thread, or with the
// poll's lock held. The client is never freed inside its own callback: a timer does it.
class AvahiAnnouncer::Conversation {
 public:
  Conversation(Note note, RetryPace pace) : note_(std::move(note)), pace_(pace) {}

  ~Conversation() {
    if (poll_ == nullptr) return;
    avahi_threaded_poll_stop(poll_);  // from here on there is one thread
    drop_client();
    if (retry_ != nullptr) api()->timeout_free(retry_);
    avahi_threaded_poll_free(poll_);
  }

  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  void announce(const Announcement& announcement) {
    if (poll_ == nullptr) {
      announcement_ = announcement;
      name_ = announcement.instance;
      begin();
      return;
    }
    avahi_threaded_poll_lock(poll_);
    announcement_ = announcement;
    name_ = announcement.instance;
    if (client_ != nullptr && avahi_client_get_state(client_) == AVAHI_CLIENT_S_RUNNING)
      register_service();
    avahi_threaded_poll_unlock(poll_);
  }

  std::string state() const {
    const std::lock_guard lock(state_mutex_);
    return state_;
  }

  std::uint64_t attempts() const { return attempts_; }

 private:
  const AvahiPoll* api() const { return avahi_threaded_poll_get(poll_); }

  void begin() {
    poll_ = avahi_threaded_poll_new();
    if (poll_ == nullptr) return;
    const timeval at_once{};
    retry_ = api()->timeout_new(
        api(), &at_once,
        [](AvahiTimeout*, void* self) { static_cast<Conversation*>(self)->connect(); }, this);
    if (retry_ != nullptr && avahi_threaded_poll_start(poll_) == 0) return;
    set_state("waiting", "no thread for mDNS; the hub is not announced");
  }

  void set_state(const std::string& state, const std::string& why) {
    {
      const std::lock_guard lock(state_mutex_);
      state_ = state;
    }
    if (noted_ == state) return;
    noted_ = state;
    if (note_) note_("mDNS: " + state + (why.empty() ? "" : " (" + why + ")"));
  }

  void drop_client() {
    if (client_ != nullptr) avahi_client_free(client_);  // and its group
    client_ = nullptr;
    group_ = nullptr;
  }

  void connect() {
    api()->timeout_update(retry_, nullptr);
    is_retrying_ = false;
    drop_client();
    ++attempts_;
    int error = 0;
    // The callback runs before avahi_client_new() answers; it keeps the client itself.
    AvahiClient* client = avahi_client_new(
        api(), AVAHI_CLIENT_NO_FAIL,
        [](AvahiClient* from, AvahiClientState state, void* self) {
          static_cast<Conversation*>(self)->on_client(from, state);
        },
        this, &error);
    if (client == nullptr) {
      client_ = nullptr;
      group_ = nullptr;
      retry_later(avahi_strerror(error));
    }
  }

  void retry_later(const std::string& why) {
    set_state("waiting", why);
    if (is_retrying_) return;  // a dying client and its dying group both say so
    is_retrying_ = true;
    wait_ = wait_.micros == 0 ? pace_.first : std::min(Duration{wait_.micros * 2}, pace_.longest);
    timeval when{};
    avahi_elapse_time(&when, static_cast<unsigned>(wait_.micros / 1'000), 0);
    api()->timeout_update(retry_, &when);
  }

  void on_client(AvahiClient* client, AvahiClientState state) {
    client_ = client;
    switch (state) {
      case AVAHI_CLIENT_S_RUNNING:
        register_service();
        break;
      case AVAHI_CLIENT_S_REGISTERING:
      case AVAHI_CLIENT_S_COLLISION:
        // The daemon is settling its host name; our records would point to the old one.
        if (group_ != nullptr) avahi_entry_group_reset(group_);
        set_state("registering", "");
        break;
      case AVAHI_CLIENT_CONNECTING:
        set_state("waiting", "avahi-daemon is not there");
        break;
      case AVAHI_CLIENT_FAILURE:
        retry_later(avahi_strerror(avahi_client_errno(client)));
        break;
    }
  }

  void on_group(AvahiEntryGroup* group, AvahiEntryGroupState state) {
    group_ = group;
    switch (state) {
      case AVAHI_ENTRY_GROUP_ESTABLISHED:
        wait_ = Duration{};
        set_state("announced as " + name_, "");
        break;
      case AVAHI_ENTRY_GROUP_COLLISION:
        take_another_name();
        register_service();
        break;
      case AVAHI_ENTRY_GROUP_FAILURE:
        retry_later(avahi_strerror(avahi_client_errno(client_)));
        break;
      case AVAHI_ENTRY_GROUP_UNCOMMITED:
      case AVAHI_ENTRY_GROUP_REGISTERING:
        break;
    }
  }

  void take_another_name() {
    char* other = avahi_alternative_service_name(name_.c_str());
    name_ = other;
    avahi_free(other);
  }

  void register_service() {
    if (is_retrying_) return;
    set_state("registering", "");
    if (group_ == nullptr) {
      group_ = avahi_entry_group_new(
          client_,
          [](AvahiEntryGroup* from, AvahiEntryGroupState state, void* self) {
            static_cast<Conversation*>(self)->on_group(from, state);
          },
          this);
    } else {
      avahi_entry_group_reset(group_);
    }
    int error = group_ == nullptr ? avahi_client_errno(client_) : add_records();
    // Another program on this machine holds the name; a second hub of the same store, say.
    for (int tries = 0; error == AVAHI_ERR_COLLISION && tries < 20; ++tries) {
      take_another_name();
      avahi_entry_group_reset(group_);
      error = add_records();
    }
    if (error == 0) error = avahi_entry_group_commit(group_);
    if (error != 0) retry_later(avahi_strerror(error));
  }

  int add_records() {
    // Avahi puts each pair in front of the list and writes the list to the wire from its end.
    AvahiStringList* txt = nullptr;
    for (const auto& [key, value] : announcement_.txt) {
      txt = avahi_string_list_add_pair(txt, key.c_str(), value.c_str());
    }
    const AvahiProtocol protocol = protocol_of(announcement_.family);
    int error = avahi_entry_group_add_service_strlst(
        group_, AVAHI_IF_UNSPEC, protocol, AvahiPublishFlags{}, name_.c_str(), kServiceType,
        nullptr, nullptr, announcement_.port, txt);
    avahi_string_list_free(txt);
    if (error != 0) return error;
    return avahi_entry_group_add_service_subtype(group_, AVAHI_IF_UNSPEC, protocol,
                                                 AvahiPublishFlags{}, name_.c_str(), kServiceType,
                                                 nullptr, kHubSubtype);
  }

  Note note_;
  RetryPace pace_;
  AvahiThreadedPoll* poll_ = nullptr;
  AvahiTimeout* retry_ = nullptr;
  AvahiClient* client_ = nullptr;
  AvahiEntryGroup* group_ = nullptr;
  Announcement announcement_;
  std::string name_;  // announcement_.instance, or another after a collision
  Duration wait_;     // the last one; zero after a success
  bool is_retrying_ = false;
  std::string noted_;  // the last state that note_ was told of
  std::atomic<std::uint64_t> attempts_ = 0;
  mutable std::mutex state_mutex_;
  std::string state_ = "waiting";
};

AvahiAnnouncer::AvahiAnnouncer(Note note, RetryPace pace)
    : conversation_(std::make_unique<Conversation>(std::move(note), pace)) {}

AvahiAnnouncer::~AvahiAnnouncer() = default;

void AvahiAnnouncer::announce(const Announcement& announcement) {
  conversation_->announce(announcement);
}

std::string AvahiAnnouncer::state() const { return conversation_->state(); }

std::uint64_t AvahiAnnouncer::attempts() const { return conversation_->attempts(); }

}  // namespace larder::edge
