#include "core/subscription.h"

#include "test/fixture.h"

namespace netloom::test {
namespace {

class SubscriptionTest : public ConnectionTest {
 protected:
  std::shared_ptr<Subscription> subscribe(const std::vector<std::uint32_t>& groups, int receiveBuffer = 0) {
    std::optional<Result<std::shared_ptr<Subscription>>> opened;
    inside([&] { opened.emplace(Subscription::open(reactor_, {NETLINK_ROUTE, receiveBuffer, 0}, groups)); });
    return opened->value();
  }

  static Future<std::optional<Events>> read(const std::shared_ptr<Subscription>& subscription) {
    Future<std::optional<Events>> future;
    std::optional<Events> now =
        subscription->read([future](std::optional<Events> events) { future.set(std::move(events)); });
    if (now) future.set(std::move(now));
    return future;
  }
};

TEST_F(SubscriptionTest, DeliversAnEvent) {
  const auto subscription = subscribe({RTNLGRP_LINK});
  const auto connection = connect();
  const auto events = read(subscription);
  EXPECT_FALSE(events.ready());
  EXPECT_EQ(exchange(connection, single(setLinkUp(1))).get().value().error, 0);
  const std::optional<Events> got = events.get();
  ASSERT_TRUE(got);
  EXPECT_FALSE(got->overrun);
  EXPECT_EQ(messagesIn(got->messages.bytes()).at(0).header.nlmsg_type, RTM_NEWLINK);
}

TEST_F(SubscriptionTest, JoinsGroupsBeyondTheMask) {
  const auto subscription = subscribe({RTNLGRP_NEXTHOP});
  const auto connection = connect();
  EXPECT_TRUE(exchange(connection, single(setLinkUp(1))).get().ok());
  nhmsg hop{};
  hop.nh_family = AF_INET;
  auto request = RequestBuilder(RTM_NEWNEXTHOP, NLM_F_CREATE).fixed(hop).number(NHA_ID, 7);
  request.attribute(NHA_BLACKHOLE, nullptr, 0);
  ASSERT_TRUE(exchange(connection, single(request.bytes())).get().value().replies.empty());
  EXPECT_EQ(messagesIn(read(subscription).get()->messages.bytes()).at(0).header.nlmsg_type, RTM_NEWNEXTHOP);
}

TEST_F(SubscriptionTest, LosesNothingThatFitsInTheBuffer) {
  const auto subscription = subscribe({RTNLGRP_IPV4_ROUTE}, 8 << 20);
  const auto connection = connect();
  addRoutes(connection, 2000);
  std::size_t count = 0;
  while (count < 2000) {
    const std::optional<Events> events = read(subscription).get();
    ASSERT_TRUE(events);
    EXPECT_FALSE(events->overrun);
    count += messagesIn(events->messages.bytes()).size();
  }
  EXPECT_EQ(count, 2000U);
}

TEST_F(SubscriptionTest, SaysThatEventsWereDropped) {
  const auto subscription = subscribe({RTNLGRP_IPV4_ROUTE}, 4096);
  const auto connection = connect();
  // Far more than is read ahead.
  addRoutes(connection, 40000);
  bool overrun = false;
  std::size_t count = 0;
  while (!overrun) {
    const std::optional<Events> events = read(subscription).get();
    ASSERT_TRUE(events);
    overrun = events->overrun;
    count += messagesIn(events->messages.bytes()).size();
  }
  EXPECT_LT(count, 40000U);
  // It goes on with what comes later.
  EXPECT_TRUE(exchange(connection, single(newRoute(0x60000))).get().value().replies.empty());
  EXPECT_TRUE(read(subscription).get());
}

TEST_F(SubscriptionTest, WakesItsReaderWhenClosed) {
  const auto subscription = subscribe({RTNLGRP_LINK});
  const auto events = read(subscription);
  subscription->close();
  EXPECT_FALSE(events.get());
  EXPECT_FALSE(read(subscription).get());
  subscription->close();
}

TEST_F(SubscriptionTest, LeavesNoDescriptorsBehindAndOneThread) {
  const auto first = subscribe({RTNLGRP_LINK});
  const std::size_t descriptors = countDescriptors();
  for (int turn = 0; turn < 100; turn++) subscribe({RTNLGRP_LINK})->close();
  // Fewer where something of an earlier test was still being closed when they were counted.
  EXPECT_LE(countDescriptors(), descriptors);
  EXPECT_TRUE(eventually([] { return countOwnThreads() == 1; }));
  EXPECT_FALSE(Subscription::open(reactor_, {NETLINK_ROUTE, 0, 0}, {9999}).ok());
  EXPECT_LE(countDescriptors(), descriptors);
}

TEST_F(SubscriptionTest, EndsItsThreadWhenStopped) {
  const auto subscription = subscribe({RTNLGRP_LINK});
  EXPECT_TRUE(eventually([] { return countOwnThreads() == 1; }));
  reactor_->stop();
  EXPECT_TRUE(eventually([] { return countOwnThreads() == 0; }));
  subscription->close();
}

}  // namespace
}  // namespace netloom::test
