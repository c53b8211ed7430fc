#include "core/connection.h"

#include <algorithm>
#include <utility>

namespace netloom {
namespace {

// Dumps come in datagrams of at most 32 KiB; single messages can be larger (links with many virtual
// functions).
constexpr std::size_t kReceiveBytes = std::size_t{64} * 1024;
// How many calls one turn on a worker may take while other connections wait.
constexpr int kTurn = 8;

}  // namespace

Connection::Connection(std::shared_ptr<WorkerPool> pool, NetlinkSocket socket, WakeEvent wake)
    : pool_(std::move(pool)), socket_(std::move(socket)), scratch_(kReceiveBytes), wake_(std::move(wake)) {}

Result<std::shared_ptr<Connection>> Connection::create(std::shared_ptr<WorkerPool> pool,
                                                       NetlinkSocket socket) {
  Result<WakeEvent> wake = WakeEvent::open();
  if (!wake.ok()) return wake.error();
  std::shared_ptr<Connection> self(
      new Connection(std::move(pool), std::move(socket), std::move(wake.value())));
  if (self->scratch_.capacity() == 0) return Error{ENOMEM, "malloc"};
  return self;
}

void Connection::exchange(Buffer requests, const ExchangeOptions& options, std::uint64_t ticket,
                          ExchangeDone done) {
  enqueue({ticket, std::move(requests), nullptr, options, std::move(done), nullptr});
}

void Connection::exchange(Encode encode, const ExchangeOptions& options, std::uint64_t ticket,
                          ExchangeDone done) {
  enqueue({ticket, {}, std::move(encode), options, std::move(done), nullptr});
}

void Connection::dump(std::shared_ptr<Dump> dump, std::uint64_t ticket) {
  enqueue({ticket, {}, nullptr, {}, nullptr, std::move(dump)});
}

void Connection::enqueue(Call call) {
  std::unique_lock lock(mutex_);
  if (closing_) {
    lock.unlock();
    return reject(call, Error{EBADF, "sendmsg"});
  }
  queue_.push_back(std::move(call));
  if (state_ != State::kIdle) return;
  state_ = State::kScheduled;
  lock.unlock();
  pool_->submit(shared_from_this());
}

void Connection::resume() {
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kScheduled) resumed_ = true;
    if (state_ != State::kParked) return;
    state_ = State::kScheduled;
  }
  pool_->submit(shared_from_this());
}

bool Connection::cancel(std::uint64_t ticket) {
  Call call;
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(queue_.begin(), queue_.end(),
                                    [ticket](const Call& each) { return each.ticket == ticket; });
    if (found == queue_.end()) return false;
    call = std::move(*found);
    queue_.erase(found);
  }
  reject(call, Error{ECANCELED, "sendmsg"});
  return true;
}

void Connection::close(CloseDone done) {
  std::unique_lock lock(mutex_);
  if (state_ == State::kClosed) {
    lock.unlock();
    if (done) done();
    return;
  }
  if (done) closers_.push_back(std::move(done));
  closing_ = true;
  wake_.signal();
  if (state_ == State::kScheduled) return;
  state_ = State::kScheduled;
  lock.unlock();
  pool_->submit(shared_from_this());
}

void Connection::run(Worker& worker) {
  static_cast<void>(worker);
  for (int turn = 0;; turn++) {
    {
      const std::lock_guard lock(mutex_);
      if (!closing_ && !current_) {
        if (queue_.empty()) {
          state_ = State::kIdle;
          return;
        }
        current_ = std::move(queue_.front());
        queue_.pop_front();
      }
    }
    if (closing_) return shut(Error{ECANCELED, "sendmsg"});
    if (perform(*current_)) {
      current_.reset();
    } else {
      const std::lock_guard lock(mutex_);
      // Read, or closed, before it was known to be parked.
      if (std::exchange(resumed_, false) || closing_) continue;
      state_ = State::kParked;
      return;
    }
    if (turn >= kTurn && pool_->crowded()) return pool_->submit(shared_from_this());
  }
}

void Connection::fail(const Error& error) {
  shut(error);
}

bool Connection::perform(Call& call) {
  Channel channel{socket_, scratch_, sequence_, closing_, wake_};
  if (call.dump) return call.dump->advance(channel) == Dump::Progress::kFinished;
  if (call.encode) call.requests = call.encode();
  if (call.requests.capacity() == 0) {
    call.done(Error{ENOMEM, "malloc"});
  } else {
    call.done(netloom::exchange(channel, call.requests, call.options));
  }
  return true;
}

void Connection::reject(Call& call, const Error& error) {
  if (call.dump) {
    call.dump->abort(error.code, error.call);
  } else {
    call.done(error);
  }
}

void Connection::shut(const Error& error) {
  std::deque<Call> dropped;
  std::vector<CloseDone> closers;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    dropped.swap(queue_);
  }
  if (current_) reject(*current_, error);
  current_.reset();
  for (Call& call : dropped) reject(call, error);
  socket_.close();
  {
    const std::lock_guard lock(mutex_);
    state_ = State::kClosed;
    // Who holds the connection may do so for long: an object in a garbage-collected heap, say.
    wake_.close();
    scratch_ = Buffer();
    closers.swap(closers_);
  }
  for (const CloseDone& done : closers) done();
}

}  // namespace netloom
