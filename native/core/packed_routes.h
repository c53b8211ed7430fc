#pragma once

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/buffer.h"

namespace netloom {

/** A unicast route with one hop and nothing special: what a row of `PackedRoutes` can say. */
struct RouteRow {
  using Address = std::array<std::uint8_t, 16>;

  /** In network order; an IPv4 address is in the first four bytes. */
  Address destination{};
  /** Zero without one. */
  Address gateway{};
  /** The index of the link; 0 without one. */
  std::uint32_t link = 0;
  std::uint32_t priority = 0;
  std::uint32_t table = 0;
  /** `RTNH_F_*` and `RTM_F_*`. */
  std::uint32_t flags = 0;
  std::uint8_t prefixLength = 0;
  /** `RTPROT_*`. */
  std::uint8_t protocol = 0;
};

/**
 * Routes of one family as columns, in one block of memory. Each column has room for `capacity` rows; they lie
 * one behind the other, and the wide ones come first so that all are aligned:
 *
 *   destination, gateway           IPv4: 32 bits in host order; IPv6: 16 bytes in network order
 *   link, priority, table, flags   32 bits
 *   prefixLength, protocol         8 bits
 */
class PackedRoutes {
 public:
  PackedRoutes() = default;
  /** Room for so many rows; `capacity()` is 0 if there is no memory. `family` is `AF_INET` or `AF_INET6`. */
  PackedRoutes(sa_family_t family, std::uint32_t capacity);
  /** Takes columns of `bytesFor(family, capacity)` bytes, with so many rows in them. */
  PackedRoutes(sa_family_t family, std::uint32_t capacity, std::uint32_t rows, Buffer columns);

  static std::size_t bytesFor(sa_family_t family, std::uint32_t capacity);

  [[nodiscard]] sa_family_t family() const { return family_; }
  [[nodiscard]] std::uint32_t capacity() const { return capacity_; }
  [[nodiscard]] std::uint32_t rows() const { return rows_; }
  [[nodiscard]] Bytes columns() const { return {columns_.data(), columns_.capacity()}; }

  [[nodiscard]] RouteRow row(std::uint32_t index) const;
  /** There must be room for it. */
  void append(const RouteRow& row);

 private:
  sa_family_t family_ = AF_INET;
  std::uint32_t capacity_ = 0;
  std::uint32_t rows_ = 0;
  Buffer columns_;
};

/** A row that no kernel would take. */
struct InvalidRow {
  std::uint32_t row;
  /** The column to blame, by its name in `RouteRow`. */
  const char* column;
};

/**
 * The first row that can't be right: a prefix that is too long, or that has bits set past its length, a link
 * beyond 2^31 − 1, or table 0.
 */
[[nodiscard]] std::optional<InvalidRow> findInvalidRow(const PackedRoutes& routes);

/**
 * A request for each row, one behind the other: `RTM_NEWROUTE` or `RTM_DELROUTE` with these `NLM_F_*`. They
 * are those of `routes.add` and `routes.delete` in src/rtnetlink/route, byte for byte. Empty if there is no
 * memory.
 */
[[nodiscard]] Buffer encodeRoutes(const PackedRoutes& routes, std::uint16_t type, std::uint16_t flags);

/**
 * Takes the routes that a row can say all of out of `messages`. Everything else stays there, in order: routes
 * of other types or with several hops, with metrics, with attributes that are not known here, and so on.
 */
[[nodiscard]] PackedRoutes decodeRoutes(sa_family_t family, Buffer& messages);

}  // namespace netloom
