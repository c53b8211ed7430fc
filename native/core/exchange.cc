#include "core/exchange.h"

#include <poll.h>

#include <algorithm>
#include <limits>

#include "core/message.h"

namespace netloom {
namespace {

// A queued acknowledgement is charged 832 bytes, a link about 2,300 (Linux 6.18). Half the buffer
// is planned with.
constexpr std::size_t kBytesPerAcknowledgement = 1664;
constexpr std::size_t kBytesPerReply = 3328;

// Larger datagrams are no faster, and the kernel then has to find more contiguous memory.
constexpr std::size_t kDatagramBytes = std::size_t{64} * 1024;
// The kernel refuses a datagram larger than the send buffer less some overhead.
constexpr std::size_t kSendBufferOverhead = 128;

/** One exchange while it runs. */
class Run {
 public:
  Run(Channel& channel, Buffer& requests, const ExchangeOptions& options)
      : channel_(channel), requests_(requests), options_(options), base_(channel.sequence) {}

  ExchangeResult finish() {
    const std::size_t sendLimit =
        channel_.socket.sendBuffer() - std::min(channel_.socket.sendBuffer(), kSendBufferOverhead);
    const std::size_t byteLimit =
        options_.transaction ? std::numeric_limits<std::size_t>::max() : std::min(kDatagramBytes, sendLimit);
    const std::uint32_t countLimit = options_.transaction
                                         ? std::numeric_limits<std::uint32_t>::max()
                                         : requestBudget(channel_.socket.receiveBuffer(), options_.replies);
    while (position_ < requests_.used) {
      const Datagram datagram = prepare(byteLimit, countLimit);
      if (!deliver(datagram)) break;
      result_.sent = datagram.to;
    }
    channel_.sequence = base_ + next_;
    return std::move(result_);
  }

 private:
  struct Datagram {
    Bytes bytes;
    std::uint32_t from;
    std::uint32_t to;
    /** The request whose acknowledgement shows that all have run. */
    std::uint32_t last;
  };
  enum class Answers { kComplete, kLost, kEnded };

  /** Cuts the next datagram off the requests, numbers them, and asks for an acknowledgement of the last. */
  Datagram prepare(std::size_t byteLimit, std::uint32_t countLimit) {
    const std::size_t start = position_;
    const std::uint32_t from = next_;
    offsets_.clear();
    while (position_ < requests_.used && next_ - from < countLimit) {
      nlmsghdr header{};
      std::memcpy(&header, requests_.data() + position_, sizeof(header));
      const std::size_t end = std::min(position_ + alignMessage(header.nlmsg_len), requests_.used);
      if (end - start > byteLimit && next_ != from) break;
      header.nlmsg_seq = base_ + next_;
      setFlags(header, false);
      std::memcpy(requests_.data() + position_, &header, sizeof(header));
      offsets_.push_back(position_);
      position_ = end;
      next_++;
    }
    // Kernels before 6.10 do not acknowledge the end of a transaction, but the message before it.
    const std::uint32_t last = options_.transaction && next_ - from > 1 ? next_ - 2 : next_ - 1;
    requestAcknowledgement(offsets_[last - from]);
    return {requests_.bytes().subspan(start, position_ - start), from, next_, last};
  }

  static void setFlags(nlmsghdr& header, bool acknowledge) {
    const unsigned int flags = (header.nlmsg_flags & ~unsigned{NLM_F_ACK}) | NLM_F_REQUEST;
    header.nlmsg_flags = static_cast<std::uint16_t>(acknowledge ? flags | NLM_F_ACK : flags);
  }

  void requestAcknowledgement(std::size_t offset) {
    nlmsghdr header{};
    std::memcpy(&header, requests_.data() + offset, sizeof(header));
    setFlags(header, true);
    std::memcpy(requests_.data() + offset, &header, sizeof(header));
  }

  /** Sends a datagram and takes its answers. False if nothing more may be sent. */
  bool deliver(const Datagram& datagram) {
    if (channel_.closing.load(std::memory_order_relaxed)) {
      fail(ECANCELED, "sendmsg");
      return false;
    }
    if (const int error = channel_.socket.send(datagram.bytes); error != 0) {
      fail(error, "sendmsg");
      return false;
    }
    const std::size_t replied = result_.replies.size();
    switch (receive(datagram)) {
      case Answers::kComplete:
        break;
      case Answers::kLost:
        if (options_.replies) {
          if (!askAgain(datagram, replied)) return stop(datagram);
        } else {
          markUnknown(datagram);
          if (options_.stopOnError) return stop(datagram);
        }
        break;
      case Answers::kEnded:
        markUnknown(datagram);
        return stop(datagram);
    }
    return failed_ && options_.stopOnError ? stop(datagram) : true;
  }

  bool stop(const Datagram& datagram) {
    result_.sent = datagram.to;
    return false;
  }

  /** Reads until the last request is acknowledged. What came for earlier datagrams is dropped. */
  Answers receive(const Datagram& datagram) {
    bool lost = false;
    for (;;) {
      const NetlinkSocket::Received received =
          channel_.socket.receive(channel_.scratch.data(), channel_.scratch.capacity());
      if (received.error == EAGAIN) {
        // The kernel answers while it takes the datagram: what is not there after a loss will not come.
        if (lost) return Answers::kLost;
        if (options_.transaction) return Answers::kComplete;
        if (!waitReadable(channel_)) {
          fail(ECANCELED, "poll");
          return Answers::kEnded;
        }
        continue;
      }
      if (received.error == ENOBUFS) {
        lost = true;
        continue;
      }
      if (received.error != 0) {
        fail(received.error, "recvmsg");
        return Answers::kEnded;
      }
      if (received.length > channel_.scratch.capacity()) {
        lost = true;
        growScratch(channel_, received.length);
        continue;
      }
      if (take({channel_.scratch.data(), received.length}, datagram) && !options_.transaction) {
        return lost ? Answers::kLost : Answers::kComplete;
      }
    }
  }

