#include "core/packed_routes.h"

#include <algorithm>
#include <climits>
#include <cstring>

#include "core/message.h"

namespace netloom {
namespace {

/** The flags that a user sets; the others are the kernel's to say (`settableFlags` in schema.ts). */
constexpr std::uint32_t kSettableFlags = RTNH_F_ONLINK | RTNH_F_PERVASIVE | RTM_F_NOTIFY;

/** The longest request: all attributes, and the table too large for the header. */
constexpr std::size_t requestBytes(std::size_t addressBytes) {
  return kHeaderLength + sizeof(rtmsg) + 2 * (sizeof(nlattr) + addressBytes) +
         3 * (sizeof(nlattr) + sizeof(std::uint32_t));
}

constexpr std::size_t addressBytes(sa_family_t family) {
  return family == AF_INET6 ? 16 : 4;
}

/** Where the columns begin. */
struct Layout {
  Layout(sa_family_t family, std::size_t capacity)
      : address(addressBytes(family)),
        gateway(address * capacity),
        link(gateway * 2),
        priority(link + 4 * capacity),
        table(priority + 4 * capacity),
        flags(table + 4 * capacity),
        prefixLength(flags + 4 * capacity),
        protocol(prefixLength + capacity),
        end(protocol + capacity) {}

  /** Bytes of an address; that of the destination is the first column. */
  std::size_t address;
  std::size_t gateway;
  std::size_t link;
  std::size_t priority;
  std::size_t table;
  std::size_t flags;
  std::size_t prefixLength;
  std::size_t protocol;
  std::size_t end;
};

std::uint32_t load(const std::uint8_t* column, std::size_t row) {
  std::uint32_t value = 0;
  std::memcpy(&value, column + row * sizeof(value), sizeof(value));
  return value;
}

void store(std::uint8_t* column, std::size_t row, std::uint32_t value) {
  std::memcpy(column + row * sizeof(value), &value, sizeof(value));
}

/** The machine is little-endian: the addon refuses to load on another. */
std::uint32_t swapBytes(std::uint32_t value) {
  return __builtin_bswap32(value);
}

void loadAddress(RouteRow::Address& address, const std::uint8_t* column, std::size_t row, std::size_t size) {
  if (size == address.size()) {
    std::memcpy(address.data(), column + row * address.size(), address.size());
  } else {
    const std::uint32_t value = swapBytes(load(column, row));
    std::memcpy(address.data(), &value, sizeof(value));
  }
}

void storeAddress(std::uint8_t* column, std::size_t row, const RouteRow::Address& address, std::size_t size) {
  if (size == address.size()) {
    std::memcpy(column + row * address.size(), address.data(), address.size());
  } else {
    std::uint32_t value = 0;
    std::memcpy(&value, address.data(), sizeof(value));
    store(column, row, swapBytes(value));
  }
}

bool isZero(const RouteRow::Address& address) {
  return address == RouteRow::Address{};
}

/** True if bits are set past the prefix length, which is in its range. */
bool hasHostBits(const RouteRow& row, std::size_t size) {
  std::size_t at = row.prefixLength / 8U;
  if (at >= size) return false;
  unsigned int bits = row.destination[at] & (0xffU >> (row.prefixLength % 8U));
  while (++at < size) bits |= row.destination[at];
  return bits != 0;
}

/** What is wrong with a row, as the name of a column; null if nothing is. */
const char* fault(const RouteRow& row, std::size_t size) {
  if (row.prefixLength > size * 8) return "prefixLength";
  if (hasHostBits(row, size)) return "destination";
  if (row.link > INT_MAX) return "link";
  if (row.table == 0) return "table";
  return nullptr;
}

/** The scope that iproute2 gives a unicast route; IPv6 has no other than the first. */
std::uint8_t usualScope(sa_family_t family, bool hasGateway) {
  return family == AF_INET && !hasGateway ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}

class RequestWriter {
 public:
  explicit RequestWriter(Buffer& buffer) : buffer_(buffer) {}

  template <class Struct>
  void fixed(const Struct& value) {
    append(&value, sizeof(value));
  }
  void attribute(std::uint16_t type, const void* value, std::size_t size) {
    fixed(nlattr{static_cast<std::uint16_t>(sizeof(nlattr) + size), type});
    append(value, size);
  }
  void number(std::uint16_t type, std::uint32_t value) { attribute(type, &value, sizeof(value)); }

