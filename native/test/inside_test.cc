// What is opened inside a namespace: sockets, tun links, files below /proc.
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/inet_socket.h"
#include "core/proc_file.h"
#include "core/tun.h"
#include "test/fixture.h"

namespace netloom::test {
namespace {

class InsideTest : public ConnectionTest {};

TEST_F(InsideTest, OpensAListeningSocket) {
  EXPECT_TRUE(exchange(connect(), single(setLinkUp(1))).get().ok());
  inside([] {
    InetSocketOptions options;
    options.family = AF_INET6;
    options.type = SOCK_STREAM;
    options.address = "::1";
    options.port = 8080;
    options.reuseAddress = true;
    options.ipv6Only = true;
    options.backlog = 5;
    const Result<FileDescriptor> first = openInetSocket(options);
    ASSERT_TRUE(first.ok()) << first.error().call << first.error().code;
    EXPECT_NE(::fcntl(first.value().get(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(::fcntl(first.value().get(), F_GETFD) & FD_CLOEXEC, 0);
    const Result<FileDescriptor> second = openInetSocket(options);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, EADDRINUSE);
  });
}

TEST_F(InsideTest, BindsToADeviceAndAZone) {
  EXPECT_TRUE(exchange(connect(), single(setLinkUp(1))).get().ok());
  inside([] {
    InetSocketOptions options;
    options.family = AF_INET6;
    options.type = SOCK_DGRAM;
    options.address = "::1%lo";
    options.device = "lo";
    options.mark = 7;
    const Result<FileDescriptor> bound = openInetSocket(options);
    EXPECT_TRUE(bound.ok());
    options.address = "::1%nonesuch";
    EXPECT_EQ(openInetSocket(options).error().code, ENODEV);
    options.address = "not an address";
    EXPECT_EQ(openInetSocket(options).error().code, EINVAL);
    options.address.reset();
    options.device = "nonesuch";
    EXPECT_EQ(openInetSocket(options).error().code, ENODEV);
  });
}

TEST_F(InsideTest, MakesATapLinkThatGoesWithItsDescriptor) {
  const auto connection = connect();
  const auto links = [&] {
    return messagesIn(read(connection, startDump(connection, dumpLinks(), 65536)).messages.bytes()).size();
  };
  std::optional<Result<Tun>> made;
  inside([&] { made.emplace(openTun({"nl%d", IFF_TAP | IFF_NO_PI, {}, {}, false})); });
  if (!made->ok() && (made->error().code == ENOENT || made->error().code == ENODEV)) {
    GTEST_SKIP() << "this system has no /dev/net/tun";
  }
  ASSERT_TRUE(made->ok()) << made->error().code;
  EXPECT_EQ(made->value().name, "nl0");
  EXPECT_EQ(links(), 2U);
  made.reset();
  EXPECT_EQ(links(), 1U);
  EXPECT_EQ(openTun({"a-name-that-is-too-long", IFF_TAP, {}, {}, false}).error().code, ENAMETOOLONG);
}

TEST_F(InsideTest, ReadsAndWritesSysctls) {
  const std::string path = "/proc/sys/net/ipv4/conf/lo/forwarding";
  const std::string outside = readProcFile(path).value();
  inside([&] {
    EXPECT_EQ(readProcFile(path).value(), "0\n");
    EXPECT_TRUE(writeProcFile(path, "1").ok());
    EXPECT_EQ(readProcFile(path).value(), "1\n");
    EXPECT_EQ(writeProcFile(path, "nonsense").error().code, EINVAL);
    EXPECT_EQ(writeProcFile("/proc/sys/net/nonesuch", "1").error().code, ENOENT);
  });
  EXPECT_EQ(readProcFile(path).value(), outside);
}

TEST_F(InsideTest, ReadsProcNetOfItsOwnThread) {
  addRoutes(connect(), 3);
  EXPECT_EQ(readProcFile("/proc/net/fib_triestat").value().find("Prefixes:       3"), std::string::npos);
  inside([] { EXPECT_NE(readProcFile("/proc/net/fib_triestat").value().find("3"), std::string::npos); });
  EXPECT_EQ(readProcFile("/proc/net/nonesuch").error().path, "/proc/net/nonesuch");
}

}  // namespace
}  // namespace netloom::test
