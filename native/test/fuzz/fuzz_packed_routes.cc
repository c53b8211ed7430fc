// What the decoder of packed routes makes of any messages.
#include "core/message.h"
#include "core/packed_routes.h"

using namespace netloom;

namespace {

std::uint32_t count(Bytes messages) {
  std::uint32_t total = 0;
  MessageReader reader(messages);
  while (reader.next()) total++;
  return total;
}

bool same(const RouteRow& one, const RouteRow& other) {
  return one.destination == other.destination && one.gateway == other.gateway && one.link == other.link &&
         one.priority == other.priority && one.table == other.table &&
         one.prefixLength == other.prefixLength && one.protocol == other.protocol;
}

}  // namespace

/** The first byte chooses the family; the rest is the messages, of which each must end up somewhere. */
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const sa_family_t family = (data[0] & 1) != 0 ? AF_INET6 : AF_INET;
  Buffer messages = Buffer::copyOf(Bytes(data + 1, size - 1));
  const std::uint32_t given = count(messages.bytes());
  const PackedRoutes routes = decodeRoutes(family, messages);
  if (routes.rows() + count(messages.bytes()) != given) __builtin_trap();
  // A row can be sent, and says the same when it comes back.
  if (findInvalidRow(routes)) __builtin_trap();
  if (routes.rows() == 0) return 0;
  Buffer requests = encodeRoutes(routes, RTM_NEWROUTE, 0);
  const PackedRoutes again = decodeRoutes(family, requests);
  if (again.rows() != routes.rows()) __builtin_trap();
  for (std::uint32_t index = 0; index < routes.rows(); index++) {
    if (!same(routes.row(index), again.row(index))) __builtin_trap();
  }
  return 0;
}
