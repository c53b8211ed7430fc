#include "core/exchange.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <atomic>
#include <optional>
#include <thread>

#include "test/isolation.h"
#include "test/requests.h"

namespace netloom::test {
namespace {

class ExchangeTest : public KernelTest {
 protected:
  void SetUp() override {
    KernelTest::SetUp();
    if (!IsSkipped()) open(0);
  }

  void open(int receiveBuffer) {
    Result<NetlinkSocket> socket = NetlinkSocket::open({NETLINK_ROUTE, receiveBuffer, 0});
    ASSERT_TRUE(socket.ok());
    socket_.emplace(std::move(socket.value()));
  }

  ExchangeResult run(Buffer requests, ExchangeOptions options = {}) {
    Channel channel{*socket_, scratch_, sequence_, closing_, wake_};
    return exchange(channel, requests, options);
  }

  /** Queues answers on the socket that nobody reads, until the kernel drops some. */
  void overflow() {
    const Buffer requests = many(32, [](std::uint32_t) { return getLink(1); });
    for (int turn = 0; turn < 20; turn++) ASSERT_EQ(socket_->send(requests.bytes()), 0);
  }

  std::optional<NetlinkSocket> socket_;
  Buffer scratch_{64 * 1024};
  std::uint32_t sequence_ = 1;
  std::atomic<bool> closing_ = false;
  WakeEvent wake_ = std::move(WakeEvent::open().value());
};

TEST(RequestBudget, FollowsTheReceiveBuffer) {
  EXPECT_EQ(requestBudget(212992, false), 128U);
  EXPECT_EQ(requestBudget(212992, true), 64U);
  EXPECT_EQ(requestBudget(2304, true), 1U);
}

TEST(CountRequests, AcceptsWholeMessagesOnly) {
  EXPECT_EQ(countRequests({}), 0U);
  EXPECT_EQ(countRequests(many(3, [](std::uint32_t) { return getLink(1); }).bytes()), 3U);
  const std::vector<std::uint8_t> one = getLink(1);
  EXPECT_EQ(countRequests(Bytes(one).first(one.size() - 1)), 0U);
}

TEST_F(ExchangeTest, GivesTheObjectItAskedFor) {
  const ExchangeResult result = run(single(getLink(1)), {.replies = true});
  EXPECT_EQ(result.error, 0);
  EXPECT_EQ(result.sent, 1U);
  const std::vector<Message> messages = messagesIn(result.replies);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].header.nlmsg_type, RTM_NEWLINK);
  EXPECT_EQ(messages[0].header.nlmsg_seq, 0U);
}

TEST_F(ExchangeTest, SaysNothingOfSuccess) {
  const ExchangeResult result = run(many(1000, [](std::uint32_t index) { return newRoute(index); }));
  EXPECT_EQ(result.error, 0);
  EXPECT_EQ(result.sent, 1000U);
  EXPECT_TRUE(result.replies.empty());
  EXPECT_TRUE(result.unknown.empty());
}

TEST_F(ExchangeTest, LosesNoErrorOfTwentyThousand) {
  const ExchangeResult result =
      run(many(20000, [](std::uint32_t index) { return getLink(static_cast<int>(1000000 + index)); }));
  EXPECT_EQ(result.error, 0);
  EXPECT_EQ(result.sent, 20000U);
  EXPECT_TRUE(result.unknown.empty());
  const std::vector<Message> messages = messagesIn(result.replies);
  ASSERT_EQ(messages.size(), 20000U);
  for (std::uint32_t index = 0; index < messages.size(); index++) {
    ASSERT_EQ(messages[index].header.nlmsg_seq, index);
    ASSERT_EQ(messages[index].header.nlmsg_type, NLMSG_ERROR);
    ASSERT_EQ(parseAcknowledgement(messages[index])->code, -ENODEV);
  }
}

