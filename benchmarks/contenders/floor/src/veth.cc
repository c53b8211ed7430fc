#include <algorithm>
#include <cstring>
#include <optional>
#include <random>

#include "fail.h"
#include "link_messages.h"
#include "namespaces.h"
#include "operations.h"
#include "report.h"
#include "socket.h"

namespace contender {
namespace {

/** How many links are deleted while the kernel holds its routing lock: larger chunks stall other namespaces.
 */
constexpr std::size_t kChunk = 200;

std::string numbered(char letter, std::uint32_t i) {
  return letter + std::to_string(i);
}

std::uint32_t randomGroup() {
  std::random_device random;
  return (random() & 0x7fffffff) | 1;
}

/** No link may be in the group: all that are in it will be deleted. */
void checkUnused(Socket& socket, Messages& dump, std::uint32_t group) {
  socket.dump(dump, [&](const nlmsghdr& message) {
    const rtattr* attribute = linkAttribute(message, IFLA_GROUP);
    if (attribute != nullptr && std::memcmp(RTA_DATA(attribute), &group, sizeof(group)) == 0) {
      fail("the group is in use: try again", 0);
    }
  });
}

void setGroup(Messages& messages, const std::string& name, std::uint32_t group) {
  messages.begin(RTM_SETLINK, 0, ifinfomsg{});
  messages.attribute(IFLA_IFNAME, name);
  messages.attribute(IFLA_GROUP, group);
  messages.end();
}

void deleteGroup(Messages& messages, std::uint32_t group) {
  messages.begin(RTM_DELLINK, 0, ifinfomsg{});
  messages.attribute(IFLA_GROUP, group);
  messages.end();
}

}  // namespace

void vethAdd(const Arguments& arguments) {
  const std::uint32_t count = arguments.number("count");
  // Both namespaces were made for this: from here on no index is taken.
  const std::uint32_t index = arguments.number("index");
  const int there = openNamespace(arguments.text("namespace"));
  Messages create;
  Messages configure;
  for (std::uint32_t i = 0; i < count; i++) {
    addPair(create, {numbered('v', i), index + i}, {numbered('p', i), index + i}, there);
    setUp(configure, index + i);
    addAddress(configure, index + i, (10U << 24) + (200U << 16) + i);
  }
  Report report;
  report.start();
  Socket socket;
  socket.run(create);
  report.part("create");
  std::optional<Socket> other;
  inNamespace(there, [&] { other.emplace(); });
  other->run(configure);
  report.part("configure");
  report.print(count);
}

void vethDelete(const Arguments& arguments) {
  const std::size_t count = arguments.number("count");
  const std::uint32_t group = randomGroup();
  Messages dump = linkDump();
  Messages messages;
  for (std::size_t from = 0; from < count; from += kChunk) {
    const std::size_t to = std::min(from + kChunk, count);
    for (std::size_t i = from; i < to; i++) {
      setGroup(messages, numbered('v', static_cast<std::uint32_t>(i)), group);
    }
    deleteGroup(messages, group);
  }
  Report report;
  report.start();
  Socket socket;
  checkUnused(socket, dump, group);
  // A chunk and its deletion in two datagrams: if tagging failed, nothing would be deleted.
  for (std::size_t from = 0; from < messages.count();) {
    const std::size_t to = std::min(from + kChunk, messages.count() - 1);
    socket.run(messages, from, to);
    socket.run(messages, to, to + 1);
    from = to + 1;
  }
  report.part("delete");
  report.print(count);
}

}  // namespace contender
