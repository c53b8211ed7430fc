/** The floor: what the kernel itself costs, asked in C++ with messages that were encoded beforehand. */
#include <cstdio>
#include <functional>
#include <map>
#include <string>

#include "fail.h"
#include "operations.h"

int main(int count, char** words) {
  using namespace contender;
  const std::map<std::string, std::function<void(const Arguments&)>> operations{
      {"routes-add", routesAdd},
      {"routes-add-calls", routesAdd},
      {"routes-delete", routesDelete},
      {"routes-list", [](const Arguments& arguments) { routesRead(arguments, "list"); }},
      {"routes-stream", [](const Arguments& arguments) { routesRead(arguments, "stream"); }},
      {"routes-table", routesTable},
      {"route-add", routeAdd},
      {"veth-add", vethAdd},
      {"veth-delete", vethDelete},
      {"link-get", linkGet},
      {"link-get-concurrent", linkGetConcurrent},
      {"container", container},
      {"monitor", monitor},
      {"monitor-resync", monitor},
      {"churn", churn},
      {"stall-probe", stallProbe},
      {"dns-load", dnsLoad},
      {"dns-limit", dnsLimit},
      {"dns-ask", dnsAsk},
      {"dns-upstreams", dnsUpstreams},
      {"version", [](const Arguments&) { std::puts("{\"version\":\"" __VERSION__ "\"}"); }},
  };
  const auto operation = count < 2 ? operations.end() : operations.find(words[1]);
  if (operation == operations.end()) fail("an operation is needed; see benchmarks/README.md", 0);
  operation->second(Arguments({words + 2, words + count}));
}
