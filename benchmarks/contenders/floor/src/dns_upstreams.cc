#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "dns_messages.h"
#include "fail.h"
#include "operations.h"
#include "report.h"

namespace contender {
namespace {

int listenAt(const std::string& address) {
  const int fd = check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
  const sockaddr_in at{
      .sin_family = AF_INET, .sin_port = htons(kDnsPort), .sin_addr = ipv4(address), .sin_zero = {}};
  check(::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at), address.c_str());
  return fd;
}

void answerOne(int fd, in_addr address) {
  std::array<std::uint8_t, kLargestDnsMessage> bytes;
  sockaddr_in from{};
  socklen_t size = sizeof from;
  auto* peer = reinterpret_cast<sockaddr*>(&from);
  const ssize_t length = ::recvfrom(fd, bytes.data(), bytes.size(), 0, peer, &size);
  if (length < 0) fail("a query", errno);
  const auto answer = dnsAnswer({bytes.data(), static_cast<std::size_t>(length)}, address);
  if (!answer.empty()) ::sendto(fd, answer.data(), answer.size(), 0, peer, size);
}

}  // namespace

void dnsUpstreams(const Arguments& arguments) {
  // Nobody reads what arrives at this one: it is neither answered nor refused.
  listenAt(arguments.text("dead"));
  const int fd = listenAt(arguments.text("alive"));
  const in_addr address = ipv4(arguments.text("address"));
  Report report;
  report.start();
  std::puts("ready");
  std::fflush(stdout);
  std::uint64_t count = 0;
  std::array<pollfd, 2> awaited{{{fd, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
  while (::poll(awaited.data(), awaited.size(), -1) > 0 && awaited[1].revents == 0) {
    answerOne(fd, address);
    count++;
  }
  report.print(count);
}

}  // namespace contender
