#include "addon/socket_options.h"

#include "addon/arguments.h"
#include "addon/environment.h"

namespace netloom {

std::optional<SocketOptions> readSocketOptions(Napi::Env env, Napi::Value value) {
  Arguments arguments(env);
  const Napi::Object given = arguments.object(value, "options");
  SocketOptions options;
  options.socket.protocol =
      static_cast<int>(arguments.optionalInteger(given, "protocol", 0, 255).value_or(0));
  options.socket.receiveBuffer =
      static_cast<int>(arguments.optionalInteger(given, "receiveBuffer", 1, INT32_MAX / 2).value_or(0));
  options.socket.sendBuffer =
      static_cast<int>(arguments.optionalInteger(given, "sendBuffer", 1, INT32_MAX / 2).value_or(0));
  const Napi::Value where = arguments.member(given, "namespace");
  if (arguments.failed()) return std::nullopt;
  if (!where.IsUndefined()) {
    options.where = arguments.networkNamespace(where, "namespace");
    if (arguments.failed()) return std::nullopt;
    return options;
  }
  options.where = Environment::of(env).callingNamespace();
  return options;
}

}  // namespace netloom
