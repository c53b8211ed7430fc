#include "core/network_namespace.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <thread>
#include <vector>

#include "test/fixture.h"

namespace netloom::test {
namespace {

const std::string kFolder = "/run/netns";
const std::string kPath = kFolder + "/netloom-test";

class NetworkNamespaceTest : public KernelTest {};

TEST_F(NetworkNamespaceTest, MakesOneWithoutMovingTheCaller) {
  const Result<NetworkNamespace> before = NetworkNamespace::current();
  const Result<NetworkNamespace> made = createNamespace({});
  ASSERT_TRUE(made.ok());
  EXPECT_FALSE(made.value().sameAs(before.value()));
  EXPECT_TRUE(NetworkNamespace::current().value().sameAs(before.value()));
}

TEST_F(NetworkNamespaceTest, PinsOpensAndRemovesOne) {
  const Result<NetworkNamespace> made = createNamespace(kPath);
  ASSERT_TRUE(made.ok()) << made.error().call << made.error().code;
  const Result<NetworkNamespace> opened = NetworkNamespace::open(kPath);
  ASSERT_TRUE(opened.ok());
  EXPECT_TRUE(opened.value().sameAs(made.value()));

  const Result<NetworkNamespace> second = createNamespace(kPath);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, EEXIST);
  EXPECT_STREQ(second.error().call, "open");
  EXPECT_EQ(second.error().path, kPath);
  EXPECT_TRUE(NetworkNamespace::open(kPath).ok());

  EXPECT_TRUE(unpinNamespace(kPath).ok());
  EXPECT_FALSE(std::filesystem::exists(kPath));
  EXPECT_EQ(unpinNamespace(kPath).error().code, ENOENT);
  EXPECT_EQ(NetworkNamespace::open(kPath).error().code, ENOENT);
}

TEST_F(NetworkNamespaceTest, MountsItsFolderOnce) {
  const auto mounts = [] {
    const FileDescriptor file(::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC));
    std::string text(1 << 20, '\0');
    std::size_t used = 0;
    for (ssize_t got = 0; (got = ::read(file.get(), text.data() + used, text.size() - used)) > 0;) {
      used += static_cast<std::size_t>(got);
    }
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(" " + kFolder + " ", at)) != std::string::npos; at++) count++;
    return count;
  };
  std::vector<std::thread> threads;
  for (int index = 0; index < 4; index++) {
    threads.emplace_back([index] { EXPECT_TRUE(createNamespace(kPath + std::to_string(index)).ok()); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(mounts(), 1U);
  for (int index = 0; index < 4; index++) EXPECT_TRUE(unpinNamespace(kPath + std::to_string(index)).ok());
}

TEST_F(NetworkNamespaceTest, LeavesNoFileBehindWhenItFails) {
  EXPECT_EQ(createNamespace("/run/missing/folder/name").error().code, ENOENT);
  EXPECT_EQ(createNamespace("/proc/nonesuch/name").ok(), false);
}

TEST_F(NetworkNamespaceTest, RefusesWhatIsNoNetworkNamespace) {
  for (const char* path : {"/etc/hostname", "/proc/self/ns/mnt", "/dev/null", "/run"}) {
    const Result<NetworkNamespace> opened = NetworkNamespace::open(path);
    ASSERT_FALSE(opened.ok()) << path;
    EXPECT_EQ(opened.error().code, EINVAL) << path;
    EXPECT_EQ(opened.error().path, path);
  }
  EXPECT_EQ(NetworkNamespace::duplicate(-1).error().code, EBADF);
}

TEST_F(NetworkNamespaceTest, DoesNotWaitForAFifo) {
  ASSERT_EQ(::mkfifo("/run/fifo", 0600), 0);
  EXPECT_EQ(NetworkNamespace::open("/run/fifo").error().code, EINVAL);
}

TEST_F(NetworkNamespaceTest, DeletesAFileLeftBehind) {
  std::filesystem::create_directory(kFolder);
  { const FileDescriptor file(::open(kPath.c_str(), O_CREAT | O_RDONLY | O_CLOEXEC, 0)); }
  EXPECT_TRUE(unpinNamespace(kPath).ok());
  EXPECT_FALSE(std::filesystem::exists(kPath));
}

TEST_F(NetworkNamespaceTest, LeavesNoDescriptorsOrThreadsBehind) {
  const std::size_t descriptors = countDescriptors();
  const std::size_t threads = countThreads();
  for (int turn = 0; turn < 20; turn++) {
    const Result<NetworkNamespace> made = createNamespace(turn % 2 == 0 ? kPath : std::string());
    EXPECT_TRUE(made.ok());
    EXPECT_FALSE(createNamespace("/run/missing/folder/name").ok());
    EXPECT_FALSE(NetworkNamespace::open("/dev/null").ok());
    if (turn % 2 == 0) {
      EXPECT_TRUE(unpinNamespace(kPath).ok());
    }
  }
  EXPECT_EQ(countDescriptors(), descriptors);
  EXPECT_TRUE(eventually([threads] { return countThreads() == threads; }));
}

}  // namespace
}  // namespace netloom::test
