#include "core/message.h"

#include <gtest/gtest.h>

#include <vector>

namespace netloom {
namespace {

std::vector<std::uint8_t> message(std::uint16_t type, std::uint16_t flags,
                                  const std::vector<std::uint8_t>& payload, std::uint32_t claimed = 0) {
  nlmsghdr header{};
  header.nlmsg_len = claimed != 0 ? claimed : static_cast<std::uint32_t>(kHeaderLength + payload.size());
  header.nlmsg_type = type;
  header.nlmsg_flags = flags;
  std::vector<std::uint8_t> bytes(kHeaderLength + payload.size());
  std::memcpy(bytes.data(), &header, sizeof(header));
  if (!payload.empty()) std::memcpy(bytes.data() + kHeaderLength, payload.data(), payload.size());
  return bytes;
}

std::vector<std::uint8_t> errorPayload(std::int32_t code, std::uint32_t requestLength, std::size_t size) {
  std::vector<std::uint8_t> payload(size);
  std::memcpy(payload.data(), &code, sizeof(code));
  std::memcpy(payload.data() + sizeof(code), &requestLength, sizeof(requestLength));
  return payload;
}

Message first(const std::vector<std::uint8_t>& bytes) {
  return MessageReader(bytes).next().value();
}

TEST(MessageReader, EndsAtOnceOnNothing) {
  MessageReader reader({});
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.malformed());
}

TEST(MessageReader, WalksPaddedMessagesAndAnUnpaddedLastOne) {
  std::vector<std::uint8_t> bytes = message(16, 0, {1, 2, 3});
  bytes.push_back(0);
  const std::vector<std::uint8_t> second = message(17, 0, {4, 5});
  bytes.insert(bytes.end(), second.begin(), second.end());
  MessageReader reader(bytes);
  const std::optional<Message> one = reader.next();
  ASSERT_TRUE(one);
  EXPECT_EQ(one->header.nlmsg_type, 16);
  EXPECT_EQ(one->payload().size(), 3U);
  const std::optional<Message> two = reader.next();
  ASSERT_TRUE(two);
  EXPECT_EQ(two->payload()[1], 5);
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.malformed());
}

TEST(MessageReader, RefusesLengthsThatCannotBe) {
  for (const std::uint32_t claimed : {1U, 15U, 21U, 0x7fffffffU, 0xffffffffU, 0xfffffffcU}) {
    const std::vector<std::uint8_t> bytes = message(16, 0, {0, 0, 0, 0}, claimed);
    MessageReader reader(bytes);
    EXPECT_FALSE(reader.next()) << claimed;
    EXPECT_TRUE(reader.malformed()) << claimed;
  }
  std::vector<std::uint8_t> zero = message(16, 0, {});
  std::memset(zero.data(), 0, 4);
  EXPECT_FALSE(MessageReader(zero).next());
}

TEST(MessageReader, RefusesATruncatedHeader) {
  std::vector<std::uint8_t> bytes = message(16, 0, {});
  bytes.resize(15);
  MessageReader reader(bytes);
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.malformed());
}

TEST(Acknowledgement, ReadsAPlainOne) {
  const auto bytes = message(NLMSG_ERROR, NLM_F_CAPPED, errorPayload(0, 32, 20));
  const auto acknowledgement = parseAcknowledgement(first(bytes));
  ASSERT_TRUE(acknowledgement);
  EXPECT_EQ(acknowledgement->code, 0);
  EXPECT_TRUE(acknowledgement->attributes.empty());
}

TEST(Acknowledgement, FindsAttributesBehindACappedRequest) {
  std::vector<std::uint8_t> payload = errorPayload(-17, 4000, 20);
  payload.insert(payload.end(), {8, 0, 1, 0, 'h', 'i', 0, 0});
  const auto bytes = message(NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS, payload);
  const auto acknowledgement = parseAcknowledgement(first(bytes));
  ASSERT_TRUE(acknowledgement);
  EXPECT_EQ(acknowledgement->code, -17);
  EXPECT_EQ(acknowledgement->attributes.size(), 8U);
}

TEST(Acknowledgement, FindsAttributesBehindAWholeRequest) {
  std::vector<std::uint8_t> payload = errorPayload(-22, 18, 4 + 20);
  payload.insert(payload.end(), {8, 0, 1, 0, 'h', 'i', 0, 0});
  const auto bytes = message(NLMSG_ERROR, NLM_F_ACK_TLVS, payload);
  EXPECT_EQ(parseAcknowledgement(first(bytes))->attributes.size(), 8U);
}

TEST(Acknowledgement, IsNotMisledByTheLengthOfTheRequest) {
  for (const std::uint32_t length : {0U, 3U, 4096U, 0xffffffffU, 0xfffffffdU}) {
    const auto bytes = message(NLMSG_ERROR, NLM_F_ACK_TLVS, errorPayload(-22, length, 28));
    const auto acknowledgement = parseAcknowledgement(first(bytes));
    ASSERT_TRUE(acknowledgement) << length;
    EXPECT_TRUE(acknowledgement->attributes.empty()) << length;
  }
}

TEST(Acknowledgement, RefusesAShortOne) {
  const auto bytes = message(NLMSG_ERROR, 0, errorPayload(-1, 16, 19));
  EXPECT_FALSE(parseAcknowledgement(first(bytes)));
}

TEST(Done, ReadsItsErrno) {
  EXPECT_EQ(parseDone(first(message(NLMSG_DONE, 0, {}))), 0);
  EXPECT_EQ(parseDone(first(message(NLMSG_DONE, 0, {0, 0, 0, 0}))), 0);
  EXPECT_EQ(parseDone(first(message(NLMSG_DONE, 0, {0xfe, 0xff, 0xff, 0xff}))), -2);
  EXPECT_EQ(parseDone(first(message(NLMSG_DONE, 0, {5, 0, 0, 0}))), 0);
  EXPECT_EQ(parseDone(first(message(NLMSG_DONE, 0, {1, 2}))), 0);
}

}  // namespace
}  // namespace netloom
