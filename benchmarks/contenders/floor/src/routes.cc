#include "operations.h"
#include "report.h"
#include "route_messages.h"
#include "socket.h"

namespace contender {

void routesAdd(const Arguments& arguments) {
  const std::uint32_t count = arguments.number("count");
  const std::uint32_t link = linkIndex("wire0");
  Messages messages;
  for (std::uint32_t i = 0; i < count; i++) addRoute(messages, arguments.family(), i, link);
  Report report;
  report.start();
  Socket socket;
  socket.run(messages, arguments.number("size", count));
  report.part("add");
  report.print(count);
}

void routesDelete(const Arguments& arguments) {
  const std::uint32_t count = arguments.number("count");
  Messages messages;
  for (std::uint32_t i = 0; i < count; i++) deleteRoute(messages, arguments.family(), i);
  Report report;
  report.start();
  Socket socket;
  socket.run(messages);
  report.part("delete");
  report.print(count);
}

void routesRead(const Arguments& arguments, const char* part) {
  Messages request = routeDump(arguments.family(), RT_TABLE_MAIN);
  std::uint64_t found = 0;
  Report report;
  report.start();
  Socket socket;
  socket.dump(request, [&](const nlmsghdr& message) { found += isAddedRoute(message) ? 1 : 0; });
  report.part(part);
  report.print(found);
}

void routesTable(const Arguments& arguments) {
  const std::uint32_t repeat = arguments.number("repeat");
  Messages request = routeDump(arguments.family(), arguments.number("table"));
  std::uint64_t found = 0;
  Report report;
  report.start();
  Socket socket;
  for (std::uint32_t i = 0; i < repeat; i++) {
    const double begun = now();
    socket.dump(request, [&](const nlmsghdr& message) { found += isAddedRoute(message) ? 1 : 0; });
    report.sample("table", (now() - begun) * 1e6);
  }
  report.print(found);
}

void routeAdd(const Arguments& arguments) {
  const std::uint32_t count = arguments.number("count");
  const std::uint32_t link = linkIndex("wire0");
  Messages messages;
  for (std::uint32_t i = 0; i < count; i++) addRoute(messages, AF_INET, i, link);
  Report report;
  report.start();
  Socket socket;
  for (std::uint32_t i = 0; i < count; i++) {
    const double begun = now();
    socket.run(messages, i, i + 1);
    report.sample("add", (now() - begun) * 1e6);
  }
  report.print(count);
}

}  // namespace contender
