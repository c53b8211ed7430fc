#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "core/buffer.h"
#include "core/netlink_socket.h"
#include "core/wake_event.h"

namespace netloom {

struct ExchangeOptions {
  /** Each request is answered by an object, and asking twice does no harm. */
  bool replies = false;
  /** Send no further datagram once one held a request that failed. */
  bool stopOnError = false;
  /** All requests go in one datagram: an nfnetlink transaction, from its begin to its end message. */
  bool transaction = false;
};

/** Indices of requests, `to` exclusive. */
struct IndexRange {
  std::uint32_t from;
  std::uint32_t to;
};

struct ExchangeResult {
  /** What came back, except for plain acknowledgements; sequence numbers are indices of requests. */
  std::vector<std::uint8_t> replies;
  /** Requests handed to the kernel. */
  std::uint32_t sent = 0;
  /** Requests whose outcome is unknown, apart from those that `replies` tells of. */
  std::vector<IndexRange> unknown;
  /** 0, or the positive errno that ended it or lost an answer, and the call it came from. */
  int error = 0;
  const char* call = "";
};

/** What an exchange or a dump needs of its socket while it has it to itself. */
struct Channel {
  const NetlinkSocket& socket;
  /** Where datagrams arrive; grown when one did not fit. */
  Buffer& scratch;
  /** The next sequence number. */
  std::uint32_t& sequence;
  /** Set, and then `wake` signalled, to end waits. */
  const std::atomic<bool>& closing;
  const WakeEvent& wake;
};

/** Waits until the socket has something to read. False when it is being closed. */
[[nodiscard]] bool waitReadable(const Channel& channel);

/** Makes room for a datagram of this length. */
void growScratch(Channel& channel, std::size_t length);

/** How many whole requests are in `requests`; 0 when there is none or the bytes are malformed. */
[[nodiscard]] std::uint32_t countRequests(Bytes requests);

/** How many requests may share a datagram, so that their answers fit in the receive buffer. */
[[nodiscard]] std::uint32_t requestBudget(std::size_t receiveBuffer, bool replies);

/**
 * Sends requests, which `countRequests` accepted, datagram after datagram, and gathers the answers.
 * Sequence numbers and flags are written into `requests`. Only the last request of a datagram asks for an
 * acknowledgement, since errors come for each anyway and one ack is enough to know that all have run.
 */
[[nodiscard]] ExchangeResult exchange(Channel& channel, Buffer& requests, const ExchangeOptions& options);

}  // namespace netloom
