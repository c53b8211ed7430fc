#include "core/packed_routes.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "test/fixture.h"
#include "test/requests.h"

namespace netloom::test {
namespace {

constexpr std::uint16_t kAdd = NLM_F_CREATE | NLM_F_EXCL;

std::string hex(Bytes bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof(digits), "%02x", byte);
    text += digits;
  }
  return text;
}

RouteRow row(std::initializer_list<std::uint8_t> destination, std::uint8_t prefixLength) {
  RouteRow made;
  std::copy(destination.begin(), destination.end(), made.destination.begin());
  made.prefixLength = prefixLength;
  made.protocol = RTPROT_BOOT;
  made.table = RT_TABLE_MAIN;
  return made;
}

void setGateway(RouteRow& route, std::initializer_list<std::uint8_t> gateway) {
  std::copy(gateway.begin(), gateway.end(), route.gateway.begin());
}

PackedRoutes packed(sa_family_t family, const std::vector<RouteRow>& rows) {
  PackedRoutes routes(family, static_cast<std::uint32_t>(rows.size()));
  for (const RouteRow& each : rows) routes.append(each);
  return routes;
}

std::string encoded(sa_family_t family, const RouteRow& route, std::uint16_t type = RTM_NEWROUTE,
                    std::uint16_t flags = kAdd) {
  return hex(encodeRoutes(packed(family, {route}), type, flags).bytes());
}

void expectSame(const RouteRow& one, const RouteRow& other) {
  EXPECT_EQ(one.destination, other.destination);
  EXPECT_EQ(one.gateway, other.gateway);
  EXPECT_EQ(one.link, other.link);
  EXPECT_EQ(one.priority, other.priority);
  EXPECT_EQ(one.table, other.table);
  EXPECT_EQ(one.flags, other.flags);
  EXPECT_EQ(one.prefixLength, other.prefixLength);
  EXPECT_EQ(one.protocol, other.protocol);
}

TEST(PackedRoutes, GivesBackWhatWasAppended) {
  for (const sa_family_t family : {sa_family_t{AF_INET}, sa_family_t{AF_INET6}}) {
    RouteRow first = row({10, 1, 0, 0}, 16);
    setGateway(first, {10, 0, 0, 2});
    first.link = 3;
    first.priority = 0xfffffffe;
    first.table = 70000;
    first.flags = RTNH_F_ONLINK;
    const RouteRow second = row({}, 0);
    const PackedRoutes routes = packed(family, {first, second});
    EXPECT_EQ(routes.rows(), 2U);
    EXPECT_EQ(routes.columns().size(), 2U * (family == AF_INET ? 26 : 50));
    expectSame(routes.row(0), first);
    expectSame(routes.row(1), second);
  }
}

TEST(PackedRoutes, HoldsIpv4AddressesInHostOrder) {
  const PackedRoutes routes = packed(AF_INET, {row({10, 1, 2, 3}, 32)});
  std::uint32_t destination = 0;
  std::memcpy(&destination, routes.columns().data(), sizeof(destination));
  EXPECT_EQ(destination, 0x0a010203U);
}

// The requests are those of test/unit/rtnetlink/route/message.test.ts.
TEST(EncodeRoutes, WritesARequestForEachRow) {
  RouteRow route = row({10, 1, 0, 0}, 16);
  setGateway(route, {10, 0, 0, 2});
  route.link = 3;
  const std::string attributes =
      "080001000a010000"
      "080005000a000002"
      "0800040003000000";
  EXPECT_EQ(encoded(AF_INET, route),
            "34000000"
            "1800"
            "0106"
            "0000000000000000"
            "02100000fe030001"
            "00000000" +
                attributes);
  EXPECT_EQ(encoded(AF_INET, route, RTM_DELROUTE, 0),
            "34000000"
            "1900"
            "0100"
            "0000000000000000"
            "02100000fe03ff00"
            "00000000" +
                attributes);
  EXPECT_EQ(encodeRoutes(packed(AF_INET, {route, route}), RTM_NEWROUTE, kAdd).used, 2U * 0x34);
}

TEST(EncodeRoutes, HasTheScopeOfTheLinkWithoutAGateway) {
  RouteRow route = row({10, 1, 0, 0}, 16);
  route.link = 3;
  route.table = 1000;
  EXPECT_EQ(encoded(AF_INET, route).substr(32),
            "021000000003fd01"
            "00000000"
            "080001000a010000"
            "08000f00e8030000"
            "0800040003000000");
}

