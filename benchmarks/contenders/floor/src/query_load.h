#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace contender {

/** What became of queries at one rate. */
struct LoadOutcome {
  /** Microseconds from when a query was due until its answer was read, of those that were answered. */
  std::vector<double> delays;
  /** Microseconds by which queries were sent later than they were due: what is the client's own fault. */
  std::vector<double> late;
  std::uint64_t sent = 0;
};

/**
 * A client that asks for one name again and again, an open loop: each query is due at a moment of its own,
 * whatever became of those before, and its delay counts from that moment. It has several ports, as clients
 * do, keeps its processor busy so as to see each answer at once, and ends the contender over a wrong answer.
 */
class QueryLoad {
 public:
  QueryLoad(in_addr server, const std::string& name, in_addr address);
  QueryLoad(const QueryLoad&) = delete;
  QueryLoad& operator=(const QueryLoad&) = delete;
  ~QueryLoad();

  /** Sends `rate` queries a second, for so many seconds, and waits for answers a second longer. */
  LoadOutcome run(double rate, double seconds);

 private:
  static constexpr std::size_t kPorts = 16;
  static constexpr std::size_t kBatch = 32;
  static constexpr std::size_t kIds = 0x10000;

  struct Port {
    int fd = -1;
    std::uint16_t nextId = 0;
    /** By id, when a query that waits was due; 0 where none waits. */
    std::vector<double> due;
  };

  void send(double begun, double rate, std::uint64_t due);
  void receive(int timeout);
  void take(Port& port);

  std::vector<std::uint8_t> query_;
  in_addr address_;
  int epoll_ = -1;
  std::array<Port, kPorts> ports_;
  std::size_t nextPort_ = 0;
  LoadOutcome outcome_;
};

}  // namespace contender
