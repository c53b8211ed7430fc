#include "core/worker_pool.h"

#include <chrono>

#include "core/thread.h"

namespace netloom {
namespace {

constexpr int kMostThreads = 4;
constexpr auto kIdleTime = std::chrono::seconds(10);

}  // namespace

void WorkerPool::submit(std::shared_ptr<Task> task) {
  std::unique_lock lock(mutex_);
  if (stopped_) return;
  tasks_.push_back(std::move(task));
  if (static_cast<std::size_t>(idle_) >= tasks_.size()) {
    lock.unlock();
    wake_.notify_one();
    return;
  }
  if (threads_ == kMostThreads) return;
  threads_++;
  lock.unlock();

  const int error = startThread("netloom-worker", [self = shared_from_this()] { self->work(); });
  if (error == 0) return;
  lock.lock();
  if (--threads_ > 0) return;
  // Nobody is left to do it.
  std::deque<std::shared_ptr<Task>> stranded;
  stranded.swap(tasks_);
  lock.unlock();
  for (const std::shared_ptr<Task>& each : stranded) each->fail(Error{error, "pthread_create"});
}

void WorkerPool::stop() {
  std::deque<std::shared_ptr<Task>> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(tasks_);
  }
  wake_.notify_all();
}

bool WorkerPool::crowded() {
  const std::lock_guard lock(mutex_);
  return !tasks_.empty() && idle_ == 0;
}

std::shared_ptr<Task> WorkerPool::next() {
  std::unique_lock lock(mutex_);
  idle_++;
  wake_.wait_for(lock, kIdleTime, [this] { return stopped_ || !tasks_.empty(); });
  idle_--;
  if (tasks_.empty()) {
    threads_--;
    return nullptr;
  }
  std::shared_ptr<Task> task = std::move(tasks_.front());
  tasks_.pop_front();
  return task;
}

void WorkerPool::work() {
  if (!returnHome(home_)) return endThread();
  Worker worker(home_);
  while (const std::shared_ptr<Task> task = next()) {
    task->run(worker);
    // A thread that is stuck in a namespace must not serve another one.
    if (worker.lost()) return endThread();
  }
}

void WorkerPool::endThread() {
  std::deque<std::shared_ptr<Task>> stranded;
  {
    const std::lock_guard lock(mutex_);
    if (--threads_ == 0) stranded.swap(tasks_);
  }
  // A replacement started here would begin in the same wrong place. The next `submit` starts one.
  for (const std::shared_ptr<Task>& task : stranded) task->fail(Error{EPERM, "setns"});
}

}  // namespace netloom
