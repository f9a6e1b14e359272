// WriterThread: the one thread that touches the Journal. Commits groups, runs jobs between them,
// keeps the file in shape when idle, or between two small groups. Life: from construction to
// destruction, which finishes what was handed over. Answers come back through `post`. Limits: the
// Hub hands over one group at a time; jobs are as many as screens ask for (bounded by the sessions'
// rates).
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "edge/app/ports.hpp"

namespace larder::edge {

class WriterThread final : public Writer {
 public:
  // `post` runs a function on the network thread; it may be called from any thread and keeps order.
  WriterThread(Journal& journal, std::function<void(std::function<void()>)> post);
  ~WriterThread() override;
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;

  void commit(std::shared_ptr<const Group> group, std::function<void(Result<Room>)> done) override;
  void run(std::function<std::function<void()>(Journal&)> job) override;

 private:
  void push(std::function<void()> task);
  void work();
  // Waits for a task; empty when it is time to look after the file, or to stop.
  std::function<void()> next();

  Journal& journal_;
  std::function<void(std::function<void()>)> post_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  int since_maintenance_ = 0;      // writer thread only
  TimePoint last_at_;              // of the last answer written; writer thread only
  std::size_t last_commands_ = 0;  // of the last group; writer thread only
  std::thread thread_;             // last: it uses everything above
};

}  // namespace larder::edge
