#pragma once

#include <gtest/gtest.h>

#include <string>

namespace netloom::test {

/**
 * Puts this process, before it has threads, into namespaces of its own, with an empty `/run`: whatever a test
 * does, the machine's network is not touched. Empty, or why that is not possible.
 */
std::string isolate();

/** Why kernel tests cannot run; empty if they can. */
const std::string& isolationFailure();

/** A test that needs the kernel: skipped, with the reason, where it is not to be had. */
class KernelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!isolationFailure().empty()) GTEST_SKIP() << isolationFailure();
  }
};

/** How many descriptors and threads this process has. */
std::size_t countDescriptors();
std::size_t countThreads();
/** Threads of netloom's own that still run; they are never joined, so tests wait for their end. */
std::size_t countOwnThreads();

/** Waits, for some seconds at most, until `condition` holds. */
template <class Condition>
bool eventually(Condition condition);

}  // namespace netloom::test

#include <chrono>
#include <thread>

template <class Condition>
bool netloom::test::eventually(Condition condition) {
  for (int attempt = 0; attempt < 2000; attempt++) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return condition();
}