TEST_F(ExchangeTest, StopsAfterTheDatagramThatHeldAnError) {
  const auto make = [](std::uint32_t index) {
    return index == 200 ? getLink(999999) : newRoute(0x10000 + index);
  };
  const ExchangeResult result = run(many(1000, make), {.stopOnError = true});
  EXPECT_EQ(result.sent, 256U);
  const std::vector<Message> messages = messagesIn(result.replies);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].header.nlmsg_seq, 200U);
  // The rest of that datagram was run all the same.
  const ExchangeResult again =
      run(many(56, [](std::uint32_t index) { return newRoute(0x10000 + 200 + index); }));
  EXPECT_EQ(messagesIn(again.replies).size(), 55U);
}

TEST_F(ExchangeTest, AnswersManyGetsThroughATinyBuffer) {
  open(4096);
  EXPECT_LT(socket_->receiveBuffer(), 16384U);
  const ExchangeResult result = run(many(300, [](std::uint32_t) { return getLink(1); }), {.replies = true});
  EXPECT_EQ(result.error, 0);
  const std::vector<Message> messages = messagesIn(result.replies);
  ASSERT_EQ(messages.size(), 300U);
  for (std::uint32_t index = 0; index < 300; index++) EXPECT_EQ(messages[index].header.nlmsg_seq, index);
}

TEST_F(ExchangeTest, DropsAnswersToSomethingElse) {
  const std::vector<std::uint8_t> stale = getLink(1);
  ASSERT_EQ(socket_->send(stale), 0);
  const ExchangeResult result = run(single(getLink(999999)));
  const std::vector<Message> messages = messagesIn(result.replies);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].header.nlmsg_type, NLMSG_ERROR);
}

TEST_F(ExchangeTest, ReportsChangesAsUnknownWhenAnswersWereLost) {
  overflow();
  const ExchangeResult result = run(many(10, [](std::uint32_t index) { return newRoute(0x20000 + index); }));
  EXPECT_EQ(result.error, ENOBUFS);
  EXPECT_STREQ(result.call, "recvmsg");
  EXPECT_EQ(result.sent, 10U);
  ASSERT_EQ(result.unknown.size(), 1U);
  EXPECT_EQ(result.unknown[0].from, 0U);
  EXPECT_EQ(result.unknown[0].to, 10U);
  // The kernel did run them, and the socket works on.
  const ExchangeResult again = run(many(10, [](std::uint32_t index) { return newRoute(0x20000 + index); }));
  EXPECT_EQ(again.error, 0);
  EXPECT_EQ(messagesIn(again.replies).size(), 10U);
}

TEST_F(ExchangeTest, AsksAgainForObjectsWhenAnswersWereLost) {
  overflow();
  const ExchangeResult result =
      run(many(10, [](std::uint32_t index) { return getLink(index == 5 ? 999999 : 1); }), {.replies = true});
  EXPECT_EQ(result.error, 0);
  EXPECT_TRUE(result.unknown.empty());
  const std::vector<Message> messages = messagesIn(result.replies);
  ASSERT_EQ(messages.size(), 10U);
  for (std::uint32_t index = 0; index < 10; index++) {
    EXPECT_EQ(messages[index].header.nlmsg_seq, index);
    EXPECT_EQ(messages[index].header.nlmsg_type, index == 5 ? NLMSG_ERROR : RTM_NEWLINK);
  }
}

TEST_F(ExchangeTest, AsksAgainWhenAnAnswerDidNotFit) {
  scratch_ = Buffer(64);
  const ExchangeResult result = run(many(3, [](std::uint32_t) { return getLink(1); }), {.replies = true});
  EXPECT_EQ(result.error, 0);
  EXPECT_EQ(messagesIn(result.replies).size(), 3U);
  EXPECT_GT(scratch_.capacity(), 1024U);
}

TEST_F(ExchangeTest, SendsNothingOnceClosing) {
  closing_ = true;
  const ExchangeResult result = run(single(newRoute(0x30000)));
  EXPECT_EQ(result.error, ECANCELED);
  EXPECT_EQ(result.sent, 0U);
  closing_ = false;
  EXPECT_TRUE(run(single(newRoute(0x30000))).replies.empty());
}

