#include "core/subscription.h"

#include <utility>

#include "core/message.h"

namespace netloom {
namespace {

/** How much is read ahead of the reader. */
constexpr std::size_t kAheadBytes = std::size_t{64} * 1024;
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
  Events events = std::exchange(ahead_, Events{});
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
    ahead_ = Events{};
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
      events = std::exchange(ahead_, Events{});
    }
    armIfRoom();
  }
  if (reader) reader(std::move(events));
}

void Subscription::fill() {
  Buffer& messages = ahead_.messages;
  while (messages.used < kAheadBytes) {
    if (messages.capacity() == 0) messages = Buffer(kAheadBytes + datagramBytes_);
    const std::size_t room = messages.room();
    if (room < datagramBytes_) return;
    std::uint8_t* const into = messages.data() + messages.used;
    const NetlinkSocket::Received received = socket_.receive(into, room);
    if (received.error == ENOBUFS) {
      ahead_.overrun = true;
      continue;
    }
    if (received.error != 0) return;
    if (received.length > room) {
      ahead_.overrun = true;
      datagramBytes_ = alignMessage(received.length);
      continue;
    }
    messages.used += received.length;
    padMessages(messages);
  }
}

void Subscription::armIfRoom() {
  if (armed_ || ahead_.messages.used >= kAheadBytes) return;
  armed_ = true;
  reactor_->arm(id_, socket_.fd());
}

}  // namespace netloom
