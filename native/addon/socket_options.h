#pragma once

#include <napi.h>

#include <optional>

#include "core/netlink_socket.h"
#include "core/network_namespace.h"

namespace netloom {

/** `NativeSocketOptions` of binding.ts. */
struct SocketOptions {
  NetlinkSocketOptions socket;
  /** Where to open it; null at home. */
  NamespacePointer where;
};

/** Nothing, with an exception pending, if they are not what they must be. */
[[nodiscard]] std::optional<SocketOptions> readSocketOptions(Napi::Env env, Napi::Value value);

}  // namespace netloom