TEST(EncodeRoutes, WritesIpv6) {
  RouteRow route = row({0xfd, 1}, 64);
  setGateway(route, {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  route.link = 3;
  route.priority = 7;
  EXPECT_EQ(encoded(AF_INET6, route).substr(32),
            "0a400000fe030001"
            "00000000"
            "14000100fd010000000000000000000000000000"
            "14000500fe800000000000000000000000000001"
            "0800040003000000"
            "0800060007000000");
}

TEST(EncodeRoutes, LeavesOutTheFlagsOfTheKernel) {
  RouteRow route = row({}, 0);
  route.flags = RTNH_F_ONLINK | RTNH_F_DEAD | RTNH_F_LINKDOWN | RTM_F_OFFLOAD;
  EXPECT_EQ(encoded(AF_INET, route).substr(32),
            "02000000fe03fd01"
            "04000000");
}

TEST(FindInvalidRow, NamesTheRowAndTheColumn) {
  const RouteRow good = row({10, 1, 0, 0}, 16);
  const auto found = [&good](sa_family_t family, const RouteRow& bad) -> std::string {
    const PackedRoutes routes = packed(family, {good, bad, bad});
    const std::optional<InvalidRow> invalid = findInvalidRow(routes);
    if (!invalid) return "";
    EXPECT_EQ(invalid->row, 1U);
    return invalid->column;
  };
  EXPECT_EQ(found(AF_INET, good), "");
  EXPECT_EQ(found(AF_INET, row({10, 0, 0, 1}, 32)), "");
  EXPECT_EQ(found(AF_INET, row({10, 0, 0, 1}, 33)), "prefixLength");
  EXPECT_EQ(found(AF_INET, row({10, 0, 0, 1}, 31)), "destination");
  EXPECT_EQ(found(AF_INET, row({10, 0, 0, 0}, 4)), "destination");
  EXPECT_EQ(found(AF_INET, row({1}, 0)), "destination");
  EXPECT_EQ(found(AF_INET6, row({0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128)), "");
  EXPECT_EQ(found(AF_INET6, row({0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 127)), "destination");
  EXPECT_EQ(found(AF_INET6, row({0xfd}, 129)), "prefixLength");
  RouteRow other = good;
  other.link = 0x80000000U;
  EXPECT_EQ(found(AF_INET, other), "link");
  other = good;
  other.table = 0;
  EXPECT_EQ(found(AF_INET, other), "table");
}

/** A route as a dump has it. */
class DumpedRoute {
 public:
  explicit DumpedRoute(std::uint8_t family = AF_INET) {
    header_.rtm_family = family;
    header_.rtm_type = RTN_UNICAST;
    header_.rtm_table = RT_TABLE_MAIN;
    header_.rtm_scope = family == AF_INET ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  }
  rtmsg& header() { return header_; }
  DumpedRoute& number(std::uint16_t type, std::uint32_t value) {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(&value);
    return attribute(type, {bytes, sizeof(value)});
  }
  DumpedRoute& attribute(std::uint16_t type, Bytes value) {
    attributes_.emplace_back(type, std::vector<std::uint8_t>(value.begin(), value.end()));
    return *this;
  }
  [[nodiscard]] std::vector<std::uint8_t> bytes(std::uint16_t type = RTM_NEWROUTE) const {
    RequestBuilder builder(type, 0);
    builder.fixed(header_);
    for (const auto& [number, value] : attributes_) builder.attribute(number, value.data(), value.size());
    return builder.bytes();
  }

 private:
  rtmsg header_{};
  std::vector<std::pair<std::uint16_t, std::vector<std::uint8_t>>> attributes_;
};

bool fits(const std::vector<std::uint8_t>& message, sa_family_t family = AF_INET) {
  Buffer messages = single(message);
  const PackedRoutes routes = decodeRoutes(family, messages);
  // It is a row, or still there, and never both.
  EXPECT_EQ(routes.rows() == 1, messages.used == 0);
  EXPECT_EQ(hex(messages.bytes()), routes.rows() == 0 ? hex(message) : "");
  return routes.rows() == 1;
}

TEST(DecodeRoutes, ReadsWhatItWrote) {
  for (const sa_family_t family : {sa_family_t{AF_INET}, sa_family_t{AF_INET6}}) {
    RouteRow first = row({20, 1, 0, 0}, 17);
    setGateway(first, {10, 0, 0, 2});
    first.link = 3;
    first.priority = 9;
    first.table = 70000;
    const RouteRow second = row({}, 0);
    Buffer messages = encodeRoutes(packed(family, {first, second}), RTM_NEWROUTE, 0);
    const PackedRoutes read = decodeRoutes(family, messages);
    EXPECT_EQ(messages.used, 0U);
    ASSERT_EQ(read.rows(), 2U);
    expectSame(read.row(0), first);
    expectSame(read.row(1), second);
  }
}

TEST(DecodeRoutes, TakesWhatSaysNothingMore) {
  const std::uint8_t zeros[32] = {};
  EXPECT_TRUE(fits(DumpedRoute().bytes()));
  EXPECT_TRUE(fits(DumpedRoute(AF_INET6).attribute(RTA_CACHEINFO, zeros).bytes(), AF_INET6));
  EXPECT_TRUE(fits(DumpedRoute(AF_INET6).attribute(RTA_PREF, Bytes(zeros).first(1)).bytes(), AF_INET6));
  DumpedRoute down;
  down.header().rtm_flags = RTNH_F_DEAD | RTNH_F_LINKDOWN | RTM_F_OFFLOAD_FAILED;
  EXPECT_TRUE(fits(down.bytes()));
}

TEST(DecodeRoutes, LeavesWhatSaysMore) {
  const std::uint8_t some[32] = {0, 0, 0, 0, 0, 0, 0, 0, 1};
  EXPECT_FALSE(fits(DumpedRoute().bytes(RTM_DELROUTE)));
  EXPECT_FALSE(fits(DumpedRoute(AF_INET6).bytes(), AF_INET));
  EXPECT_FALSE(fits(DumpedRoute(AF_INET6).attribute(RTA_CACHEINFO, some).bytes(), AF_INET6));
  EXPECT_FALSE(fits(DumpedRoute(AF_INET6).attribute(RTA_PREF, Bytes(some).subspan(8, 1)).bytes(), AF_INET6));
  for (const std::uint16_t type :
       {RTA_SRC, RTA_IIF, RTA_PREFSRC, RTA_METRICS, RTA_MULTIPATH, RTA_FLOW, RTA_VIA, RTA_ENCAP_TYPE,
        RTA_ENCAP, RTA_EXPIRES, RTA_NH_ID, RTA_TTL_PROPAGATE}) {
    EXPECT_FALSE(fits(DumpedRoute().number(type, 1).bytes())) << type;
  }
  constexpr std::uint16_t kUnknown[] = {31, 32, 63, 200, NLA_F_NESTED | RTA_OIF};
  for (const std::uint16_t type : kUnknown) {
    EXPECT_FALSE(fits(DumpedRoute().number(type, 1).bytes())) << type;
  }
  const auto withHeader = [](auto change) {
    DumpedRoute route;
    change(route.header());
    return route.bytes();
  };
  EXPECT_FALSE(fits(withHeader([](rtmsg& header) { header.rtm_type = RTN_BLACKHOLE; })));
  EXPECT_FALSE(fits(withHeader([](rtmsg& header) { header.rtm_tos = 4; })));
  EXPECT_FALSE(fits(withHeader([](rtmsg& header) { header.rtm_src_len = 8; })));
  EXPECT_FALSE(fits(withHeader([](rtmsg& header) { header.rtm_scope = RT_SCOPE_UNIVERSE; })));
  EXPECT_FALSE(fits(withHeader([](rtmsg& header) { header.rtm_dst_len = 8; })));
  EXPECT_FALSE(fits(withHeader([](rtmsg& header) { header.rtm_table = RT_TABLE_UNSPEC; })));
}

TEST(DecodeRoutes, LeavesWhatIsMalformed) {
  const std::uint8_t address[16] = {10};
  EXPECT_FALSE(fits(DumpedRoute().number(RTA_OIF, 3).number(RTA_OIF, 3).bytes()));
  EXPECT_FALSE(fits(DumpedRoute().number(RTA_OIF, 0x80000000U).bytes()));
  EXPECT_FALSE(fits(DumpedRoute().attribute(RTA_OIF, Bytes(address).first(2)).bytes()));
  EXPECT_FALSE(fits(DumpedRoute().number(RTA_GATEWAY, 0).bytes()));
  DumpedRoute wide;
  wide.header().rtm_dst_len = 8;
  EXPECT_FALSE(fits(wide.attribute(RTA_DST, address).bytes()));
  DumpedRoute hostBits;
  hostBits.header().rtm_dst_len = 4;
  EXPECT_FALSE(fits(hostBits.number(RTA_DST, 10).bytes()));
  std::vector<std::uint8_t> cut = DumpedRoute().number(RTA_OIF, 3).bytes();
  cut[kHeaderLength + sizeof(rtmsg)] = 200;
  EXPECT_FALSE(fits(cut));
  cut[kHeaderLength + sizeof(rtmsg)] = 2;
  EXPECT_FALSE(fits(cut));
  RequestBuilder tiny(RTM_NEWROUTE, 0);
  EXPECT_FALSE(fits(tiny.number(0, 0).bytes()));
}

TEST(DecodeRoutes, KeepsTheOrderOfTheOthers) {
  DumpedRoute other;
  other.number(RTA_NH_ID, 1);
  const auto make = [&other](std::uint32_t index) {
    DumpedRoute mine = other;
    return index % 3 == 0 ? mine.number(RTA_PRIORITY, index).bytes()
                          : DumpedRoute().number(RTA_PRIORITY, index).bytes();
  };
  Buffer messages = many(100, make);
  const PackedRoutes routes = decodeRoutes(AF_INET, messages);
  EXPECT_EQ(routes.rows(), 66U);
  EXPECT_EQ(routes.row(0).priority, 1U);
  EXPECT_EQ(routes.row(65).priority, 98U);
  std::uint32_t index = 0;
  for (const Message& message : messagesIn(messages.bytes())) {
    EXPECT_EQ(hex(message.bytes), hex(make(index)));
    index += 3;
  }
  EXPECT_EQ(index, 102U);
}

TEST(DecodeRoutes, LosesNothingWithoutMessages) {
  Buffer none;
  EXPECT_EQ(decodeRoutes(AF_INET, none).rows(), 0U);
}

using PackedRoutesTest = ConnectionTest;

/** Link-scoped routes over the loopback, to 10.x.x.x/32. */
PackedRoutes manyRows(std::uint32_t count) {
  PackedRoutes routes(AF_INET, count);
  for (std::uint32_t index = 0; index < count; index++) {
    const std::uint32_t address = htonl(0x0a000000U + index);
    RouteRow route = row({}, 32);
    std::memcpy(route.destination.data(), &address, sizeof(address));
    route.link = 1;
    route.table = 500;
    routes.append(route);
  }
  return routes;
}

TEST_F(PackedRoutesTest, AreAddedAndComeBack) {
  constexpr std::uint32_t kCount = 10000;
  const std::shared_ptr<Connection> connection = connect();
  ASSERT_TRUE(exchange(connection, single(setLinkUp(1))).get().ok());
  const auto rows = std::make_shared<const PackedRoutes>(manyRows(kCount));
  Future<Result<ExchangeResult>> future;
  const auto add = [&](std::uint64_t ticket) {
    connection->exchange([rows] { return encodeRoutes(*rows, RTM_NEWROUTE, kAdd); }, {}, ticket,
                         [future](Result<ExchangeResult> result) { future.set(std::move(result)); });
  };
  add(1);
  const Result<ExchangeResult> added = future.get();
  ASSERT_TRUE(added.ok());
  EXPECT_EQ(added.value().sent, kCount);
  EXPECT_TRUE(added.value().replies.empty());

  auto dump = std::make_shared<Dump>(single(dumpRoutes()), 65536, AF_INET);
  connection->dump(dump, 2);
  std::uint32_t total = 0;
  for (;;) {
    const DumpChunk chunk = read(connection, dump);
    ASSERT_EQ(chunk.error, 0);
    for (std::uint32_t index = 0; index < chunk.routes.rows(); index++) {
      const RouteRow route = chunk.routes.row(index);
      if (route.table == 500) expectSame(route, rows->row(total++));
    }
    if (chunk.done) break;
  }
  EXPECT_EQ(total, kCount);
}

TEST_F(PackedRoutesTest, SayWhenThereIsNoMemoryForTheRequests) {
  const std::shared_ptr<Connection> connection = connect();
  Future<Result<ExchangeResult>> future;
  connection->exchange([] { return Buffer(); }, {}, 1,
                       [future](Result<ExchangeResult> result) { future.set(std::move(result)); });
  const Result<ExchangeResult> result = future.get();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ENOMEM);
}

}  // namespace
}  // namespace netloom::test
