#include <algorithm>
#include <chrono>
#include <thread>

#include "operations.h"
#include "report.h"
#include "route_messages.h"
#include "socket.h"

namespace contender {
namespace {

/** The routes that come and go: as many as are sent at once. */
constexpr std::uint32_t kMost = 64;

/** Waits for a moment of the clock of `now`; the last of it awake, since sleep is not exact. */
void waitUntil(double moment) {
  constexpr double kInexact = 200e-6;
  for (double left = moment - now(); left > 0; left = moment - now()) {
    if (left > kInexact) std::this_thread::sleep_for(std::chrono::duration<double>(left - kInexact));
  }
}

}  // namespace

void churn(const Arguments& arguments) {
  const std::uint32_t first = arguments.number("first");
  const std::uint32_t rate = arguments.number("rate", 0);
  const std::uint32_t link = linkIndex("wire0");
  // One thousand bursts a second at most.
  const std::uint32_t burst = rate == 0 ? kMost : std::clamp(rate / 1000, 1U, kMost);
  const std::uint32_t bursts = (arguments.number("count") + burst - 1) / burst / 2 * 2;
  Messages add;
  Messages remove;
  Messages last;
  for (std::uint32_t i = first; i < first + burst; i++) {
    addRoute(add, AF_INET, i, link);
    deleteRoute(remove, AF_INET, i);
  }
  addRoute(last, AF_INET, kLastRoute, link);
  Report report;
  Socket socket;
  report.start();
  const double begun = now();
  for (std::uint32_t i = 0; i < bursts; i++) {
    if (rate != 0) waitUntil(begun + static_cast<double>(i) * burst / rate);
    socket.run(i % 2 == 0 ? add : remove);
  }
  report.part("churn");
  report.seconds("at", now());
  socket.run(last);
  report.print(std::uint64_t{bursts} * burst);
}

}  // namespace contender
