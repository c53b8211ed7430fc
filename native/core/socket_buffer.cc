#include "core/socket_buffer.h"

#include <sys/socket.h>

namespace netloom {
namespace {

Status setBuffer(int fd, int bytes, int forced, int limited) {
  if (bytes <= 0) return success();
  if (::setsockopt(fd, SOL_SOCKET, forced, &bytes, sizeof(bytes)) == 0) return success();
  if (::setsockopt(fd, SOL_SOCKET, limited, &bytes, sizeof(bytes)) == 0) return success();
  return lastError("setsockopt");
}

}  // namespace

Status setReceiveBuffer(int fd, int bytes) {
  return setBuffer(fd, bytes, SO_RCVBUFFORCE, SO_RCVBUF);
}

Status setSendBuffer(int fd, int bytes) {
  return setBuffer(fd, bytes, SO_SNDBUFFORCE, SO_SNDBUF);
}

}  // namespace netloom
