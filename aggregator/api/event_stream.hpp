// EventStream: an answer that does not end (server-sent events). Who knows of events pushes their
// text, the connection takes it and sends it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace vaultbell::api {

// Of the server's thread.
class EventStream {
 public:
  // What may wait for a reader: a slow one is dropped, and asks again for what it missed.
  static constexpr std::size_t kWaitingMax = 64UL * 1024;

  // Nothing happens where nobody reads any more.
  void push(std::string_view text) {
    if (!is_open_) return;
    if (waiting_.size() + text.size() > kWaitingMax) return close();
    waiting_ += text;
    if (on_change_) on_change_();
  }

  // Ends it, from either side.
  void close() {
    is_open_ = false;
    if (on_change_) on_change_();
  }
  [[nodiscard]] bool is_open() const { return is_open_; }

  // For the connection: called after each push, and when it is closed.
  void on_change(std::function<void()> call) { on_change_ = std::move(call); }
  [[nodiscard]] std::string take() { return std::exchange(waiting_, {}); }

 private:
  std::string waiting_;
  bool is_open_ = true;
  std::function<void()> on_change_;
};

}  // namespace vaultbell::api
