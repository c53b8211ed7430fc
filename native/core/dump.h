#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/buffer.h"
#include "core/exchange.h"
#include "core/packed_routes.h"

namespace netloom {

struct DumpChunk {
  /** Whole messages, without the final `NLMSG_DONE`. */
  Buffer messages;
  /** In a dump of packed routes, those that came as rows; `messages` holds the others. */
  PackedRoutes routes;
  bool done = false;
  /** The kernel marked it interrupted so far, or a datagram did not fit. */
  bool interrupted = false;
  /** 0, or the positive errno, and where it came from: `dump` is the kernel's own verdict. */
  int error = 0;
  const char* call = "";
  /** The message that carried the error. */
  std::vector<std::uint8_t> errorMessage;
};

/**
 * A dump in progress: a worker moves it, a reader empties it. It stops when two chunks are unread, so that a
 * slow reader holds the kernel up rather than fill memory.
 */
class Dump {
 public:
  using Reader = std::function<void(DumpChunk)>;

  /** With a family, its routes are packed before they are handed over. */
  Dump(Buffer request, std::size_t chunkBytes, std::optional<sa_family_t> packed = std::nullopt)
      : request_(std::move(request)), chunkBytes_(chunkBytes), packed_(packed) {}

  // The worker's side.

  enum class Progress { kParked, kFinished };
  /** Goes on until it is finished or has to wait for its reader. */
  Progress advance(Channel& channel);
  /** Ends it with an error, if it has not ended. */
  void abort(int error, const char* call);

  // The reader's side.

  struct ReadOutcome {
    /** The chunk, if one was ready; else `reader` is called with it later, on another thread. */
    std::optional<DumpChunk> chunk;
    /** The dump is parked: its connection must be resumed. */
    bool resume = false;
  };
  [[nodiscard]] ReadOutcome read(Reader reader);
  /**
   * Nobody reads any more: the rest is taken from the kernel and dropped, and a reader that still waits gets
   * `ECANCELED`. True if it must be resumed.
   */
  [[nodiscard]] bool discard();

 private:
  void start(Channel& channel);
  /** Reads one datagram. False when there is nothing more to come. */
  bool receive(Channel& channel);
  bool take(Channel& channel, std::size_t length);
  void finish(int error, const char* call);
  void hand(DumpChunk chunk);
  [[nodiscard]] bool mustPark();
  void ensureRoom(const Channel& channel);

  // These belong to the worker that has the dump now.
  Buffer request_;
  const std::size_t chunkBytes_;
  const std::optional<sa_family_t> packed_;
  std::uint32_t sequence_ = 0;
  bool started_ = false;
  bool ended_ = false;
  DumpChunk current_;

  std::mutex mutex_;
  std::deque<DumpChunk> unread_;
  Reader reader_;
  bool parked_ = false;
  bool discarded_ = false;
};

}  // namespace netloom
