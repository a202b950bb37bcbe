// BoundedQueue: the only thing that threads share. Holds at most `capacity` items; whoever finds it
// full decides what that means. The only place with a mutex.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "shared/base/time.hpp"

namespace vaultbell {

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  // False when it is full or closed: the item was not taken.
  [[nodiscard]] bool try_push(T item) {
    {
      const std::lock_guard lock(mutex_);
      if (is_closed_ || items_.size() >= capacity_) return false;
      items_.push_back(std::move(item));
    }
    ready_.notify_one();
    return true;
  }

  // Waits for room; false when the queue is closed. For a reader that never waits for the writer.
  bool push(T item) {
    {
      std::unique_lock lock(mutex_);
      room_.wait(lock, [this] { return is_closed_ || items_.size() < capacity_; });
      if (is_closed_) return false;
      items_.push_back(std::move(item));
    }
    ready_.notify_one();
    return true;
  }

  // Waits for an item; absent once the queue is closed and empty.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return is_closed_ || !items_.empty(); });
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    room_.notify_one();
    return item;
  }

  // Up to `count_max` items, waiting at most `patience` for the first; may come back empty.
  std::vector<T> pop_some(std::size_t count_max, Duration patience) {
    std::unique_lock lock(mutex_);
    ready_.wait_for(lock, patience, [this] { return is_closed_ || !items_.empty(); });
    std::vector<T> taken;
    while (!items_.empty() && taken.size() < count_max) {
      taken.push_back(std::move(items_.front()));
      items_.pop_front();
    }
    if (!taken.empty()) room_.notify_all();
    return taken;
  }

  // No more items are taken in; those inside can still be popped.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      is_closed_ = true;
    }
    ready_.notify_all();
    room_.notify_all();
  }

  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;  // something is in it
  std::condition_variable room_;   // something was taken out
  std::deque<T> items_;
  bool is_closed_ = false;
};

}  // namespace vaultbell
