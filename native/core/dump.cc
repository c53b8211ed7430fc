#include "core/dump.h"

#include <algorithm>

#include "core/message.h"

namespace netloom {
namespace {

constexpr std::size_t kMostUnread = 2;

}  // namespace

Dump::Progress Dump::advance(Channel& channel) {
  if (!started_) start(channel);
  while (!ended_) {
    if (mustPark()) return Progress::kParked;
    ensureRoom(channel);
    if (!receive(channel)) break;
    // The next datagram might not fit behind this one.
    if (current_.messages.used >= chunkBytes_ || current_.messages.room() < channel.scratch.capacity()) {
      DumpChunk full = std::move(current_);
      current_ = DumpChunk{};
      current_.interrupted = full.interrupted;
      hand(std::move(full));
    }
  }
  return Progress::kFinished;
}

void Dump::abort(int error, const char* call) {
  if (!ended_) finish(error, call);
}

Dump::ReadOutcome Dump::read(Reader reader) {
  const std::lock_guard lock(mutex_);
  ReadOutcome outcome;
  if (unread_.empty()) {
    reader_ = std::move(reader);
    return outcome;
  }
  outcome.chunk = std::move(unread_.front());
  unread_.pop_front();
  outcome.resume = std::exchange(parked_, false);
  return outcome;
}

bool Dump::discard() {
  std::deque<DumpChunk> dropped;
  Reader reader;
  bool resume = false;
  {
    const std::lock_guard lock(mutex_);
    discarded_ = true;
    dropped.swap(unread_);
    reader = std::exchange(reader_, nullptr);
    resume = std::exchange(parked_, false);
  }
  // Who waits for a chunk that will not come would wait for ever.
  if (reader) {
    DumpChunk ended;
    ended.done = true;
    ended.error = ECANCELED;
    ended.call = "recvmsg";
    reader(std::move(ended));
  }
  return resume;
}

void Dump::start(Channel& channel) {
  started_ = true;
  nlmsghdr header{};
  std::memcpy(&header, request_.data(), sizeof(header));
  sequence_ = channel.sequence++;
  header.nlmsg_seq = sequence_;
  // With an acknowledgement asked for, a request that the kernel does not treat as a dump ends as well.
  header.nlmsg_flags |= NLM_F_REQUEST | NLM_F_DUMP | NLM_F_ACK;
  std::memcpy(request_.data(), &header, sizeof(header));
  const int error = channel.socket.send(request_.bytes());
  request_ = Buffer();
  if (error != 0) finish(error, "sendmsg");
}

bool Dump::receive(Channel& channel) {
  for (;;) {
    if (channel.closing.load(std::memory_order_relaxed)) {
      finish(ECANCELED, "recvmsg");
      return false;
    }
    Buffer& messages = current_.messages;
    const std::size_t room = messages.room();
    if (room == 0) {
      finish(ENOMEM, "recvmsg");
      return false;
    }
    const NetlinkSocket::Received received = channel.socket.receive(messages.data() + messages.used, room);
    if (received.error == EAGAIN) {
      // False only when closing, which is looked at above.
      static_cast<void>(waitReadable(channel));
      continue;
    }
    if (received.error == ENOBUFS) {
      // Parts were lost; what follows still has to be taken off the socket.
      current_.interrupted = true;
      continue;
    }
    if (received.error != 0) {
      finish(received.error, "recvmsg");
      return false;
    }
    if (received.length > room) {
      current_.interrupted = true;
      growScratch(channel, received.length);
      return true;
    }
    return take(channel, received.length);
  }
}

bool Dump::take(Channel& channel, std::size_t length) {
  static_cast<void>(channel);
  Buffer& messages = current_.messages;
  std::uint8_t* const begin = messages.data() + messages.used;
  std::size_t kept = 0;
  MessageReader reader({begin, length});
  while (const std::optional<Message> message = reader.next()) {
    if (message->header.nlmsg_seq != sequence_) continue;
    if ((message->header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) current_.interrupted = true;
    const bool done = message->header.nlmsg_type == NLMSG_DONE;
    if (done || message->header.nlmsg_type == NLMSG_ERROR) {
      std::int32_t code = 0;
      if (done) {
        code = parseDone(*message);
      } else if (const std::optional<Acknowledgement> acknowledgement = parseAcknowledgement(*message)) {
        code = acknowledgement->code;
      }
      if (code != 0) current_.errorMessage.assign(message->bytes.begin(), message->bytes.end());
      messages.used += kept;
      finish(-code, code != 0 ? "dump" : "");
      return false;
    }
    // Almost always the messages stay where they arrived.
    std::uint8_t* const target = begin + kept;
    if (message->bytes.data() != target) std::memmove(target, message->bytes.data(), message->bytes.size());
    kept += std::min(alignMessage(message->bytes.size()), length - kept);
  }
  messages.used += kept;
  padMessages(messages);
  return true;
}

void Dump::finish(int error, const char* call) {
  ended_ = true;
  current_.done = true;
  current_.error = error;
  current_.call = call;
  hand(std::move(current_));
}

void Dump::hand(DumpChunk chunk) {
  if (packed_) chunk.routes = decodeRoutes(*packed_, chunk.messages);
  Reader reader;
  {
    const std::lock_guard lock(mutex_);
    if (discarded_) return;
    if (!reader_) {
      unread_.push_back(std::move(chunk));
      return;
    }
    reader = std::exchange(reader_, nullptr);
  }
  reader(std::move(chunk));
}

bool Dump::mustPark() {
  const std::lock_guard lock(mutex_);
  parked_ = !discarded_ && unread_.size() >= kMostUnread;
  return parked_;
}

void Dump::ensureRoom(const Channel& channel) {
  if (current_.messages.capacity() == 0)
    current_.messages = Buffer(alignMessage(chunkBytes_ + channel.scratch.capacity()));
}

}  // namespace netloom
