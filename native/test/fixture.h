#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <fcntl.h>

#include "core/connection.h"
#include "core/reactor.h"
#include "core/thread.h"
#include "test/isolation.h"
#include "test/requests.h"

namespace netloom::test {

/** A value that another thread sets once. */
template <class T>
class Future {
 public:
  void set(T value) const {
    const std::lock_guard lock(state_->mutex);
    state_->value = std::move(value);
    state_->changed.notify_all();
  }
  /** Waits for it, for a while, and takes it. */
  T get() const {
    std::unique_lock lock(state_->mutex);
    if (!state_->changed.wait_for(lock, std::chrono::seconds(30),
                                  [this] { return state_->value.has_value(); })) {
      ADD_FAILURE() << "nothing came";
      std::abort();
    }
    return std::move(*state_->value);
  }
  [[nodiscard]] bool ready() const {
    const std::lock_guard lock(state_->mutex);
    return state_->value.has_value();
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<T> value;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

/** A pool, and connections in a namespace made for the test. */
class ConnectionTest : public KernelTest {
 protected:
  void SetUp() override {
    KernelTest::SetUp();
    if (IsSkipped()) return;
    home_ = std::make_shared<const NetworkNamespace>(std::move(NetworkNamespace::current().value()));
    namespace_ = std::make_shared<const NetworkNamespace>(std::move(createNamespace({}).value()));
    pool_ = std::make_shared<WorkerPool>(home_);
    reactor_ = std::make_shared<Reactor>(home_);
  }

  void TearDown() override {
    if (reactor_) reactor_->stop();
    if (pool_) pool_->stop();
    EXPECT_TRUE(eventually([] { return countOwnThreads() == 0; }));
  }

  std::shared_ptr<Connection> connect(int receiveBuffer = 0) {
    std::optional<Result<NetlinkSocket>> socket;
    inside([&] { socket.emplace(NetlinkSocket::open({NETLINK_ROUTE, receiveBuffer, 0})); });
    return Connection::create(pool_, std::move(socket->value())).value();
  }

  /** Runs `body` on a thread in the test's namespace. */
  template <class Body>
  void inside(Body body) {
    ASSERT_EQ(runOnThrowawayThread([this, &body] {
                ASSERT_TRUE(namespace_->enter().ok());
                body();
              }),
              0);
  }

  static Future<Result<ExchangeResult>> exchange(const std::shared_ptr<Connection>& connection,
                                                 Buffer requests, ExchangeOptions options = {},
                                                 std::uint64_t ticket = 0) {
    Future<Result<ExchangeResult>> future;
    connection->exchange(std::move(requests), options, ticket,
                         [future](Result<ExchangeResult> result) { future.set(std::move(result)); });
    return future;
  }

  static DumpChunk read(const std::shared_ptr<Connection>& connection, const std::shared_ptr<Dump>& dump) {
    Future<DumpChunk> future;
    Dump::ReadOutcome outcome = dump->read([future](DumpChunk chunk) { future.set(std::move(chunk)); });
    if (outcome.resume) connection->resume();
    return outcome.chunk ? std::move(*outcome.chunk) : future.get();
  }

  static std::shared_ptr<Dump> startDump(const std::shared_ptr<Connection>& connection,
                                         const std::vector<std::uint8_t>& request, std::size_t chunkBytes,
                                         std::uint64_t ticket = 0) {
    auto dump = std::make_shared<Dump>(single(request), chunkBytes);
    connection->dump(dump, ticket);
    return dump;
  }

  void addRoutes(const std::shared_ptr<Connection>& connection, std::uint32_t count) {
    const Result<ExchangeResult> added =
        exchange(connection, many(count, [](std::uint32_t index) { return newRoute(index); })).get();
    ASSERT_TRUE(added.ok());
    ASSERT_EQ(added.value().error, 0);
    ASSERT_TRUE(added.value().replies.empty());
  }

  NamespacePointer home_;
  NamespacePointer namespace_;
  std::shared_ptr<WorkerPool> pool_;
  std::shared_ptr<Reactor> reactor_;
};

}  // namespace netloom::test