 private:
  /** All sizes are multiples of 4. */
  void append(const void* value, std::size_t size) {
    std::memcpy(buffer_.data() + buffer_.used, value, size);
    buffer_.used += size;
  }

  Buffer& buffer_;
};

void encodeRow(const RouteRow& row, sa_family_t family, std::uint16_t type, std::uint16_t flags,
               Buffer& buffer) {
  const std::size_t start = buffer.used;
  const std::size_t size = addressBytes(family);
  const bool hasGateway = !isZero(row.gateway);
  const bool deletion = type == RTM_DELROUTE;

  nlmsghdr header{};
  header.nlmsg_type = type;
  header.nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST);
  rtmsg route{};
  route.rtm_family = static_cast<unsigned char>(family);
  route.rtm_dst_len = row.prefixLength;
  route.rtm_table = static_cast<unsigned char>(row.table < 256 ? row.table : RT_TABLE_UNSPEC);
  route.rtm_protocol = row.protocol;
  route.rtm_flags = row.flags & kSettableFlags;
  // A deletion matches any type and scope.
  route.rtm_type = deletion ? RTN_UNSPEC : RTN_UNICAST;
  route.rtm_scope = usualScope(family, hasGateway);
  if (deletion && family == AF_INET) route.rtm_scope = RT_SCOPE_NOWHERE;

  RequestWriter writer(buffer);
  writer.fixed(header);
  writer.fixed(route);
  if (row.prefixLength != 0) writer.attribute(RTA_DST, row.destination.data(), size);
  if (row.table >= 256) writer.number(RTA_TABLE, row.table);
  if (hasGateway) writer.attribute(RTA_GATEWAY, row.gateway.data(), size);
  if (row.link != 0) writer.number(RTA_OIF, row.link);
  if (row.priority != 0) writer.number(RTA_PRIORITY, row.priority);

  header.nlmsg_len = static_cast<std::uint32_t>(buffer.used - start);
  std::memcpy(buffer.data() + start, &header, sizeof(header));
}

/** Reads a message as a row; false if it is anything that a row can't say all of. */
class RowReader {
 public:
  explicit RowReader(sa_family_t family) : family_(family), size_(addressBytes(family)) {}

  [[nodiscard]] const RouteRow& row() const { return row_; }

  [[nodiscard]] bool read(const Message& message) {
    row_ = RouteRow{};
    seen_ = 0;
    rtmsg route{};
    const Bytes payload = message.payload();
    if (message.header.nlmsg_type != RTM_NEWROUTE || payload.size() < sizeof(route)) return false;
    std::memcpy(&route, payload.data(), sizeof(route));
    if (route.rtm_family != family_ || route.rtm_type != RTN_UNICAST) return false;
    if (route.rtm_src_len != 0 || route.rtm_tos != 0) return false;
    row_.prefixLength = route.rtm_dst_len;
    row_.protocol = route.rtm_protocol;
    row_.flags = route.rtm_flags;
    row_.table = route.rtm_table;
    if (!readAttributes(payload.subspan(sizeof(route)))) return false;

    const bool hasGateway = has(RTA_GATEWAY);
    return has(RTA_DST) == (row_.prefixLength != 0) && hasGateway != isZero(row_.gateway) &&
           route.rtm_scope == usualScope(family_, hasGateway) && fault(row_, size_) == nullptr;
  }

 private:
  [[nodiscard]] bool has(unsigned int type) const { return (seen_ & (1U << type)) != 0; }

  bool readAttributes(Bytes rest) {
    while (!rest.empty()) {
      nlattr header{};
      if (rest.size() < sizeof(header)) return false;
      std::memcpy(&header, rest.data(), sizeof(header));
      if (header.nla_len < sizeof(header) || header.nla_len > rest.size()) return false;
      // An attribute that is there twice says more than a row can.
      if (header.nla_type >= 32 || has(header.nla_type)) return false;
      seen_ |= 1U << header.nla_type;
      const Bytes value = rest.subspan(sizeof(header), header.nla_len - sizeof(header));
      if (!readAttribute(header.nla_type, value)) return false;
      rest = rest.subspan(std::min(alignMessage(header.nla_len), rest.size()));
    }
    return true;
  }

  bool readAttribute(unsigned int type, Bytes value) {
    switch (type) {
      case RTA_DST:
        return readAddress(value, row_.destination);
      case RTA_GATEWAY:
        return readAddress(value, row_.gateway);
      case RTA_OIF:
        return readNumber(value, row_.link);
      case RTA_PRIORITY:
        return readNumber(value, row_.priority);
      case RTA_TABLE:
        return readNumber(value, row_.table);
      case RTA_PREF:
      case RTA_CACHEINFO:
        // Medium preference, no expiry and no use so far: IPv6 says so with each route.
        return std::all_of(value.begin(), value.end(), [](std::uint8_t byte) { return byte == 0; });
      default:
        return false;
    }
  }

