// The pipeline of the Hub: the open batch, the group on its way to the disk, and what is released
// when it is there.
#include <utility>

#include "core/ledger/snapshot.hpp"
#include "edge/app/hub.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::edge {

namespace {
constexpr std::size_t kBusyBatches =
    2;  // a snapshot waits for a quieter moment while more are queued
}

Batch& Hub::open_batch() {
  bool front_is_sealed = committing_ && batches_.size() == 1;
  if (batches_.empty() || front_is_sealed || batches_.back().commands >= kBatchCommandsMax) {
    batches_.emplace_back();
  }
  return batches_.back();
}

void Hub::when_committed(std::function<void()> release) {
  if (batches_.empty()) {
    release();
    return;
  }
  open_batch().releases.push_back(std::move(release));
  pump();
}

void Hub::pump() {
  while (!committing_ && !batches_.empty() && !failed_) {
    if (batches_.front().needs_disk()) {
      commit_front();
      return;
    }
    Batch batch = std::move(batches_.front());
    batches_.pop_front();
    release(batch);
  }
  if (drained_ && batches_.empty() && !committing_) {
    auto drained = std::exchange(drained_, nullptr);
    drained();
  }
}

void Hub::commit_front() {
  committing_ = true;
  commit_started_ = ports_.clock.steady();
  Batch& front = batches_.front();
  bool is_newest = batches_.size() == 1;
  Seq since_snapshot = decided_.seq - snapshot_seq_;
  // A full disk keeps its last room for what must be written.
  bool is_due = room_ == Room::Enough && since_snapshot >= kSnapshotEveryEvents &&
                (batches_.size() <= kBusyBatches || since_snapshot >= 2 * kSnapshotEveryEvents);
  // Only the newest batch ends where the ledger stands.
  if (is_due && is_newest) add_snapshot(front);
  ports_.writer.commit(front.group, [this](Result<Room> outcome) {
    on_committed(std::move(outcome), ports_.clock.steady());
  });
}

void Hub::add_snapshot(Batch& batch) {
  auto snapshot = std::make_unique<Snapshot>();
  snapshot->epoch = decided_.epoch;
  snapshot->seq = decided_.seq;
  snapshot->hash = decided_.hash;
  snapshot->ledger = to_snapshot(ledger_);
  snapshot->state = sha256(snapshot->ledger);
  snapshot_seq_ = decided_.seq;
  batch.snapshot = std::move(snapshot);
}

void Hub::on_committed(Result<Room> outcome, Duration now) {
  if (!outcome) {
    failed_ = true;
    ports_.fatal(outcome.error());
    return;
  }
  Batch batch = std::move(batches_.front());
  batches_.pop_front();
  committing_ = false;
  ports_.telemetry.group(batch.commands, batch.group->events.size(),
                         Duration{now.micros - commit_started_.micros});
  found_room(*outcome);
  if (batch.snapshot) {
    std::shared_ptr<const Snapshot> snapshot = std::move(batch.snapshot);
    ports_.writer.run([snapshot](Journal& journal) -> std::function<void()> {
      (void)journal.keep(*snapshot);  // the tail is longer at the next start, nothing is lost
      return [] {};
    });
  }
  // The next group goes to the disk first, so that it waits for no screen.
  if (!batches_.empty() && batches_.front().needs_disk() && !failed_) commit_front();
  release(batch);
  pump();
}

void Hub::release(Batch& batch) {
  if (!batch.group->events.empty()) {
    const StoredEvent& last = batch.group->events.back();
    committed_ = Head{last.epoch, last.seq, last.hash};
  }
  for (const auto& event : batch.published) {
    for (Topic topic : kAllTopics) {
      if ((event.topics & topic_bit(topic)) != 0) {
        last_committed_[static_cast<std::size_t>(topic)] = event.seq;
      }
    }
    recent_.add(event);
  }
  screens_.publish(batch.published);
  if (cloud_ != nullptr) cloud_->committed(batch.group->events);
  for (auto& release : batch.releases) release();
}

void Hub::obey(const Event& event) {
  if (const auto* person = std::get_if<StaffAdded>(&event)) staff_changed(person->staff.id);
  if (const auto* person = std::get_if<StaffRemoved>(&event)) staff_changed(person->staff);
  const auto* revoked = std::get_if<DeviceRevoked>(&event);
  const auto* added = std::get_if<DeviceAdded>(&event);
  if (revoked == nullptr && added == nullptr) return;
  const DeviceId& device = revoked != nullptr ? revoked->device : added->device.id;
  std::string reason =
      revoked != nullptr ? "this device was revoked" : "this device has a new token";
  if (revoked != nullptr) shown_.forget(device);
  // Those who are there now came with the old token; who comes before the commit has the new one.
  open_batch().releases.push_back([this, keys = screens_.of_device(device, 0), reason]() {
    for (SessionKey key : keys) screens_.hang_up(key, 4403, reason);
  });
}

void Hub::stop(std::function<void()> drained) {
  stopping_ = true;
  auto keep = [this, drained = std::move(drained)]() {
    if (decided_.seq == snapshot_seq_ || room_ == Room::Scarce) {
      drained();
      return;
    }
    Batch last;
    add_snapshot(last);
    std::shared_ptr<const Snapshot> snapshot = std::move(last.snapshot);
    ports_.writer.run([snapshot, drained](Journal& journal) -> std::function<void()> {
      (void)journal.keep(*snapshot);  // as above: only a longer start
      return drained;
    });
  };
  drained_ = keep;
  pump();
}

}  // namespace larder::edge
