#include "core/reactor.h"

#include <sys/epoll.h>

#include <utility>
#include <vector>

#include "core/thread.h"

namespace netloom {
namespace {

constexpr int kIdleMilliseconds = 5000;
constexpr int kEventsAtOnce = 16;
/** The number of the wake event. */
constexpr std::uint64_t kWakeId = 0;

epoll_event oneShot(std::uint64_t id) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLONESHOT;
  event.data.u64 = id;
  return event;
}

}  // namespace

Status Reactor::open() {
  if (epoll_.valid()) return success();
  FileDescriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll.valid()) return lastError("epoll_create1");
  Result<WakeEvent> wake = WakeEvent::open();
  if (!wake.ok()) return wake.error();
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kWakeId;
  if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, wake.value().fd(), &event) != 0) return lastError("epoll_ctl");
  epoll_ = std::move(epoll);
  wake_.emplace(std::move(wake.value()));
  return success();
}

Result<std::uint64_t> Reactor::watch(std::shared_ptr<Watcher> watcher, int fd) {
  const std::lock_guard lock(mutex_);
  if (stopped_) return Error{ECANCELED, "epoll_ctl"};
  if (Status opened = open(); !opened.ok()) return opened.error();
  if (!running_) {
    const int error = startThread("netloom-reactor", [self = shared_from_this()] { self->work(); });
    if (error != 0) return Error{error, "pthread_create"};
    running_ = true;
  }
  const std::uint64_t id = ++lastId_;
  epoll_event event = oneShot(id);
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return lastError("epoll_ctl");
  watchers_.emplace(id, std::move(watcher));
  // The thread may be about to end for want of work: it has to look again.
  wake_->signal();
  return id;
}

void Reactor::arm(std::uint64_t id, int fd) {
  epoll_event event = oneShot(id);
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
}

void Reactor::unwatch(std::uint64_t id, int fd) {
  std::shared_ptr<Watcher> dropped;
  const std::lock_guard lock(mutex_);
  const auto found = watchers_.find(id);
  if (found == watchers_.end()) return;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  dropped = std::move(found->second);
  watchers_.erase(found);
  if (watchers_.empty()) wake_->signal();
}

void Reactor::stop() {
  std::vector<std::shared_ptr<Watcher>> dropped;
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  for (auto each = watchers_.begin(); each != watchers_.end();) {
    if (each->second->outlivesReactor()) {
      ++each;
    } else {
      dropped.push_back(std::move(each->second));
      each = watchers_.erase(each);
    }
  }
  if (wake_) wake_->signal();
}

bool Reactor::endIfUnused(bool idle) {
  const std::lock_guard lock(mutex_);
  if (!watchers_.empty() || !(idle || stopped_)) return false;
  running_ = false;
  return true;
}

void Reactor::work() {
  // It only waits for descriptors that are open already, so it could work anywhere, but no thread of ours is
  // to be found in a namespace that it does not belong to.
  static_cast<void>(returnHome(home_));
  epoll_event events[kEventsAtOnce];
  bool empty = false;
  for (;;) {
    const int count = ::epoll_wait(epoll_.get(), events, kEventsAtOnce, empty ? kIdleMilliseconds : -1);
    for (int index = 0; index < count; index++) {
      const std::uint64_t id = events[index].data.u64;
      if (id == kWakeId) {
        wake_->clear();
        continue;
      }
      std::shared_ptr<Watcher> watcher;
      {
        const std::lock_guard lock(mutex_);
        const auto found = watchers_.find(id);
        if (found != watchers_.end()) watcher = found->second;
      }
      if (watcher) watcher->ready();
    }
    if (endIfUnused(count == 0)) return;
    const std::lock_guard lock(mutex_);
    empty = watchers_.empty();
  }
}

}  // namespace netloom
