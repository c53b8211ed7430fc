#pragma once

#include <napi.h>

#include <cstdint>
#include <optional>

#include "addon/arguments.h"
#include "core/packed_routes.h"

namespace netloom {

/** `NativeRouteRequest` of binding.ts. */
struct RouteRequest {
  std::uint16_t type = RTM_NEWROUTE;
  std::uint16_t flags = 0;
};

/** A copy of a `NativeRoutes`; nothing, with an exception pending, if it is not what it must be. */
[[nodiscard]] std::optional<PackedRoutes> readPackedRoutes(Arguments& arguments, Napi::Value value);
[[nodiscard]] RouteRequest readRouteRequest(Arguments& arguments, Napi::Value value);
[[nodiscard]] sa_family_t readPackedFamily(Arguments& arguments, Napi::Value value);

/** A `NativeRoutes`; `undefined` without rows. */
[[nodiscard]] napi_value createPackedRoutes(Napi::Env env, const PackedRoutes& routes);

/** Adds what looks at packed routes on the calling thread: `checkRoutes` and `encodeRoutes`. */
void definePackedRouteFunctions(Napi::Env env, Napi::Object exports);

}  // namespace netloom
