#include <arpa/inet.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "fail.h"
#include "link_messages.h"
#include "namespaces.h"
#include "operations.h"
#include "report.h"
#include "socket.h"

namespace contender {
namespace {

constexpr std::uint32_t kHost = (10U << 24) + (255U << 16) + 1;
constexpr std::uint32_t kFirst = (10U << 24) + (100U << 16);
/** The index of `lo` in a new namespace, and the one that is given to `eth0`. */
constexpr std::uint32_t kLoopback = 1;
constexpr std::uint32_t kEthernet = 2;

/** A route to an address, or by default, out of a link; `address` and `gateway` in host order, 0 for none. */
void addHostRoute(Messages& messages, std::uint32_t address, std::uint32_t gateway, std::uint32_t link) {
  rtmsg route{};
  route.rtm_family = AF_INET;
  route.rtm_dst_len = address == 0 ? 0 : 32;
  route.rtm_table = RT_TABLE_MAIN;
  route.rtm_protocol = RTPROT_STATIC;
  route.rtm_scope = gateway == 0 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  route.rtm_type = RTN_UNICAST;
  messages.begin(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, route);
  if (address != 0) messages.attribute(RTA_DST, htonl(address));
  if (gateway != 0) messages.attribute(RTA_GATEWAY, htonl(gateway));
  messages.attribute(RTA_OIF, link);
  messages.end();
}

class Container {
 public:
  /** `index` is free here: its end of the cable gets it. */
  Container(std::uint32_t number, std::uint32_t index)
      : path_(namedPath("c" + std::to_string(number))), cable_("h" + std::to_string(number)), index_(index) {
    const std::uint32_t address = kFirst + number;
    setUp(inside_, kLoopback);
    setUp(inside_, kEthernet);
    addAddress(inside_, kEthernet, address);
    addHostRoute(inside_, kHost, 0, kEthernet);
    addHostRoute(inside_, 0, kHost, kEthernet);
    addHostRoute(route_, address, 0, index);
  }

  /** Makes everything, in three datagrams; `own` is the namespace that the thread is in. */
  void add(Socket& host, int own) {
    enterNewNamespace(path_);
    const int there = currentNamespace();
    Socket guest(0);
    check(::setns(own, CLONE_NEWNET), "setns");
    Messages cable;
    addPair(cable, {cable_, index_}, {"eth0", kEthernet}, there);
    host.run(cable);
    guest.run(inside_);
    host.run(route_);
    ::close(there);
  }

  /** Takes the name away, and with it all that holds the namespace. */
  void remove() const { removeName(path_); }

  /** Waits until the kernel has removed the cable too. */
  void awaitEnd() const {
    while (::if_nametoindex(cable_.c_str()) != 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

 private:
  std::string path_;
  std::string cable_;
  std::uint32_t index_;
  Messages inside_;
  Messages route_;
};

/** Runs `work` with each number below `count`, in so many threads. */
template <typename Work>
void inThreads(std::uint32_t threads, std::uint32_t count, Work work) {
  std::atomic<std::uint32_t> next = 0;
  const auto loop = [&] {
    Socket host(0);
    const int own = currentNamespace();
    for (std::uint32_t i = next++; i < count; i = next++) work(i, host, own);
    ::close(own);
  };
  std::vector<std::thread> others;
  for (std::uint32_t i = 1; i < threads; i++) others.emplace_back(loop);
  loop();
  for (std::thread& other : others) other.join();
}

}  // namespace

void container(const Arguments& arguments) {
  const std::uint32_t count = arguments.number("count");
  const std::uint32_t concurrency = arguments.number("concurrency", 1);
  // Nobody else makes links here: these indices are free.
  constexpr std::uint32_t kFirstIndex = 1000;
  std::vector<Container> containers;
  containers.reserve(count);
  for (std::uint32_t i = 0; i < count; i++) containers.emplace_back(i, kFirstIndex + i);
  Report report;
  std::mutex mutex;
  const auto sample = [&](const char* name, double begun) {
    const double took = (now() - begun) * 1e6;
    const std::lock_guard lock(mutex);
    report.sample(name, took);
  };
  report.start();
  inThreads(concurrency, count, [&](std::uint32_t i, Socket& host, int own) {
    const double begun = now();
    containers[i].add(host, own);
    sample("add", begun);
  });
  report.part("add");
  inThreads(concurrency, count, [&](std::uint32_t i, Socket&, int) {
    const double begun = now();
    containers[i].remove();
    sample("remove", begun);
    containers[i].awaitEnd();
    sample("gone", begun);
  });
  report.part("remove");
  report.print(count);
}

}  // namespace contender
