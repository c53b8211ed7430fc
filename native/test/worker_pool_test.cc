#include "core/worker_pool.h"

#include <atomic>
#include <functional>

#include "test/fixture.h"

namespace netloom::test {
namespace {

class FunctionTask : public Task {
 public:
  explicit FunctionTask(std::function<void(Worker&)> body) : body_(std::move(body)) {}
  void run(Worker& worker) override { body_(worker); }
  void fail(const Error& error) override { ADD_FAILURE() << error.call << " " << error.code; }

 private:
  const std::function<void(Worker&)> body_;
};

std::shared_ptr<Task> task(std::function<void(Worker&)> body) {
  return std::make_shared<FunctionTask>(std::move(body));
}

class WorkerPoolTest : public ConnectionTest {};

TEST_F(WorkerPoolTest, StartsNoThreadBeforeThereIsWork) {
  const std::size_t before = countThreads();
  const auto pool = std::make_shared<WorkerPool>(home_);
  EXPECT_EQ(countThreads(), before);
}

TEST_F(WorkerPoolTest, RunsEverythingOnFourThreadsAtMost) {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::atomic<int> done = 0;
  for (int turn = 0; turn < 500; turn++) {
    pool_->submit(task([&](Worker&) {
      const int now = ++running;
      for (int before = most; now > before && !most.compare_exchange_weak(before, now);) {
      }
      std::this_thread::sleep_for(std::chrono::microseconds(50));
      running--;
      done++;
    }));
  }
  EXPECT_TRUE(eventually([&] { return done == 500; }));
  EXPECT_LE(most, 4);
  EXPECT_GE(most, 2);
}

TEST_F(WorkerPoolTest, DropsWhatHasNotBegunWhenStopped) {
  std::atomic<bool> hold = true;
  std::atomic<int> begun = 0;
  auto dropped = std::make_shared<int>(0);
  for (int turn = 0; turn < 100; turn++) {
    pool_->submit(task([&, dropped](Worker&) {
      begun++;
      while (hold) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }));
  }
  EXPECT_TRUE(eventually([&] { return begun == 4; }));
  pool_->stop();
  EXPECT_LE(dropped.use_count(), 5);
  hold = false;
  EXPECT_TRUE(eventually([&] { return dropped.use_count() == 1; }));
  EXPECT_EQ(begun, 4);
}

TEST_F(WorkerPoolTest, BeginsEveryTaskAtHome) {
  // The threads are started from within another namespace, and inherit it.
  std::atomic<int> done = 0;
  std::atomic<int> astray = 0;
  inside([&] {
    for (int turn = 0; turn < 50; turn++) {
      pool_->submit(task([&](Worker& worker) {
        if (!NetworkNamespace::current().value().sameAs(*home_)) astray++;
        const Status inside = worker.inside(namespace_, [&]() -> Status {
          if (!NetworkNamespace::current().value().sameAs(*namespace_)) astray++;
          return success();
        });
        if (!inside.ok()) astray++;
        done++;
      }));
    }
  });
  EXPECT_TRUE(eventually([&] { return done == 50; }));
  EXPECT_EQ(astray, 0);
}

TEST_F(WorkerPoolTest, ReportsANamespaceThatCannotBeEntered) {
  Future<int> code;
  auto closed = std::make_shared<NetworkNamespace>();
  pool_->submit(task([code, closed](Worker& worker) {
    const Status entered = worker.inside(closed, [] { return success(); });
    code.set(entered.ok() ? 0 : entered.error().code);
  }));
  EXPECT_EQ(code.get(), EBADF);
}

}  // namespace
}  // namespace netloom::test
