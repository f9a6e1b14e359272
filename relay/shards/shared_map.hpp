// SharedMap: the map of the buckets as the loop and the workers see it. Life: as the store. Thread:
// any; a reader keeps the map it got.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "relay/app/bucket.hpp"

namespace larder::relay {

class SharedMap {
 public:
  explicit SharedMap(BucketMap map) : map_(std::make_shared<const BucketMap>(std::move(map))) {}
  std::shared_ptr<const BucketMap> get() const {
    const std::lock_guard lock(mutex_);
    return map_;
  }
  void set(BucketMap map) {
    const std::lock_guard lock(mutex_);
    map_ = std::make_shared<const BucketMap>(std::move(map));
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const BucketMap> map_;
};

}  // namespace larder::relay
