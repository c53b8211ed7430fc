#include <gtest/gtest.h>

#include <iostream>

#include "test/isolation.h"

/** Listener: prints the line by which CI counts, at the very end. */
class Summary : public testing::EmptyTestEventListener {
  void OnTestProgramEnd(const testing::UnitTest& unit) override {
    std::cout << unit.successful_test_count() << " passed, " << unit.failed_test_count() << " failed, "
              << unit.skipped_test_count() << " skipped" << std::endl;
  }
};

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const std::string reason = netloom::test::isolate();
  if (!reason.empty()) std::cout << "Tests that need the kernel are skipped: " << reason << std::endl;
  // GoogleTest owns it.
  testing::UnitTest::GetInstance()->listeners().Append(new Summary);
  return RUN_ALL_TESTS();
}
