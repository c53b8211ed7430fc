#include "query_load.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <utility>

#include "dns_messages.h"
#include "fail.h"
#include "report.h"

namespace contender {

QueryLoad::QueryLoad(in_addr server, const std::string& name, in_addr address)
    : query_(dnsQuery(name)),
      address_(address),
      epoll_(check(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")) {
  for (std::size_t i = 0; i < kPorts; i++) {
    ports_[i].fd = dnsSocket(server);
    ports_[i].due.resize(kIds);
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    check(::epoll_ctl(epoll_, EPOLL_CTL_ADD, ports_[i].fd, &event), "epoll_ctl");
  }
}

QueryLoad::~QueryLoad() {
  for (const Port& port : ports_) ::close(port.fd);
  ::close(epoll_);
}

LoadOutcome QueryLoad::run(double rate, double seconds) {
  constexpr double kPatience = 1;
  const auto total = static_cast<std::uint64_t>(rate * seconds);
  outcome_ = {};
  outcome_.delays.reserve(total);
  outcome_.late.reserve(total);
  for (Port& port : ports_) std::fill(port.due.begin(), port.due.end(), 0);
  const double begun = now();
  while (outcome_.sent < total) {
    const auto due = static_cast<std::uint64_t>((now() - begun) * rate) + 1;
    send(begun, rate, std::min(due, total));
    receive(0);
  }
  const double end = now() + kPatience;
  while (outcome_.delays.size() < total && now() < end) receive(1);
  return std::exchange(outcome_, {});
}

/** Sends until `due` are sent, or the kernel takes no more at present. */
void QueryLoad::send(double begun, double rate, std::uint64_t due) {
  while (outcome_.sent < due) {
    Port& port = ports_[nextPort_++ % kPorts];
    const auto count = static_cast<unsigned>(std::min<std::uint64_t>(due - outcome_.sent, kBatch));
    std::array<std::array<std::uint8_t, kLargestDnsMessage>, kBatch> copies;
    std::array<iovec, kBatch> parts;
    std::array<mmsghdr, kBatch> messages{};
    const double time = now();
    for (unsigned i = 0; i < count; i++) {
      const auto id = static_cast<std::uint16_t>(port.nextId + i);
      std::copy(query_.begin(), query_.end(), copies[i].begin());
      setDnsId(copies[i], id);
      // Before it is sent: the answer can be there at once.
      port.due[id] = begun + static_cast<double>(outcome_.sent + i) / rate;
      parts[i] = {copies[i].data(), query_.size()};
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent = ::sendmmsg(port.fd, messages.data(), count, MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN && errno != ENOBUFS) fail("sendmmsg", errno);
    const unsigned done = sent < 0 ? 0 : static_cast<unsigned>(sent);
    for (unsigned i = 0; i < count; i++) {
      double& moment = port.due[static_cast<std::uint16_t>(port.nextId + i)];
      if (i < done) {
        outcome_.late.push_back((time - moment) * 1e6);
      } else {
        moment = 0;
      }
    }
    port.nextId = static_cast<std::uint16_t>(port.nextId + done);
    outcome_.sent += done;
    if (done < count) return;
  }
}

void QueryLoad::receive(int timeout) {
  std::array<epoll_event, kPorts> events;
  const int count = ::epoll_wait(epoll_, events.data(), kPorts, timeout);
  if (count < 0 && errno != EINTR) fail("epoll_wait", errno);
  for (int i = 0; i < count; i++) take(ports_[events[static_cast<std::size_t>(i)].data.u64]);
}

void QueryLoad::take(Port& port) {
  std::array<std::array<std::uint8_t, kLargestDnsMessage>, kBatch> bytes;
  std::array<iovec, kBatch> parts;
  std::array<mmsghdr, kBatch> messages{};
  for (std::size_t i = 0; i < kBatch; i++) {
    parts[i] = {bytes[i].data(), bytes[i].size()};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  const int count = ::recvmmsg(port.fd, messages.data(), kBatch, MSG_DONTWAIT, nullptr);
  if (count < 0 && errno != EAGAIN) fail("an answer", errno);
  const double time = now();
  for (int i = 0; i < count; i++) {
    const auto at = static_cast<std::size_t>(i);
    const std::span<const std::uint8_t> message(bytes[at].data(), messages[at].msg_len);
    if (!dnsAnswers(message, query_, address_)) fail("an answer is wrong", 0);
    double& due = port.due[dnsId(message)];
    // An answer to a query that was given up before.
    if (due == 0) continue;
    outcome_.delays.push_back((time - due) * 1e6);
    due = 0;
  }
}

}  // namespace contender
