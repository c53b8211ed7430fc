#include <linux/rtnetlink.h>
#include <net/if.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

#include "link_messages.h"
#include "operations.h"
#include "report.h"
#include "socket.h"

namespace contender {
namespace {

volatile std::sig_atomic_t ended = 0;

void end(int) {
  ended = 1;
}

}  // namespace

/** Adds and removes an address until it is told to end, and keeps how long a change took at most. */
void stallProbe(const Arguments&) {
  std::signal(SIGTERM, end);
  constexpr std::uint32_t kLoopback = 1;
  constexpr std::uint32_t kAddress = (10U << 24) + (250U << 16) + 1;
  Messages add;
  Messages remove;
  addAddress(add, kLoopback, kAddress);
  deleteAddress(remove, kLoopback, kAddress);
  Socket socket;
  Report report;
  report.start();
  std::puts("ready");
  std::fflush(stdout);
  std::uint64_t count = 0;
  double longest = 0;
  for (; ended == 0; count++) {
    const double begun = now();
    socket.run(count % 2 == 0 ? add : remove);
    longest = std::max(longest, now() - begun);
    // It is a passer-by, not a rival for the kernel's routing lock.
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
  report.seconds("longest", longest);
  report.print(count);
}

}  // namespace contender
