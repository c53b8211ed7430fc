#include "addon/packed_route_functions.h"

#include <algorithm>

#include "addon/environment.h"

namespace netloom {
namespace {

// Requests of so many rows are encoded at once.
constexpr std::int64_t kMostRows = std::int64_t{1} << 20;

Napi::Value check(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Arguments arguments(env);
  const std::optional<PackedRoutes> routes = readPackedRoutes(arguments, info[0]);
  if (!routes) return {};
  const std::optional<InvalidRow> invalid = findInvalidRow(*routes);
  if (!invalid) return env.Undefined();
  Napi::Object object = Napi::Object::New(env);
  napi_set_named_property(env, object, "row", Napi::Number::New(env, invalid->row));
  napi_set_named_property(env, object, "column", Napi::String::New(env, invalid->column));
  return object;
}

Napi::Value encode(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  const std::optional<PackedRoutes> routes = readPackedRoutes(arguments, info[0]);
  const RouteRequest request = readRouteRequest(arguments, info[1]);
  if (arguments.failed() || !routes) return {};
  return {info.Env(), createBytes(info.Env(), encodeRoutes(*routes, request.type, request.flags).bytes())};
}

}  // namespace

sa_family_t readPackedFamily(Arguments& arguments, Napi::Value value) {
  const std::int64_t family = arguments.integer(value, "family", 0, UINT16_MAX);
  if (!arguments.failed() && family != AF_INET && family != AF_INET6)
    arguments.reject("family", "AF_INET or AF_INET6");
  return static_cast<sa_family_t>(family);
}

std::optional<PackedRoutes> readPackedRoutes(Arguments& arguments, Napi::Value value) {
  const Napi::Object given = arguments.object(value, "routes");
  const sa_family_t family = readPackedFamily(arguments, arguments.member(given, "family"));
  const auto capacity = static_cast<std::uint32_t>(
      arguments.integer(arguments.member(given, "capacity"), "capacity", 1, kMostRows));
  const auto rows = static_cast<std::uint32_t>(
      arguments.integer(arguments.member(given, "rows"), "rows", 1, std::max<std::int64_t>(capacity, 1)));
  const Bytes columns = arguments.bytes(arguments.member(given, "columns"), "columns");
  if (arguments.failed()) return std::nullopt;
  if (columns.size() != PackedRoutes::bytesFor(family, capacity)) {
    arguments.reject("columns", "as long as the capacity says");
    return std::nullopt;
  }
  Buffer copy = Buffer::copyOf(columns);
  if (copy.capacity() == 0) {
    arguments.reject("columns", "small enough for the memory that there is");
    return std::nullopt;
  }
  return PackedRoutes(family, capacity, rows, std::move(copy));
}

RouteRequest readRouteRequest(Arguments& arguments, Napi::Value value) {
  const Napi::Object given = arguments.object(value, "request");
  RouteRequest request;
  request.type = static_cast<std::uint16_t>(
      arguments.integer(arguments.member(given, "type"), "type", RTM_NEWROUTE, RTM_DELROUTE));
  request.flags =
      static_cast<std::uint16_t>(arguments.integer(arguments.member(given, "flags"), "flags", 0, UINT16_MAX));
  return request;
}

napi_value createPackedRoutes(Napi::Env env, const PackedRoutes& routes) {
  if (routes.rows() == 0) return env.Undefined();
  Napi::Object object = Napi::Object::New(env);
  napi_set_named_property(env, object, "family", Napi::Number::New(env, routes.family()));
  napi_set_named_property(env, object, "capacity", Napi::Number::New(env, routes.capacity()));
  napi_set_named_property(env, object, "rows", Napi::Number::New(env, routes.rows()));
  napi_set_named_property(env, object, "columns", createBytes(env, routes.columns()));
  return object;
}

void definePackedRouteFunctions(Napi::Env env, Napi::Object exports) {
  exports["checkRoutes"] = Napi::Function::New<check>(env, "checkRoutes");
  exports["encodeRoutes"] = Napi::Function::New<encode>(env, "encodeRoutes");
}

}  // namespace netloom
