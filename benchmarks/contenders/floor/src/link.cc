#include <linux/rtnetlink.h>

#include <algorithm>

#include "link_messages.h"
#include "operations.h"
#include "report.h"
#include "socket.h"

namespace contender {
namespace {

std::size_t countLinks(std::span<const std::uint8_t> datagram) {
  std::size_t found = 0;
  eachMessage(datagram, [&](const nlmsghdr& message) {
    found += message.nlmsg_type == RTM_NEWLINK ? 1 : 0;
    return true;
  });
  return found;
}

}  // namespace

void linkGet(const Arguments& arguments) {
  const std::uint32_t count = arguments.number("count");
  Messages request;
  getLink(request, "wire0");
  std::size_t found = 0;
  Report report;
  report.start();
  Socket socket;
  for (std::uint32_t i = 0; i < count; i++) {
    const double begun = now();
    socket.send(request.bytes());
    found += countLinks(socket.receive());
    report.sample("get", (now() - begun) * 1e6);
  }
  report.print(found);
}

/** What is in flight at once goes in one datagram. */
void linkGetConcurrent(const Arguments& arguments) {
  const std::size_t count = arguments.number("count");
  const std::size_t concurrency = arguments.number("concurrency");
  Messages requests;
  for (std::size_t i = 0; i < concurrency; i++) getLink(requests, "wire0");
  std::size_t found = 0;
  Report report;
  report.start();
  Socket socket;
  while (found < count) {
    const std::size_t wanted = found + std::min(concurrency, count - found);
    const std::size_t length = requests.bytes().size() / concurrency * (wanted - found);
    socket.send(requests.bytes().first(length));
    while (found < wanted) {
      const std::size_t more = countLinks(socket.receive());
      if (more == 0) break;
      found += more;
    }
    if (found < wanted) break;
  }
  report.part("get");
  report.print(found);
}

}  // namespace contender
