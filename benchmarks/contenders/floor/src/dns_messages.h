#pragma once

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace contender {

/** The port of DNS servers. */
constexpr std::uint16_t kDnsPort = 53;
/** As much as an answer without EDNS may take. */
constexpr std::size_t kLargestDnsMessage = 512;

/** A query for the IPv4 addresses of a name, under the id 0. */
std::vector<std::uint8_t> dnsQuery(const std::string& name);

std::uint16_t dnsId(std::span<const std::uint8_t> message);
void setDnsId(std::span<std::uint8_t> message, std::uint16_t id);

/** Whether a message answers a query, whatever its id, with this address and no other. */
bool dnsAnswers(std::span<const std::uint8_t> message, std::span<const std::uint8_t> query, in_addr address);

/** The answer to a query with one question: one address. */
std::vector<std::uint8_t> dnsAnswer(std::span<const std::uint8_t> query, in_addr address);

/** Reads an IPv4 address. Ends the contender if it is none. */
in_addr ipv4(const std::string& text);
/** A UDP socket to a DNS server at an address. */
int dnsSocket(in_addr server);

}  // namespace contender
