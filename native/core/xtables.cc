#include "core/xtables.h"

// Of the kernel's headers alone: those of the C library define the same structures in their own way.
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "core/file_descriptor.h"
#include "core/proc_file.h"

namespace netloom {
namespace {

// One piece of code is for both families, and src/netfilter/xtables knows the sizes.
static_assert(sizeof(ipt_getinfo) == sizeof(ip6t_getinfo));
static_assert(offsetof(ipt_get_entries, entrytable) == offsetof(ip6t_get_entries, entrytable));
static_assert(sizeof(ipt_entry) == 112 && sizeof(ip6t_entry) == 168);
static_assert(sizeof(xt_entry_target) == 32 && offsetof(xt_standard_target, verdict) == 32);
static_assert(XtablesTable::kHooks == NF_INET_NUMHOOKS);

constexpr std::size_t kHeader = offsetof(ipt_get_entries, entrytable);
/** `MAX_TABLE_SIZE`, net/netfilter/x_tables.c: no table of the kernel's is larger. */
constexpr std::uint32_t kLargestTable = 512U * 1024 * 1024;
/** A table can be replaced between the two calls that read it; whoever replaces it all the time is not
 * awaited. */
constexpr int kAttempts = 16;

bool lists(std::string_view names, std::string_view name) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find('\n'), names.size());
    if (names.substr(0, end) == name) return true;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return false;
}

/** Whether the namespace has it. Without the modules there is no list. */
Result<bool> isThere(int family, const std::string& name) {
  const Result<std::string> names =
      readProcFile(family == AF_INET6 ? "/proc/net/ip6_tables_names" : "/proc/net/ip_tables_names");
  if (names.ok()) return lists(names.value(), name);
  if (names.error().code == ENOENT) return false;
  return names.error();
}

bool sameLayout(const ipt_getinfo& one, const ipt_getinfo& other) {
  return one.valid_hooks == other.valid_hooks && one.num_entries == other.num_entries &&
         std::ranges::equal(one.hook_entry, other.hook_entry) &&
         std::ranges::equal(one.underflow, other.underflow);
}

class Reader {
 public:
  Reader(int fd, int family) : fd_(fd), level_(family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP) {}

  /** `EAGAIN` where the table was replaced meanwhile. */
  Result<XtablesTable> read(const std::string& name) const {
    const Result<ipt_getinfo> before = readInfo(name);
    if (!before.ok()) return before.error();
    Result<XtablesTable> table = readEntries(name, before.value());
    if (!table.ok()) return table;
    // The kernel refuses another size by itself. In a table of the same size the chains may lie elsewhere.
    const Result<ipt_getinfo> after = readInfo(name);
    if (!after.ok()) return after.error();
    if (!sameLayout(before.value(), after.value())) return Error{EAGAIN, "getsockopt"};
    return table;
  }

 private:
  Result<ipt_getinfo> readInfo(const std::string& name) const {
    ipt_getinfo info{};
    std::memcpy(info.name, name.data(), name.size());
    socklen_t length = sizeof(info);
    if (::getsockopt(fd_, level_, IPT_SO_GET_INFO, &info, &length) != 0) return lastError("getsockopt");
    if (length != sizeof(info) || info.size > kLargestTable) return Error{EPROTO, "getsockopt"};
    return info;
  }

  Result<XtablesTable> readEntries(const std::string& name, const ipt_getinfo& info) const {
    XtablesTable table;
    table.validHooks = info.valid_hooks;
    std::copy_n(info.hook_entry, XtablesTable::kHooks, table.hookEntries.begin());
    std::copy_n(info.underflow, XtablesTable::kHooks, table.underflows.begin());
    table.header = kHeader;
    table.content = Buffer(kHeader + info.size);
    if (table.content.capacity() == 0) return Error{ENOMEM, "getsockopt"};
    std::memset(table.content.data(), 0, kHeader);
    std::memcpy(table.content.data() + offsetof(ipt_get_entries, name), name.data(), name.size());
    std::memcpy(table.content.data() + offsetof(ipt_get_entries, size), &info.size, sizeof(info.size));
    auto length = static_cast<socklen_t>(table.content.capacity());
    if (::getsockopt(fd_, level_, IPT_SO_GET_ENTRIES, table.content.data(), &length) != 0) {
      return lastError("getsockopt");
    }
    if (length != table.content.capacity()) return Error{EPROTO, "getsockopt"};
    table.content.used = table.content.capacity();
    return table;
  }

  const int fd_;
  const int level_;
};

}  // namespace

Result<std::optional<XtablesTable>> readXtablesTable(int family, const std::string& name) {
  if (name.empty() || name.size() >= XT_TABLE_MAXNAMELEN) return Error{EINVAL, "getsockopt"};
  const Result<bool> there = isThere(family, name);
  if (!there.ok()) return there.error();
  if (!there.value()) return std::optional<XtablesTable>();
  // The iptables programs take a raw socket, which needs a privilege more; any of the family answers.
  const FileDescriptor fd(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return lastError("socket");
  const Reader reader(fd.get(), family);
  for (int attempt = 1;; attempt++) {
    Result<XtablesTable> table = reader.read(name);
    if (table.ok()) return std::optional<XtablesTable>(std::move(table.value()));
    if (table.error().code != EAGAIN || attempt == kAttempts) return table.error();
  }
}

}  // namespace netloom
