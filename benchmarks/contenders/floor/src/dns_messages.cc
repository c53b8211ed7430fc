#include "dns_messages.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <sstream>

#include "fail.h"

namespace contender {
namespace {

constexpr std::size_t kHeader = 12;
/** Type and class of a question. */
constexpr std::size_t kQuestionEnd = 4;
/** Type, class, lifetime and length of a record. */
constexpr std::size_t kRecordFixed = 10;
constexpr std::uint16_t kTypeA = 1;
constexpr std::uint16_t kClassIn = 1;
constexpr std::uint8_t kPointer = 0xc0;

std::uint16_t word(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

void append(std::vector<std::uint8_t>& bytes, std::initializer_list<std::uint16_t> words) {
  for (const std::uint16_t value : words) {
    bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(value));
  }
}

/** The first byte behind the name at an offset, or the message's length. */
std::size_t skipName(std::span<const std::uint8_t> message, std::size_t at) {
  while (at < message.size()) {
    if (message[at] >= kPointer) return std::min(at + 2, message.size());
    if (message[at] == 0) return at + 1;
    at += message[at] + 1U;
  }
  return message.size();
}

}  // namespace

std::vector<std::uint8_t> dnsQuery(const std::string& name) {
  std::vector<std::uint8_t> query;
  constexpr std::uint16_t kRecursionDesired = 0x0100;
  append(query, {0, kRecursionDesired, 1, 0, 0, 0});
  std::istringstream labels(name);
  for (std::string label; std::getline(labels, label, '.');) {
    query.push_back(static_cast<std::uint8_t>(label.size()));
    query.insert(query.end(), label.begin(), label.end());
  }
  query.push_back(0);
  append(query, {kTypeA, kClassIn});
  return query;
}

std::uint16_t dnsId(std::span<const std::uint8_t> message) {
  return word(message, 0);
}

void setDnsId(std::span<std::uint8_t> message, std::uint16_t id) {
  message[0] = static_cast<std::uint8_t>(id >> 8);
  message[1] = static_cast<std::uint8_t>(id);
}

bool dnsAnswers(std::span<const std::uint8_t> message, std::span<const std::uint8_t> query, in_addr address) {
  constexpr std::uint16_t kResponse = 0x8000;
  constexpr std::uint16_t kCode = 0x000f;
  if (message.size() < query.size()) return false;
  if ((word(message, 2) & (kResponse | kCode)) != kResponse) return false;
  if (word(message, 4) != 1 || word(message, 6) != 1) return false;
  if (!std::equal(query.begin() + kHeader, query.end(), message.begin() + kHeader)) return false;
  const std::size_t fixed = skipName(message, query.size());
  if (fixed + kRecordFixed + sizeof address > message.size()) return false;
  if (word(message, fixed) != kTypeA || word(message, fixed + 2) != kClassIn) return false;
  if (word(message, fixed + 8) != sizeof address) return false;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&address);
  return std::equal(bytes, bytes + sizeof address, message.begin() + fixed + kRecordFixed);
}

std::vector<std::uint8_t> dnsAnswer(std::span<const std::uint8_t> query, in_addr address) {
  if (query.size() < kHeader) return {};
  const std::size_t end = std::min(skipName(query, kHeader) + kQuestionEnd, query.size());
  std::vector<std::uint8_t> answer;
  constexpr std::uint16_t kFlags = 0x8180;
  append(answer, {dnsId(query), kFlags, 1, 1, 0, 0});
  answer.insert(answer.end(), query.begin() + kHeader, query.begin() + static_cast<std::ptrdiff_t>(end));
  constexpr std::uint16_t kNameOfQuestion = kPointer << 8 | kHeader;
  append(answer, {kNameOfQuestion, kTypeA, kClassIn, 0, 60, sizeof address});
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&address);
  answer.insert(answer.end(), bytes, bytes + sizeof address);
  return answer;
}

in_addr ipv4(const std::string& text) {
  in_addr address{};
  if (::inet_pton(AF_INET, text.c_str(), &address) != 1) fail((text + " is no IPv4 address").c_str(), 0);
  return address;
}

int dnsSocket(in_addr server) {
  const int fd = check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
  const sockaddr_in to{
      .sin_family = AF_INET, .sin_port = htons(kDnsPort), .sin_addr = server, .sin_zero = {}};
  check(::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to), "connect");
  return fd;
}

}  // namespace contender
