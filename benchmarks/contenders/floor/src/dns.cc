#include <algorithm>
#include <limits>

#include "dns_messages.h"
#include "namespaces.h"
#include "operations.h"
#include "query_load.h"
#include "report.h"

namespace contender {
namespace {

/** Microseconds after which resolvers ask again by default (resolv.conf(5)): what a query that is lost costs
 * at least. */
constexpr double kAskAgain = 5e6;

/** Microseconds within which 99 of 100 queries are to be answered. */
constexpr double kSoon = 5000;

/** Microseconds within which 99 of 100 are; those that are lost never are. */
double p99(std::vector<double> values, std::uint64_t of) {
  const auto rank = static_cast<std::size_t>(static_cast<double>(of) * 0.99);
  if (rank >= values.size()) return std::numeric_limits<double>::infinity();
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rank), values.end());
  return values[rank];
}

void withLoad(const Arguments& arguments, const std::function<void(QueryLoad&)>& work) {
  inNamespace(openNamespace(arguments.text("namespace")), [&] {
    QueryLoad load(ipv4(arguments.text("server")), arguments.text("name"), ipv4(arguments.text("address")));
    work(load);
  });
}

}  // namespace

void dnsLoad(const Arguments& arguments) {
  withLoad(arguments, [&](QueryLoad& load) {
    const double rate = arguments.number("rate");
    load.run(rate, arguments.number("discard"));
    Report report;
    report.start();
    const LoadOutcome outcome = load.run(rate, arguments.number("seconds"));
    report.part("load");
    for (const double delay : outcome.delays) report.sample("answer", delay);
    for (auto lost = outcome.sent - outcome.delays.size(); lost > 0; lost--)
      report.sample("answer", kAskAgain);
    for (const double late : outcome.late) report.sample("late", late);
    report.print(outcome.delays.size());
  });
}

void dnsLimit(const Arguments& arguments) {
  withLoad(arguments, [&](QueryLoad& load) {
    const double seconds = arguments.number("seconds");
    double good = 0;
    double bad = arguments.number("most");
    double late = 0;
    std::uint64_t answered = 0;
    const auto sustains = [&](double rate) {
      const LoadOutcome outcome = load.run(rate, seconds);
      answered += outcome.delays.size();
      const bool soon = p99(outcome.delays, outcome.sent) < kSoon;
      if (!soon) late = p99(outcome.late, outcome.sent);
      return soon;
    };
    const double first = arguments.number("first");
    load.run(first, seconds);
    Report report;
    report.start();
    constexpr double kStep = 1.5;
    for (double rate = first; rate < bad; rate *= kStep) (sustains(rate) ? good : bad) = rate;
    constexpr double kClose = 1.05;
    while (bad > good * kClose && good > 0) {
      const double rate = (good + bad) / 2;
      (sustains(rate) ? good : bad) = rate;
    }
    report.part("limit");
    report.extra("sustained", good);
    report.extra("late", late);
    report.print(answered);
  });
}

}  // namespace contender