  /** Keeps what a datagram of answers tells. True if the last acknowledgement was among it. */
  bool take(Bytes answers, const Datagram& datagram) {
    bool complete = false;
    MessageReader reader(answers);
    while (const std::optional<Message> message = reader.next()) {
      const std::uint32_t index = message->header.nlmsg_seq - base_;
      if (index < datagram.from || index >= datagram.to) continue;
      const bool last = index == datagram.last;
      if (message->header.nlmsg_type == NLMSG_ERROR) {
        complete |= last;
        const std::optional<Acknowledgement> acknowledgement = parseAcknowledgement(*message);
        if (!acknowledgement) continue;
        if (acknowledgement->code != 0) failed_ = true;
        if (acknowledgement->code == 0 && acknowledgement->attributes.empty()) continue;
      } else if (message->header.nlmsg_type == NLMSG_DONE) {
        complete |= last;
        if (parseDone(*message) == 0) continue;
        failed_ = true;
      } else if (message->header.nlmsg_type == NLMSG_NOOP) {
        continue;
      }
      keep(*message, index);
    }
    return complete;
  }

  void keep(const Message& message, std::uint32_t index) {
    std::vector<std::uint8_t>& replies = result_.replies;
    const std::size_t offset = replies.size();
    replies.insert(replies.end(), message.bytes.begin(), message.bytes.end());
    replies.resize(alignMessage(replies.size()));
    std::memcpy(replies.data() + offset + offsetof(nlmsghdr, nlmsg_seq), &index, sizeof(index));
  }

  /** Asks the requests of a datagram that nothing came back for, one by one. False if it must end. */
  bool askAgain(const Datagram& datagram, std::size_t replied) {
    std::vector<bool> answered(datagram.to - datagram.from);
    MessageReader reader({result_.replies.data() + replied, result_.replies.size() - replied});
    while (const std::optional<Message> message = reader.next()) {
      answered[message->header.nlmsg_seq - datagram.from] = true;
    }
    const std::size_t end =
        static_cast<std::size_t>(datagram.bytes.data() - requests_.data()) + datagram.bytes.size();
    for (std::uint32_t index = datagram.from; index < datagram.to; index++) {
      const std::size_t nth = index - datagram.from;
      if (answered[nth]) continue;
      requestAcknowledgement(offsets_[nth]);
      const std::size_t next = nth + 1 < offsets_.size() ? offsets_[nth + 1] : end;
      const Datagram single{requests_.bytes().subspan(offsets_[nth], next - offsets_[nth]), index, index + 1,
                            index};
      if (const int error = channel_.socket.send(single.bytes); error != 0) {
        markUnknown({{}, index, datagram.to, 0});
        fail(error, "sendmsg");
        return false;
      }
      switch (receive(single)) {
        case Answers::kComplete:
          break;
        case Answers::kLost:
          markUnknown(single);
          break;
        case Answers::kEnded:
          markUnknown({{}, index, datagram.to, 0});
          return false;
      }
    }
    return true;
  }

  void markUnknown(const Datagram& datagram) {
    if (result_.error == 0) fail(ENOBUFS, "recvmsg");
    std::vector<IndexRange>& unknown = result_.unknown;
    if (!unknown.empty() && unknown.back().to == datagram.from) {
      unknown.back().to = datagram.to;
    } else {
      unknown.push_back({datagram.from, datagram.to});
    }
  }

  void fail(int error, const char* call) {
    result_.error = error;
    result_.call = call;
  }

  Channel& channel_;
  Buffer& requests_;
  const ExchangeOptions options_;
  /** The sequence number of the first request. */
  const std::uint32_t base_;
  ExchangeResult result_;
  /** The next request to prepare, and where it begins. */
  std::uint32_t next_ = 0;
  std::size_t position_ = 0;
  bool failed_ = false;
  /** Where the requests of the current datagram begin. */
  std::vector<std::size_t> offsets_;
};

}  // namespace

bool waitReadable(const Channel& channel) {
  pollfd waits[] = {{channel.socket.fd(), POLLIN, 0}, {channel.wake.fd(), POLLIN, 0}};
  while (!channel.closing.load(std::memory_order_relaxed)) {
    const int ready = ::poll(waits, 2, -1);
    if (ready > 0 && waits[1].revents == 0) return true;
  }
  return false;
}

void growScratch(Channel& channel, std::size_t length) {
  Buffer larger(alignMessage(length) + 4096);
  // Without memory the old one stays, and the next large datagram is lost as this one was.
  if (larger.capacity() != 0) channel.scratch = std::move(larger);
}

std::uint32_t countRequests(Bytes requests) {
  MessageReader reader(requests);
  std::uint32_t count = 0;
  while (reader.next()) count++;
  return reader.malformed() ? 0 : count;
}

std::uint32_t requestBudget(std::size_t receiveBuffer, bool replies) {
  const std::size_t budget = receiveBuffer / (replies ? kBytesPerReply : kBytesPerAcknowledgement);
  return static_cast<std::uint32_t>(std::clamp<std::size_t>(budget, 1, 65536));
}

ExchangeResult exchange(Channel& channel, Buffer& requests, const ExchangeOptions& options) {
  return Run(channel, requests, options).finish();
}

}  // namespace netloom
