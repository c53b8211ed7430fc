#include "core/subscription.h"

#include <utility>

#include "core/message.h"

namespace netloom {
namespace {

/** How much is read ahead of the reader, which may be away for tens of milliseconds to collect garbage. */
constexpr std::size_t kAheadBytes = std::size_t{1024} * 1024;
/** About how much the reader gets at a time. */
constexpr std::size_t kBlockBytes = std::size_t{64} * 1024;
/** Events are much shorter, but the kernel allows single messages of this size. */
constexpr std::size_t kDatagramBytes = std::size_t{32} * 1024;

}  // namespace

Result<std::shared_ptr<Subscription>> Subscription::open(const std::shared_ptr<Reactor>& reactor,
                                                         const NetlinkSocketOptions& options,
                                                         const std::vector<std::uint32_t>& groups) {
  Result<NetlinkSocket> socket = NetlinkSocket::open(options);
  if (!socket.ok()) return socket.error();
  for (const std::uint32_t group : groups) {
    if (Status joined = socket.value().joinGroup(group); !joined.ok()) return joined.error();
  }
  std::shared_ptr<Subscription> self(new Subscription(reactor, std::move(socket.value())));
  // An event may come at once, and `ready` needs the number.
  const std::lock_guard lock(self->mutex_);
  Result<std::uint64_t> id = reactor->watch(self, self->socket_.fd());
  if (!id.ok()) return id.error();
  self->id_ = id.value();
  return self;
}

Subscription::Subscription(std::shared_ptr<Reactor> reactor, NetlinkSocket socket)
    : reactor_(std::move(reactor)),
      receiveBuffer_(socket.receiveBuffer()),
      socket_(std::move(socket)),
      datagramBytes_(kDatagramBytes) {}

std::optional<Events> Subscription::read(Reader reader) {
  std::unique_lock lock(mutex_);
  if (closed_) {
    lock.unlock();
    reader(std::nullopt);
    return std::nullopt;
  }
  if (!hasEvents()) {
    reader_ = std::move(reader);
    return std::nullopt;
  }
  Events events = take();
  armIfRoom();
  return events;
}

void Subscription::close() {
  Reader reader;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    closed_ = true;
    reactor_->unwatch(id_, socket_.fd());
    socket_.close();
    full_.clear();
    block_ = Events{};
    reader = std::exchange(reader_, nullptr);
  }
  if (reader) reader(std::nullopt);
}

void Subscription::ready() {
  Reader reader;
  Events events;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    armed_ = false;
    fill();
    if (reader_ && hasEvents()) {
      reader = std::exchange(reader_, nullptr);
      events = take();
    }
    armIfRoom();
  }
  if (reader) reader(std::move(events));
}

Events Subscription::take() {
  Events events;
  if (full_.empty()) {
    events = std::exchange(block_, Events{});
  } else {
    events = std::move(full_.front());
    full_.pop_front();
  }
  aheadBytes_ -= events.messages.used;
  return events;
}

bool Subscription::makeRoom() {
  Buffer& messages = block_.messages;
  if (messages.used < kBlockBytes && messages.room() >= datagramBytes_) return true;
  Buffer next(kBlockBytes + datagramBytes_);
  if (next.capacity() == 0) return false;
  if (messages.used > 0) full_.push_back(std::exchange(block_, Events{}));
  block_.messages = std::move(next);
  return true;
}

void Subscription::fill() {
  while (aheadBytes_ < kAheadBytes && makeRoom()) {
    Buffer& messages = block_.messages;
    const std::size_t room = messages.room();
    const NetlinkSocket::Received received = socket_.receive(messages.data() + messages.used, room);
    if (received.error == ENOBUFS) {
      block_.overrun = true;
      continue;
    }
    if (received.error != 0) return;
    if (received.length > room) {
      block_.overrun = true;
      datagramBytes_ = alignMessage(received.length);
      continue;
    }
    const std::size_t before = messages.used;
    messages.used += received.length;
    padMessages(messages);
    aheadBytes_ += messages.used - before;
  }
}

void Subscription::armIfRoom() {
  if (armed_ || aheadBytes_ >= kAheadBytes) return;
  armed_ = true;
  reactor_->arm(id_, socket_.fd());
}

}  // namespace netloom
