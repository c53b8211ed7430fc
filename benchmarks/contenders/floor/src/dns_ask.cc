#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "dns_messages.h"
#include "fail.h"
#include "namespaces.h"
#include "operations.h"
#include "report.h"

namespace contender {
namespace {

constexpr int kPatience = 30'000;

void ask(in_addr server, const std::string& name, in_addr address) {
  const std::vector<std::uint8_t> query = dnsQuery(name);
  const int fd = dnsSocket(server);
  if (::send(fd, query.data(), query.size(), 0) < 0) fail("send", errno);
  pollfd answer{fd, POLLIN, 0};
  if (::poll(&answer, 1, kPatience) != 1) fail("no answer in 30 s", 0);
  std::array<std::uint8_t, kLargestDnsMessage> bytes;
  const ssize_t length = ::recv(fd, bytes.data(), bytes.size(), 0);
  if (length < 0) fail("an answer", errno);
  if (!dnsAnswers({bytes.data(), static_cast<std::size_t>(length)}, query, address)) {
    fail("an answer is wrong", 0);
  }
  ::close(fd);
}

}  // namespace

void dnsAsk(const Arguments& arguments) {
  const in_addr server = ipv4(arguments.text("server"));
  const in_addr address = ipv4(arguments.text("address"));
  const std::uint32_t most = arguments.number("count");
  const double seconds = arguments.number("seconds");
  inNamespace(openNamespace(arguments.text("namespace")), [&] {
    Report report;
    report.start();
    // Each name is new, so that nobody knows it already.
    const double end = now() + seconds;
    std::uint32_t count = 0;
    double last = 0;
    for (; count < most && (count < 2 || now() < end); count++) {
      const double begun = now();
      ask(server, "q" + std::to_string(count) + ".example.com", address);
      last = (now() - begun) * 1e6;
      report.sample(count == 0 ? "first" : "next", last);
    }
    report.sample("last", last);
    report.print(count);
  });
}

}  // namespace contender
