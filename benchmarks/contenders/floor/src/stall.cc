#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "link_messages.h"
#include "operations.h"
#include "report.h"
#include "socket.h"

namespace contender {
namespace {

/** Nobody writes to our standard input: it can be read when its other end is closed. */
bool toldToEnd() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return ::poll(&input, 1, 0) != 0;
}

}  // namespace

/** Adds and removes an address until its standard input ends, and keeps how long a change took at most. */
void stallProbe(const Arguments&) {
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
  for (; !toldToEnd(); count++) {
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