TEST_F(ExchangeTest, ReportsADatagramThatCouldNotBeSent) {
  RequestBuilder large(RTM_GETLINK, 0);
  large.fixed(ifinfomsg{});
  const std::vector<std::uint8_t> filler(60000);
  for (int count = 0; count < 8; count++) large.attribute(1, filler.data(), filler.size());
  std::vector<std::uint8_t> requests = getLink(999999);
  const std::vector<std::uint8_t> tooLarge = large.bytes();
  requests.insert(requests.end(), tooLarge.begin(), tooLarge.end());
  const ExchangeResult result = run(Buffer::copyOf(requests));
  EXPECT_EQ(result.error, EMSGSIZE);
  EXPECT_STREQ(result.call, "sendmsg");
  EXPECT_EQ(result.sent, 1U);
  EXPECT_TRUE(result.unknown.empty());
  EXPECT_EQ(messagesIn(result.replies).size(), 1U);
}

std::vector<std::uint8_t> nftMessage(std::uint16_t type, int flags, std::uint8_t family,
                                     std::uint16_t resource, const std::string& table) {
  RequestBuilder builder(type, flags);
  builder.fixed(nfgenmsg{family, NFNETLINK_V0, htons(resource)});
  if (!table.empty()) builder.text(NFTA_TABLE_NAME, table);
  return builder.bytes();
}

Buffer nftTransaction(const std::vector<std::string>& tables, int flags) {
  std::vector<std::vector<std::uint8_t>> all;
  all.push_back(nftMessage(NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES, {}));
  for (const std::string& table : tables) {
    all.push_back(nftMessage((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_NEWTABLE, flags, AF_INET, 0, table));
  }
  all.push_back(nftMessage(NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES, {}));
  return many(static_cast<std::uint32_t>(all.size()), [&all](std::uint32_t index) { return all[index]; });
}

TEST_F(ExchangeTest, RunsATransactionAsOne) {
  Result<NetlinkSocket> socket = NetlinkSocket::open({NETLINK_NETFILTER, 0, 0});
  if (!socket.ok()) GTEST_SKIP() << "the kernel has no nfnetlink";
  socket_.emplace(std::move(socket.value()));
  const std::vector<std::string> tables = {"one", "two", "three"};
  const ExchangeResult made = run(nftTransaction(tables, NLM_F_CREATE), {.transaction = true});
  EXPECT_EQ(made.error, 0);
  EXPECT_EQ(made.sent, 5U);
  const std::vector<Message> messages = messagesIn(made.replies);
  if (!messages.empty() && parseAcknowledgement(messages[0])->code == -EOPNOTSUPP) {
    GTEST_SKIP() << "the kernel has no nftables";
  }
  EXPECT_TRUE(messages.empty());

  // All of it fails when one does, and the one is named.
  const ExchangeResult failed =
      run(nftTransaction({"four", "two", "five"}, NLM_F_CREATE | NLM_F_EXCL), {.transaction = true});
  EXPECT_EQ(failed.error, 0);
  const std::vector<Message> errors = messagesIn(failed.replies);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].header.nlmsg_seq, 2U);
  EXPECT_EQ(parseAcknowledgement(errors[0])->code, -EEXIST);
  const ExchangeResult again =
      run(nftTransaction({"four", "five"}, NLM_F_CREATE | NLM_F_EXCL), {.transaction = true});
  EXPECT_TRUE(again.replies.empty());
}

TEST_F(ExchangeTest, WaitsForAnswersUntilItIsClosed) {
  std::thread closer([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    closing_ = true;
    wake_.signal();
  });
  Channel channel{*socket_, scratch_, sequence_, closing_, wake_};
  EXPECT_FALSE(waitReadable(channel));
  closer.join();
}

}  // namespace
}  // namespace netloom::test
