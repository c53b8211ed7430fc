#pragma once

#include <cstddef>
#include <cstdint>

#include "core/buffer.h"
#include "core/file_descriptor.h"
#include "core/result.h"

namespace netloom {

struct NetlinkSocketOptions {
  /** `NETLINK_ROUTE` and so on. */
  int protocol = 0;
  /** Bytes asked for; 0 leaves the kernel's default. */
  int receiveBuffer = 0;
  int sendBuffer = 0;
};

/** A bound netlink socket with capped and extended acknowledgements and strict checking of dumps. */
class NetlinkSocket {
 public:
  /** Opens it in the network namespace of the calling thread. */
  static Result<NetlinkSocket> open(const NetlinkSocketOptions& options);

  /** Takes a socket that is open, bound and configured already. */
  static Result<NetlinkSocket> adopt(FileDescriptor fd);

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] std::uint32_t portId() const { return portId_; }
  /** The real sizes, which the kernel doubles, and clamps for those who may not force them. */
  [[nodiscard]] std::size_t receiveBuffer() const { return receiveBuffer_; }
  [[nodiscard]] std::size_t sendBuffer() const { return sendBuffer_; }

  /** Joins a multicast group by its number. */
  [[nodiscard]] Status joinGroup(std::uint32_t group) const;

  /** Sends one datagram to the kernel. 0, or the errno. */
  [[nodiscard]] int send(Bytes datagram) const;

  struct Received {
    /** 0, or the errno: `EAGAIN` when nothing is there. */
    int error;
    /** How long the datagram was; more than there was room for if it was cut. */
    std::size_t length;
  };
  /** Takes one datagram of the kernel without waiting; those of other processes are skipped. */
  [[nodiscard]] Received receive(std::uint8_t* into, std::size_t room) const;

  void close() { fd_.reset(); }

 private:
  FileDescriptor fd_;
  std::uint32_t portId_ = 0;
  std::size_t receiveBuffer_ = 0;
  std::size_t sendBuffer_ = 0;
};

}  // namespace netloom
