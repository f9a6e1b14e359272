// cloud-load: what the cloud's claims need to speak MQTT. ADDRESS is host:port of a broker.
//   ingest ADDRESS EVENTS STORES   so many scripted stores send the events of a file (lines of
//                                  epoch, seq, hash, data by tabs) as hubs do; until all is acked
//   publish ADDRESS TOPIC BYTES N  N messages of so many bytes, QoS 1
//   sink ADDRESS TOPIC N           the subscriber that does nothing: until it has seen N
//   watch ADDRESS [STORE]          listens to hubs and relay until its input ends; how long after
//                                  its own time each event was acknowledged by the relay
// The last line of the output is JSON.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "lan-protocol/envelope.hpp"
#include "lan-protocol/uplink.hpp"
#include "tools/prove/paho_line.hpp"

namespace larder::prove {
namespace {

using Instant = std::chrono::steady_clock::time_point;
constexpr std::size_t kBatch = 200;
constexpr auto kStuckAfter = std::chrono::seconds(5);
constexpr auto kGiveUpAfter = std::chrono::seconds(120);

double seconds_since(Instant then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

Sha256 digest_of(const std::string& hex_text) {
  Sha256 digest{};
  for (std::size_t i = 0; i < digest.size() && 2 * i + 1 < hex_text.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(std::stoi(hex_text.substr(2 * i, 2), nullptr, 16));
  }
  return digest;
}

// A store's events as batches, encoded once: all scripted stores tell the same story.
struct Story {
  std::vector<std::string> batches;
  std::size_t events = 0, bytes = 0;
  Epoch epoch = 0;
  Sha256 head{};
};

Story read_story(const std::string& file) {
  Story story;
  Envelope batch;
  std::ifstream in(file);
  const auto flush = [&] {
    if (batch.records.empty()) return;
    batch.epoch = story.epoch;
    batch.head = story.head;
    batch.first = story.events - batch.records.size() + 1;
    batch.is_catch_up = false;
    const auto bytes = encode_envelope(batch);
    if (!bytes) throw std::runtime_error(bytes.error().message());
    story.batches.push_back(*bytes);
    batch.records.clear();
  };
  for (std::string line; std::getline(in, line);) {
    const auto one = line.find('\t'), two = line.find('\t', one + 1),
               three = line.find('\t', two + 1);
    const std::string data = line.substr(three + 1);
    const auto front = event_front(data);
    if (!front) throw std::runtime_error(front.error().message());
    story.epoch = static_cast<Epoch>(std::stoul(line.substr(0, one)));
    story.head = digest_of(line.substr(two + 1, three - two - 1));
    batch.records.push_back(Record{event_number(front->event), front->at, data});
    story.bytes += data.size();
    ++story.events;
    if (batch.records.size() == kBatch) flush();
  }
  flush();
  return story;
}

class ScriptedStores {
 public:
  ScriptedStores(const std::string& address, const Story& story, std::size_t count)
      : story_(story),
        line_(address, "scripted-stores",
              [this](const std::string& topic, const std::string& payload) {
                acknowledged(topic, payload);
              }) {
    for (std::size_t i = 0; i < count; ++i) {
      stores_[StoreId("load-" + std::to_string(i))];
    }
  }

  // Seconds from the first batch to the last acknowledgement.
  double run() {
    line_.connect();
    line_.subscribe("larder/v1/+/+/dn/ack", 0);
    const Instant began = std::chrono::steady_clock::now();
    for (auto& [store, at] : stores_) say_hello(store, at);
    while (!is_finished()) {
      bool has_sent = false;
      for (auto& [store, at] : stores_) has_sent = send_one(store, at) || has_sent;
      if (!has_sent) wait();
      if (seconds_since(moved_) > std::chrono::duration<double>(kGiveUpAfter).count()) {
        throw std::runtime_error("nothing was acknowledged for too long: " + why_);
      }
    }
    return seconds_since(began);
  }

 private:
  struct Stream {
    Seq acked = 0;
    std::size_t next = 0;  // batch
    std::size_t credit = 0;
    bool is_asking = true;
    Instant moved;
  };

  void say_hello(const StoreId& store, Stream& at) {
    Hello hello;
    hello.store = store;
    hello.hub = HubId("hub-of-" + store.text());
    hello.boot = "load";
    hello.epoch = story_.epoch;
    hello.last = story_.events;
    hello.head = story_.head;
    hello.version = "load";
    {
      const std::lock_guard lock(mutex_);
      hello.first_unacked = at.acked + 1;
      at.is_asking = true;
      at.moved = std::chrono::steady_clock::now();
    }
    line_.publish(topic_of(store, UplinkTopic::Hello), encode(hello), 1);
  }

  bool send_one(const StoreId& store, Stream& at) {
    std::size_t batch = 0;
    bool is_stuck = false;
    {
      const std::lock_guard lock(mutex_);
      if (at.acked >= story_.events) return false;
      const auto still = std::chrono::steady_clock::now() - at.moved;
      is_stuck =
          still > kStuckAfter || (at.credit == 0 && !at.is_asking && still > kStuckAfter / 5);
      const std::size_t open = at.next - std::min(at.next, at.acked / kBatch);
      if (!is_stuck && (at.is_asking || at.next >= story_.batches.size() || open >= at.credit)) {
        return false;
      }
      batch = at.next;
      if (!is_stuck) ++at.next;
    }
    if (is_stuck) {
      say_hello(store, at);
    } else {
      line_.publish(topic_of(store, UplinkTopic::Events), story_.batches[batch], 1);
    }
    return true;
  }

  void acknowledged(const std::string& topic, const std::string& payload) {
    const auto place = read_topic(topic);
    const auto ack = decode_ack(payload);
    if (!place || !ack) return;
    const std::lock_guard lock(mutex_);
    const auto found = stores_.find(place->store);
    if (found == stores_.end()) return;
    Stream& at = found->second;
    if (ack->state != Ack::State::Ok) why_ = ack->reason;
    if (at.is_asking) at.next = static_cast<std::size_t>(ack->up_to / kBatch);
    at.is_asking = false;
    at.credit = ack->credit;
    if (ack->up_to > at.acked) {
      at.acked = ack->up_to;
      at.moved = moved_ = std::chrono::steady_clock::now();
    }
    changed_.notify_one();
  }

  bool is_finished() {
    const std::lock_guard lock(mutex_);
    return std::all_of(stores_.begin(), stores_.end(),
                       [&](const auto& one) { return one.second.acked >= story_.events; });
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(20));
  }

  const Story& story_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<StoreId, Stream> stores_;
  Instant moved_ = std::chrono::steady_clock::now();
  std::string why_ = "no answer";
  PahoLine line_;
};

int ingest(const std::string& address, const std::string& file, std::size_t stores) {
  const Story story = read_story(file);
  std::size_t sent_bytes = 0;
  for (const auto& batch : story.batches) sent_bytes += batch.size();
  const double took = ScriptedStores(address, story, stores).run();
  const auto events = static_cast<double>(story.events * stores);
  std::printf(
      "{\"events\":%.0f,\"seconds\":%.3f,\"per_second\":%.0f,\"bytes_per_event\":%zu,"
      "\"bytes_per_event_sent\":%zu}\n",
      events, took, events / took, story.bytes / story.events, sent_bytes / story.events);
  return 0;
}

int publish(const std::string& address, const std::string& topic, std::size_t bytes,
            std::size_t count) {
  PahoLine line(address, "load-publisher", {});
  line.connect();
  const std::string payload(bytes, 'x');
  const Instant began = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < count; ++i) line.publish(topic, payload, 1);
  line.settle();
  const double took = seconds_since(began);
  std::printf("{\"messages\":%zu,\"seconds\":%.3f,\"per_second\":%.0f}\n", count, took,
              static_cast<double>(count) / took);
  return 0;
}

int sink(const std::string& address, const std::string& topic, std::size_t count) {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t seen = 0;
  Instant first, last;
  PahoLine line(address, "load-sink", [&](const std::string&, const std::string&) {
    const std::lock_guard lock(mutex);
    last = std::chrono::steady_clock::now();
    if (seen++ == 0) first = last;
    if (seen == count) changed.notify_one();
  });
  line.connect();
  line.subscribe(topic, 1);
  std::printf("ready\n");
  std::fflush(stdout);
  std::unique_lock lock(mutex);
  const bool all = changed.wait_for(lock, kGiveUpAfter, [&] { return seen >= count; });
  const double took = std::chrono::duration<double>(last - first).count();
  std::printf("{\"messages\":%zu,\"seconds\":%.3f,\"per_second\":%.0f}\n", seen, took,
              static_cast<double>(seen) / took);
  return all ? 0 : 1;
}

// The hub's own time of each event against the moment the relay's acknowledgement of it is seen
// here: more than the time to the relay's commit, never less.
class Watcher {
 public:
  void arrived(const std::string& topic, const std::string& payload) {
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    const auto place = read_topic(topic);
    if (!place) return;
    if (place->topic == UplinkTopic::Events) {
      const auto batch = decode_envelope(payload, EnvelopeKind::Up);
      if (!batch) return;
      const std::lock_guard lock(mutex_);
      if (first_ == 0) first_ = now;
      for (std::size_t i = 0; i < batch->records.size(); ++i) {
        waiting_[place->store].emplace(batch->first + i, batch->records[i].at.micros);
      }
    } else if (place->topic == UplinkTopic::Ack) {
      const auto ack = decode_ack(payload);
      if (!ack) return;
      const std::lock_guard lock(mutex_);
      auto& waiting = waiting_[place->store];
      while (!waiting.empty() && waiting.begin()->first <= ack->up_to) {
        lags_.push_back(static_cast<double>(now - waiting.begin()->second) / 1'000.0);
        waiting.erase(waiting.begin());
        last_ = now;
      }
    }
  }
  void print() {
    const std::lock_guard lock(mutex_);
    std::sort(lags_.begin(), lags_.end());
    const auto at = [this](double share) {
      if (lags_.empty()) return 0.0;
      return lags_[static_cast<std::size_t>(share * static_cast<double>(lags_.size() - 1))];
    };
    std::printf(
        "{\"events\":%zu,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f,\"span_s\":%.3f}\n",
        lags_.size(), at(0.50), at(0.99), at(1), static_cast<double>(last_ - first_) / 1e6);
  }

 private:
  std::mutex mutex_;
  std::map<StoreId, std::map<Seq, std::int64_t>> waiting_;
  std::vector<double> lags_;
  std::int64_t first_ = 0, last_ = 0;  // first batch seen, last acknowledgement seen
};

int watch(const std::string& address, const std::string& store) {
  Watcher watcher;
  {
    PahoLine line(address, "load-watcher-" + store,
                  [&](const std::string& topic, const std::string& payload) {
                    watcher.arrived(topic, payload);
                  });
    line.connect();
    line.subscribe("larder/v1/+/" + store + "/up/ev", 1);
    line.subscribe("larder/v1/+/" + store + "/dn/ack", 0);
    std::printf("ready\n");
    std::fflush(stdout);
    for (std::string rest; std::getline(std::cin, rest);) continue;
  }
  watcher.print();
  return 0;
}

int run(const std::vector<std::string>& words) {
  const auto number = [&](std::size_t i) { return static_cast<std::size_t>(std::stoul(words[i])); };
  const std::string verb = words.empty() ? "" : words[0];
  if (verb == "ingest" && words.size() == 4) return ingest(words[1], words[2], number(3));
  if (verb == "publish" && words.size() == 5) {
    return publish(words[1], words[2], number(3), number(4));
  }
  if (verb == "sink" && words.size() == 4) return sink(words[1], words[2], number(3));
  if (verb == "watch" && words.size() == 2) return watch(words[1], "+");
  if (verb == "watch" && words.size() == 3) return watch(words[1], words[2]);
  std::fputs("cloud-load ingest|publish|sink|watch ADDRESS ...\n", stderr);
  return 64;
}

}  // namespace
}  // namespace larder::prove

int main(int count, char** values) {
  try {
    return larder::prove::run(std::vector<std::string>(values + 1, values + count));
  } catch (const std::exception& broken) {
    std::fprintf(stderr, "cloud-load: %s\n", broken.what());
    return 1;
  }
}
