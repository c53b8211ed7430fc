#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstring>
#include <vector>

#include "fail.h"
#include "operations.h"
#include "report.h"
#include "route_messages.h"
#include "socket.h"

namespace contender {
namespace {

bool isLast(const nlmsghdr& message) {
  if (!isAddedRoute(message)) return false;
  const auto* route = static_cast<const rtmsg*>(NLMSG_DATA(&message));
  int left = static_cast<int>(RTM_PAYLOAD(&message));
  for (const rtattr* attribute = RTM_RTA(route); RTA_OK(attribute, left);
       attribute = RTA_NEXT(attribute, left)) {
    if (attribute->rta_type == RTA_DST) {
      return route->rtm_dst_len == 24 && std::memcmp(RTA_DATA(attribute), &kLastDestination, 4) == 0;
    }
  }
  return false;
}

/** Follows the routes' events without decoding more than the end needs. */
class Follower {
 public:
  explicit Follower(int receiveBuffer) : events_(receiveBuffer, RTMGRP_IPV4_ROUTE) {}

  void follow() {
    bool lost = false;
    while (!ended_) {
      const ssize_t length = ::recv(events_.fd(), scratch_.data(), scratch_.size(), MSG_DONTWAIT);
      if (length >= 0) {
        take({scratch_.data(), static_cast<std::size_t>(length)});
      } else if (errno == ENOBUFS) {
        lost = true;
      } else if (errno != EAGAIN) {
        fail("recv");
      } else if (lost) {
        // Until the queue is empty the kernel goes on dropping, without a word.
        lost = false;
        resync();
      } else {
        pollfd wait{events_.fd(), POLLIN, 0};
        check(::poll(&wait, 1, -1), "poll");
      }
    }
  }

  std::uint64_t count() const { return count_; }
  double first() const { return first_; }
  const std::vector<double>& resyncs() const { return resyncs_; }

 private:
  void take(std::span<const std::uint8_t> datagram) {
    if (count_ == 0) first_ = now();
    eachMessage(datagram, [&](const nlmsghdr& message) {
      ended_ = isLast(message);
      if (!ended_) count_++;
      return !ended_;
    });
  }

  void resync() {
    const double begun = now();
    Messages request = routeDump(AF_INET, RT_TABLE_MAIN);
    Socket().dump(request, [&](const nlmsghdr& message) { ended_ |= isLast(message); });
    resyncs_.push_back((now() - begun) * 1e6);
  }

  Socket events_;
  std::vector<std::uint8_t> scratch_ = std::vector<std::uint8_t>(32768);
  bool ended_ = false;
  std::uint64_t count_ = 0;
  double first_ = 0;
  std::vector<double> resyncs_;
};

}  // namespace

void monitor(const Arguments& arguments) {
  Report report;
  report.start();
  Follower follower(static_cast<int>(arguments.number("buffer", 0)));
  std::puts("ready");
  std::fflush(stdout);
  follower.follow();
  const double end = now();
  report.seconds("follow", end - follower.first());
  for (const double resync : follower.resyncs()) report.sample("resync", resync);
  report.seconds("at", end);
  report.print(follower.count());
}

}  // namespace contender
