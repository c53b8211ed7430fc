#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/buffer.h"
#include "core/netlink_socket.h"
#include "core/reactor.h"

namespace netloom {

struct Events {
  /** Whole messages. */
  Buffer messages;
  /** The kernel dropped some before these, or among them. */
  bool overrun = false;
};

/**
 * A socket that listens to multicast groups. A little is read ahead of the reader; the rest waits in the
 * kernel's buffer, whose size is what the user chose.
 */
class Subscription : public Watcher, public std::enable_shared_from_this<Subscription> {
 public:
  /** Nothing once closed. */
  using Reader = std::function<void(std::optional<Events>)>;

  /** Joins the groups in the namespace of the calling thread. */
  static Result<std::shared_ptr<Subscription>> open(const std::shared_ptr<Reactor>& reactor,
                                                    const NetlinkSocketOptions& options,
                                                    const std::vector<std::uint32_t>& groups);

  [[nodiscard]] std::size_t receiveBuffer() const { return receiveBuffer_; }

  /** What is there already, or `reader` is called with it later, on another thread or by `close`. */
  [[nodiscard]] std::optional<Events> read(Reader reader);
  void close();

  void ready() override;

 private:
  Subscription(std::shared_ptr<Reactor> reactor, NetlinkSocket socket);
  void fill();
  /** Makes `block_` take another datagram; false if no memory is left. */
  [[nodiscard]] bool makeRoom();
  [[nodiscard]] bool hasEvents() const {
    return !full_.empty() || block_.messages.used > 0 || block_.overrun;
  }
  Events take();
  void armIfRoom();

  const std::shared_ptr<Reactor> reactor_;
  const std::size_t receiveBuffer_;

  std::mutex mutex_;
  NetlinkSocket socket_;
  std::uint64_t id_ = 0;
  bool closed_ = false;
  /** The reactor will call `ready`. */
  bool armed_ = true;
  /** What was read ahead: blocks that are full, and the one that is being filled. */
  std::deque<Events> full_;
  Events block_;
  std::size_t aheadBytes_ = 0;
  /** The longest datagram to make room for. */
  std::size_t datagramBytes_;
  Reader reader_;
};

}  // namespace netloom
