// Tables of legacy iptables. The kernel makes an empty one when it is asked for what it doesn't list.
#include "core/xtables.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "core/proc_file.h"
#include "test/fixture.h"

namespace netloom::test {
namespace {

// linux/netfilter_ipv4/ip_tables.h, which does not go with netinet/in.h.
constexpr int kGetInfo = 64;
constexpr std::size_t kInfoSize = 84;
constexpr std::size_t kForward = 2;

class XtablesTest : public ConnectionTest, public ::testing::WithParamInterface<int> {
 protected:
  [[nodiscard]] static bool make(const char* name) {
    const FileDescriptor fd(::socket(GetParam(), SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
    std::array<char, kInfoSize> info{};
    std::strncpy(info.data(), name, 31);
    socklen_t length = info.size();
    const int level = GetParam() == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
    return ::getsockopt(fd.get(), level, kGetInfo, info.data(), &length) == 0;
  }

  [[nodiscard]] static std::string names() {
    const char* path = GetParam() == AF_INET6 ? "/proc/net/ip6_tables_names" : "/proc/net/ip_tables_names";
    const Result<std::string> content = readProcFile(path);
    return content.ok() ? content.value() : std::string();
  }
};

TEST_P(XtablesTest, ReadsATableThatIsThereAndMakesNone) {
  inside([] {
    Result<std::optional<XtablesTable>> table = readXtablesTable(GetParam(), "filter");
    ASSERT_TRUE(table.ok()) << table.error().code;
    EXPECT_FALSE(table.value().has_value());
    EXPECT_EQ(names(), "");
    if (!make("filter")) GTEST_SKIP() << "the kernel has no legacy iptables";
    EXPECT_EQ(names(), "filter\n");

    table = readXtablesTable(GetParam(), "filter");
    ASSERT_TRUE(table.ok()) << table.error().code;
    ASSERT_TRUE(table.value().has_value());
    const XtablesTable& filter = *table.value();
    EXPECT_EQ(filter.validHooks, 0b1110U);
    // A policy for each chain, and the end.
    const std::size_t entry = GetParam() == AF_INET6 ? 168 : 112;
    EXPECT_EQ(filter.entries().size(), 3 * (entry + 40) + entry + 64);
    EXPECT_EQ(filter.hookEntries[kForward], entry + 40);
    EXPECT_EQ(filter.underflows[kForward], entry + 40);

    // Only whole names count.
    for (const char* name : {"filte", "filter2", "nat"}) {
      EXPECT_FALSE(readXtablesTable(GetParam(), name).value().has_value());
    }
    EXPECT_EQ(names(), "filter\n");
  });
}

TEST_P(XtablesTest, RefusesNamesThatNoTableHas) {
  EXPECT_EQ(readXtablesTable(GetParam(), "").error().code, EINVAL);
  EXPECT_EQ(readXtablesTable(GetParam(), std::string(32, 'x')).error().code, EINVAL);
}

INSTANTIATE_TEST_SUITE_P(Families, XtablesTest, ::testing::Values(AF_INET, AF_INET6));

}  // namespace
}  // namespace netloom::test
