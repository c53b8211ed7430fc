// What an exchange and a dump make of whatever comes off their socket.
#include <sys/socket.h>

#include "core/dump.h"
#include "core/exchange.h"
#include "core/message.h"

using namespace netloom;

namespace {

constexpr std::uint32_t kRequests = 4;

/** An acknowledgement without an error, which ends whatever waits for it. */
std::vector<std::uint8_t> acknowledgement(std::uint32_t sequence) {
  std::vector<std::uint8_t> bytes(kHeaderLength + sizeof(nlmsgerr));
  nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(bytes.size());
  header.nlmsg_type = NLMSG_ERROR;
  header.nlmsg_seq = sequence;
  std::memcpy(bytes.data(), &header, sizeof(header));
  return bytes;
}

void check(Bytes messages) {
  MessageReader reader(messages);
  while (const std::optional<Message> message = reader.next()) {
    if (message->header.nlmsg_seq >= kRequests) __builtin_trap();
  }
  if (reader.malformed()) __builtin_trap();
}

}  // namespace

/** The input is cut into datagrams: two bytes of length, then so many bytes. */
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) __builtin_trap();
  const FileDescriptor peer(pair[1]);
  Result<NetlinkSocket> socket = NetlinkSocket::adopt(FileDescriptor(pair[0]));
  Result<WakeEvent> wake = WakeEvent::open();
  if (!socket.ok() || !wake.ok()) __builtin_trap();

  const std::uint8_t mode = data[0];
  Bytes rest(data + 1, size - 1);
  // More would fill the socket's queue, and nobody reads it yet.
  for (int count = 0; rest.size() > 2 && count < 32; count++) {
    const std::size_t wanted = rest[0] + 256U * (rest[1] & 3U);
    rest = rest.subspan(2);
    const Bytes datagram = rest.first(std::min(wanted, rest.size()));
    rest = rest.subspan(datagram.size());
    if (!datagram.empty()) ::send(peer.get(), datagram.data(), datagram.size(), MSG_DONTWAIT);
  }
  const bool dumping = (mode & 1) != 0;
  const std::vector<std::uint8_t> last = acknowledgement(dumping ? 1 : kRequests);
  if (::send(peer.get(), last.data(), last.size(), MSG_DONTWAIT) < 0) return 0;

  // So small that some datagrams are cut.
  Buffer scratch((mode & 2) != 0 ? 256 : 4096);
  std::uint32_t sequence = 1;
  const std::atomic<bool> closing = false;
  Channel channel{socket.value(), scratch, sequence, closing, wake.value()};
  nlmsghdr header{};
  header.nlmsg_len = kHeaderLength;
  Buffer requests(kHeaderLength * kRequests);
  for (std::uint32_t index = 0; index < kRequests; index++) {
    std::memcpy(requests.data() + index * kHeaderLength, &header, sizeof(header));
  }
  if (dumping) {
    requests.used = kHeaderLength;
    Dump dump(std::move(requests), 4096);
    for (;;) {
      const Dump::Progress progress = dump.advance(channel);
      Dump::ReadOutcome outcome = dump.read([](const DumpChunk&) { __builtin_trap(); });
      if (!outcome.chunk) __builtin_trap();
      MessageReader reader(outcome.chunk->messages.bytes());
      while (reader.next()) {
      }
      if (reader.malformed()) __builtin_trap();
      if (outcome.chunk->done) break;
      if (progress == Dump::Progress::kFinished) continue;
    }
  } else {
    requests.used = requests.capacity();
    ExchangeOptions options;
    options.stopOnError = (mode & 4) != 0;
    check(exchange(channel, requests, options).replies);
  }
  return 0;
}
