#include <algorithm>
#include <chrono>
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

/**
 * How many links are deleted while the kernel holds its routing lock: more are faster, and stall other
 * namespaces. As netloom does, the next chunk is as large as fits in the time that one may take.
 */
constexpr std::size_t kFewest = 125;
constexpr std::size_t kMost = 250;
constexpr double kHoldSeconds = 0.080;

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
  Messages tags;
  for (std::size_t i = 0; i < count; i++) setGroup(tags, numbered('v', static_cast<std::uint32_t>(i)), group);
  Messages deletion;
  deleteGroup(deletion, group);
  Report report;
  report.start();
  Socket socket;
  checkUnused(socket, dump, group);
  std::size_t chunk = kFewest;
  for (std::size_t from = 0; from < count;) {
    const std::size_t to = std::min(from + chunk, count);
    const auto began = std::chrono::steady_clock::now();
    // Two datagrams: if tagging failed, nothing would be deleted.
    socket.run(tags, from, to);
    socket.run(deletion);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    const double fitting = static_cast<double>(to - from) * kHoldSeconds / std::max(took.count(), 0.001);
    chunk = std::clamp(static_cast<std::size_t>(fitting), kFewest, kMost);
    from = to;
  }
  report.part("delete");
  report.print(count);
}

}  // namespace contender