  bool readAddress(Bytes value, RouteRow::Address& address) const {
    if (value.size() != size_) return false;
    std::memcpy(address.data(), value.data(), size_);
    return true;
  }

  static bool readNumber(Bytes value, std::uint32_t& number) {
    if (value.size() != sizeof(number)) return false;
    std::memcpy(&number, value.data(), sizeof(number));
    return true;
  }

  const sa_family_t family_;
  const std::size_t size_;
  RouteRow row_;
  /** The types of the attributes, as bits. */
  std::uint32_t seen_ = 0;
};

std::uint32_t countMessages(Bytes messages) {
  std::uint32_t count = 0;
  MessageReader reader(messages);
  while (reader.next()) count++;
  return count;
}

}  // namespace

PackedRoutes::PackedRoutes(sa_family_t family, std::uint32_t capacity)
    : family_(family), capacity_(capacity), columns_(bytesFor(family, capacity)) {
  if (columns_.capacity() == 0) capacity_ = 0;
}

PackedRoutes::PackedRoutes(sa_family_t family, std::uint32_t capacity, std::uint32_t rows, Buffer columns)
    : family_(family), capacity_(capacity), rows_(rows), columns_(std::move(columns)) {}

std::size_t PackedRoutes::bytesFor(sa_family_t family, std::uint32_t capacity) {
  return Layout(family, capacity).end;
}

RouteRow PackedRoutes::row(std::uint32_t index) const {
  const Layout at(family_, capacity_);
  const std::uint8_t* const columns = columns_.data();
  RouteRow row;
  loadAddress(row.destination, columns, index, at.address);
  loadAddress(row.gateway, columns + at.gateway, index, at.address);
  row.link = load(columns + at.link, index);
  row.priority = load(columns + at.priority, index);
  row.table = load(columns + at.table, index);
  row.flags = load(columns + at.flags, index);
  row.prefixLength = columns[at.prefixLength + index];
  row.protocol = columns[at.protocol + index];
  return row;
}

void PackedRoutes::append(const RouteRow& row) {
  const Layout at(family_, capacity_);
  const std::uint32_t index = rows_++;
  std::uint8_t* const columns = columns_.data();
  storeAddress(columns, index, row.destination, at.address);
  storeAddress(columns + at.gateway, index, row.gateway, at.address);
  store(columns + at.link, index, row.link);
  store(columns + at.priority, index, row.priority);
  store(columns + at.table, index, row.table);
  store(columns + at.flags, index, row.flags);
  columns[at.prefixLength + index] = row.prefixLength;
  columns[at.protocol + index] = row.protocol;
}

std::optional<InvalidRow> findInvalidRow(const PackedRoutes& routes) {
  const std::size_t size = addressBytes(routes.family());
  for (std::uint32_t index = 0; index < routes.rows(); index++) {
    if (const char* const column = fault(routes.row(index), size)) return InvalidRow{index, column};
  }
  return std::nullopt;
}

Buffer encodeRoutes(const PackedRoutes& routes, std::uint16_t type, std::uint16_t flags) {
  Buffer requests(routes.rows() * requestBytes(addressBytes(routes.family())));
  if (requests.capacity() == 0) return requests;
  for (std::uint32_t index = 0; index < routes.rows(); index++) {
    encodeRow(routes.row(index), routes.family(), type, flags, requests);
  }
  return requests;
}

PackedRoutes decodeRoutes(sa_family_t family, Buffer& messages) {
  PackedRoutes routes(family, countMessages(messages.bytes()));
  // Without memory, all of it stays where it is: nothing is lost.
  if (routes.capacity() == 0) return routes;
  RowReader rows(family);
  std::uint8_t* const begin = messages.data();
  std::size_t kept = 0;
  MessageReader reader(messages.bytes());
  while (const std::optional<Message> message = reader.next()) {
    if (rows.read(*message)) {
      routes.append(rows.row());
      continue;
    }
    const std::size_t size = std::min(alignMessage(message->bytes.size()), messages.used - kept);
    std::memmove(begin + kept, message->bytes.data(), message->bytes.size());
    kept += size;
  }
  messages.used = kept;
  return routes;
}

}  // namespace netloom
