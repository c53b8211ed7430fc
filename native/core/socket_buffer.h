#pragma once

#include "core/result.h"

namespace netloom {

/**
 * Sets the receive or the send buffer of a socket, in bytes; 0 leaves the kernel's default. To go beyond the
 * system's limit (`net.core.rmem_max`, `net.core.wmem_max`) needs CAP_NET_ADMIN in the first user namespace;
 * without it, the limit holds.
 */
[[nodiscard]] Status setReceiveBuffer(int fd, int bytes);
[[nodiscard]] Status setSendBuffer(int fd, int bytes);

}  // namespace netloom
