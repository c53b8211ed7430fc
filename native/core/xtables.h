#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "core/buffer.h"
#include "core/result.h"

namespace netloom {

/** A table of legacy iptables or ip6tables, as the kernel gives it. Offsets are those within `entries`. */
struct XtablesTable {
  /** `NF_INET_NUMHOOKS`: the hooks of linux/netfilter.h, in its order. */
  static constexpr std::size_t kHooks = 5;

  /** A bit for each hook that has a chain. */
  std::uint32_t validHooks = 0;
  /** Where the chain of a hook begins, and where its policy is, which is its last rule. */
  std::array<std::uint32_t, kHooks> hookEntries{};
  std::array<std::uint32_t, kHooks> underflows{};

  /** `struct ipt_entry` or `struct ip6t_entry`, one behind the other. */
  [[nodiscard]] Bytes entries() const { return content.bytes().subspan(header); }

  /** The whole answer: a header of `struct ipt_get_entries`, then the entries. */
  Buffer content;
  std::size_t header = 0;
};

/**
 * Reads a table, such as `filter`, of `AF_INET` or `AF_INET6` in the namespace of the calling thread; nothing
 * if it isn't there. The kernel is asked only for tables that it lists, since by asking others are made, and
 * modules loaded. Needs `CAP_NET_ADMIN`, and to read the list, which belongs to root.
 */
[[nodiscard]] Result<std::optional<XtablesTable>> readXtablesTable(int family, const std::string& name);

}  // namespace netloom
