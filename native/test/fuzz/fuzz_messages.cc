#include "core/message.h"

using namespace netloom;

/** Walks any bytes as a datagram and reads each message as whatever it claims to be. */
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes all(data, size);
  std::size_t total = 0;
  std::uint32_t sum = 0;
  MessageReader reader(all);
  while (const std::optional<Message> message = reader.next()) {
    // Everything handed out lies within what was handed in.
    if (message->bytes.data() < data || message->bytes.data() + message->bytes.size() > data + size)
      __builtin_trap();
    total += message->bytes.size();
    for (const std::uint8_t byte : message->payload()) sum += byte;
    sum += static_cast<std::uint32_t>(parseDone(*message));
    const std::optional<Acknowledgement> acknowledgement = parseAcknowledgement(*message);
    if (!acknowledgement || acknowledgement->attributes.empty()) continue;
    const Bytes attributes = acknowledgement->attributes;
    if (attributes.data() < data || attributes.data() + attributes.size() > data + size) __builtin_trap();
    for (const std::uint8_t byte : attributes) sum += byte;
  }
  if (total > size) __builtin_trap();
  // The reads above must not be optimised away.
  asm volatile("" : : "r"(sum));
  return 0;
}
