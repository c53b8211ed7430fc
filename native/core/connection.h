#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/dump.h"
#include "core/exchange.h"
#include "core/netlink_socket.h"
#include "core/wake_event.h"
#include "core/worker_pool.h"

namespace netloom {

/**
 * A netlink socket with one ordered queue of calls. A worker of the pool takes them one after another; the
 * queue waits without a worker while a dump waits for its reader.
 */
class Connection : public Task, public std::enable_shared_from_this<Connection> {
 public:
  using ExchangeDone = std::function<void(Result<ExchangeResult>)>;
  /** Encodes requests; an empty buffer if there is no memory for them. */
  using Encode = std::function<Buffer()>;
  using CloseDone = std::function<void()>;

  static Result<std::shared_ptr<Connection>> create(std::shared_ptr<WorkerPool> pool, NetlinkSocket socket);

  [[nodiscard]] const NetlinkSocket& socket() const { return socket_; }

  /** `requests` are accepted by `countRequests`. `done` is called on another thread, unless the pool stops.
   */
  void exchange(Buffer requests, const ExchangeOptions& options, std::uint64_t ticket, ExchangeDone done);
  /** The same for requests that are yet to be encoded, by the worker. */
  void exchange(Encode encode, const ExchangeOptions& options, std::uint64_t ticket, ExchangeDone done);
  /** Queues a dump. Whoever reads it calls `resume` when it says so. */
  void dump(std::shared_ptr<Dump> dump, std::uint64_t ticket);
  /** The dump that holds the queue can go on. */
  void resume();
  /** Takes a call out of the queue, unless it has begun; it ends with `ECANCELED`. */
  bool cancel(std::uint64_t ticket);
  /** Ends everything with `ECANCELED` and closes the socket. `done` comes after what it ended. */
  void close(CloseDone done);

  void run(Worker& worker) override;
  void fail(const Error& error) override;

 private:
  struct Call {
    std::uint64_t ticket = 0;
    Buffer requests;
    /** Makes the requests where they are not there yet. */
    Encode encode;
    ExchangeOptions options;
    ExchangeDone done;
    /** Set for a dump instead of what is above. */
    std::shared_ptr<Dump> dump;
  };
  enum class State {
    kIdle,
    /** In the pool's queue, or on a worker. */
    kScheduled,
    /** A dump waits for its reader. */
    kParked,
    kClosed
  };

  Connection(std::shared_ptr<WorkerPool> pool, NetlinkSocket socket, WakeEvent wake);
  void enqueue(Call call);
  /** False if the call's dump has to wait. */
  bool perform(Call& call);
  static void reject(Call& call, const Error& error);
  void shut(const Error& error);

  const std::shared_ptr<WorkerPool> pool_;

  // These belong to the worker that runs the connection.
  NetlinkSocket socket_;
  Buffer scratch_;
  std::uint32_t sequence_ = 1;

  /** Signalled under the mutex, until it is closed. */
  WakeEvent wake_;
  std::atomic<bool> closing_ = false;

  std::mutex mutex_;
  State state_ = State::kIdle;
  bool resumed_ = false;
  std::deque<Call> queue_;
  std::optional<Call> current_;
  std::vector<CloseDone> closers_;
};

}  // namespace netloom
