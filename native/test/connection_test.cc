#include "core/connection.h"

#include "test/fixture.h"

namespace netloom::test {
namespace {

constexpr std::uint32_t kRoutes = 20000;

TEST_F(ConnectionTest, KeepsTheOrderOfItsCalls) {
  const auto connection = connect();
  std::vector<Future<Result<ExchangeResult>>> outcomes;
  // Each of the pairs fails if the other goes first.
  for (std::uint32_t turn = 0; turn < 100; turn++) {
    outcomes.push_back(exchange(connection, single(newRoute(turn))));
    outcomes.push_back(exchange(connection, single(newRoute(turn, NLM_F_REPLACE))));
  }
  for (const auto& outcome : outcomes) EXPECT_TRUE(outcome.get().value().replies.empty());
}

TEST_F(ConnectionTest, ReadsASmallDumpInOneChunk) {
  const auto connection = connect();
  const DumpChunk chunk = read(connection, startDump(connection, dumpLinks(), 65536));
  EXPECT_TRUE(chunk.done);
  EXPECT_FALSE(chunk.interrupted);
  EXPECT_EQ(chunk.error, 0);
  const auto messages = messagesIn(chunk.messages.bytes());
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].header.nlmsg_type, RTM_NEWLINK);
}

TEST_F(ConnectionTest, ReadsALargeDumpWhole) {
  const auto connection = connect();
  addRoutes(connection, kRoutes);
  const auto dump = startDump(connection, dumpRoutes(), 65536);
  std::size_t count = 0;
  std::size_t chunks = 0;
  for (bool done = false; !done; chunks++) {
    const DumpChunk chunk = read(connection, dump);
    EXPECT_EQ(chunk.error, 0);
    EXPECT_LE(chunk.messages.used, 65536U + 65536U);
    count += messagesIn(chunk.messages.bytes()).size();
    done = chunk.done;
  }
  EXPECT_EQ(count, kRoutes);
  EXPECT_GT(chunks, 5U);
}

TEST_F(ConnectionTest, HoldsAtMostTwoUnreadChunksAndNoThread) {
  const auto connection = connect();
  addRoutes(connection, kRoutes);
  const std::size_t threads = countThreads();
  std::vector<std::shared_ptr<Connection>> connections;
  std::vector<std::shared_ptr<Dump>> dumps;
  // More than there are workers: if parked dumps held them, the last would never start.
  for (int turn = 0; turn < 8; turn++) {
    connections.push_back(connect());
    dumps.push_back(startDump(connections.back(), dumpRoutes(), 65536));
  }
  EXPECT_EQ(exchange(connection, single(getLink(1)), {.replies = true}).get().value().error, 0);
  EXPECT_LE(countThreads(), threads + 4);
  // A call behind a parked dump waits, until the dump has been read.
  const auto behind = exchange(connections[0], single(getLink(1)), {.replies = true});
  EXPECT_FALSE(read(connections[0], dumps[0]).done);
  EXPECT_FALSE(behind.ready());
  while (!read(connections[0], dumps[0]).done) {
  }
  EXPECT_EQ(behind.get().value().error, 0);
}

TEST_F(ConnectionTest, LetsTheQueueGoOnWhenADumpIsDiscarded) {
  const auto connection = connect();
  addRoutes(connection, kRoutes);
  const auto dump = startDump(connection, dumpRoutes(), 65536);
  const auto behind = exchange(connection, single(getLink(1)), {.replies = true});
  EXPECT_FALSE(read(connection, dump).done);
  if (dump->discard()) connection->resume();
  EXPECT_EQ(messagesIn(behind.get().value().replies).size(), 1U);
}

TEST_F(ConnectionTest, TellsTheErrorOfADump) {
  const auto connection = connect();
  rtmsg route{};
  route.rtm_family = AF_INET;
  // Strict checking refuses a dump with a scope.
  route.rtm_scope = RT_SCOPE_HOST;
  const auto request = RequestBuilder(RTM_GETROUTE, 0).fixed(route).bytes();
  const DumpChunk chunk = read(connection, startDump(connection, request, 65536));
  EXPECT_TRUE(chunk.done);
  EXPECT_EQ(chunk.error, EINVAL);
  EXPECT_STREQ(chunk.call, "dump");
  EXPECT_EQ(chunk.messages.used, 0U);
  ASSERT_EQ(messagesIn(chunk.errorMessage).size(), 1U);
}

TEST_F(ConnectionTest, EndsADumpOfSomethingThatIsNoDump) {
  const auto connection = connect();
  const DumpChunk chunk = read(connection, startDump(connection, setLinkUp(1), 65536));
  EXPECT_TRUE(chunk.done);
}

TEST_F(ConnectionTest, CancelsWhatHasNotBegun) {
  const auto connection = connect();
  addRoutes(connection, kRoutes);
  const auto dump = startDump(connection, dumpRoutes(), 65536, 1);
  const auto first = exchange(connection, single(newRoute(0x50000)), {}, 2);
  const auto second = exchange(connection, single(newRoute(0x50001)), {}, 3);
  const auto queued = startDump(connection, dumpLinks(), 65536, 4);
  EXPECT_TRUE(connection->cancel(2));
  EXPECT_FALSE(connection->cancel(2));
  EXPECT_TRUE(connection->cancel(4));
  const Result<ExchangeResult> cancelled = first.get();
  ASSERT_FALSE(cancelled.ok());
  EXPECT_EQ(cancelled.error().code, ECANCELED);
  const DumpChunk ended = read(connection, queued);
  EXPECT_TRUE(ended.done);
  EXPECT_EQ(ended.error, ECANCELED);
  while (!read(connection, dump).done) {
  }
  EXPECT_TRUE(second.get().value().replies.empty());
  // The first was never run.
  EXPECT_TRUE(exchange(connection, single(newRoute(0x50000))).get().value().replies.empty());
}

TEST_F(ConnectionTest, SettlesEverythingWhenClosed) {
  const auto connection = connect();
  addRoutes(connection, kRoutes);
  const auto dump = startDump(connection, dumpRoutes(), 65536);
  const auto behind = exchange(connection, single(getLink(1)));
  Future<bool> closed;
  connection->close([closed] { closed.set(true); });
  EXPECT_TRUE(closed.get());
  EXPECT_EQ(behind.get().error().code, ECANCELED);
  DumpChunk chunk = read(connection, dump);
  while (!chunk.done) chunk = read(connection, dump);
  EXPECT_EQ(chunk.error, ECANCELED);
  EXPECT_EQ(exchange(connection, single(getLink(1))).get().error().code, EBADF);
  Future<bool> again;
  connection->close([again] { again.set(true); });
  EXPECT_TRUE(again.get());
}

TEST_F(ConnectionTest, LeavesNoDescriptorsBehind) {
  { const auto warm = connect(); }
  const std::size_t before = countDescriptors();
  for (int turn = 0; turn < 200; turn++) {
    const auto connection = connect();
    const auto dump = startDump(connection, dumpLinks(), 65536);
    if (turn % 2 == 0) {
      EXPECT_TRUE(read(connection, dump).done);
    }
    if (turn % 3 != 0) connection->close(nullptr);
  }
  EXPECT_TRUE(eventually([before] { return countDescriptors() <= before; })) << countDescriptors() - before;
}

}  // namespace
}  // namespace netloom::test
