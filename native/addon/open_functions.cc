#include "addon/open_functions.h"

#include <linux/if_tun.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "addon/arguments.h"
#include "addon/async.h"
#include "addon/environment.h"
#include "core/inet_socket.h"
#include "core/tun.h"

namespace netloom {
namespace {

InetSocketOptions readInetOptions(Arguments& arguments, Napi::Value value) {
  const Napi::Object given = arguments.object(value, "options");
  InetSocketOptions options;
  const std::string family = arguments.string(arguments.member(given, "family"), "family");
  options.family = family == "inet" ? AF_INET : AF_INET6;
  if (family != "inet" && family != "inet6") arguments.reject("family", "'inet' or 'inet6'");
  const std::string type = arguments.string(arguments.member(given, "type"), "type");
  options.type = type == "stream" ? SOCK_STREAM : type == "dgram" ? SOCK_DGRAM : SOCK_RAW;
  if (type != "stream" && type != "dgram" && type != "raw")
    arguments.reject("type", "'stream', 'dgram' or 'raw'");
  options.protocol =
      static_cast<int>(arguments.optionalInteger(given, "protocol", 0, UINT16_MAX).value_or(0));
  if (const Napi::Value bind = arguments.member(given, "bind"); !arguments.failed() && !bind.IsUndefined()) {
    const Napi::Object where = arguments.object(bind, "bind");
    options.address = arguments.string(arguments.member(where, "address"), "address");
    options.port =
        static_cast<std::uint16_t>(arguments.integer(arguments.member(where, "port"), "port", 0, UINT16_MAX));
  }
  options.reuseAddress = arguments.optionalBoolean(given, "reuseAddress").value_or(type == "stream");
  options.reusePort = arguments.optionalBoolean(given, "reusePort").value_or(false);
  options.ipv6Only = arguments.optionalBoolean(given, "ipv6Only");
  if (const auto backlog = arguments.optionalInteger(given, "listen", 0, INT32_MAX)) {
    options.backlog = static_cast<int>(*backlog);
  }
  options.device = arguments.optionalString(given, "device").value_or(std::string());
  if (const auto mark = arguments.optionalInteger(given, "mark", 0, UINT32_MAX)) {
    options.mark = static_cast<std::uint32_t>(*mark);
  }
  options.transparent = arguments.optionalBoolean(given, "transparent").value_or(false);
  options.receiveBuffer =
      static_cast<int>(arguments.optionalInteger(given, "receiveBuffer", 0, INT32_MAX).value_or(0));
  return options;
}

Napi::Value openSocketFor(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  NamespacePointer where = arguments.networkNamespace(info[0], "namespace");
  InetSocketOptions options = readInetOptions(arguments, info[1]);
  if (arguments.failed()) return {};
  return runAsync(
      info.Env(),
      [where = std::move(where), options = std::move(options)](Worker& worker) {
        return worker.inside(where, [&options] { return openInetSocket(options); });
      },
      [](Napi::Env env, FileDescriptor fd) { return Napi::Number::New(env, fd.release()); });
}

/** Opens sockets one by one and closes each at once: the errnos of what failed, and 0 for the others. */
Napi::Value trySockets(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  NamespacePointer where = arguments.networkNamespace(info[0], "namespace");
  const Napi::Array list = arguments.array(info[1], "sockets");
  std::vector<InetSocketOptions> sockets;
  for (std::uint32_t i = 0; !arguments.failed() && i < list.Length(); i++) {
    sockets.push_back(readInetOptions(arguments, list.Get(i)));
  }
  if (arguments.failed()) return {};
  return runAsync(
      info.Env(),
      [where = std::move(where), sockets = std::move(sockets)](Worker& worker) {
        return worker.inside(where, [&sockets]() -> Result<std::vector<int>> {
          std::vector<int> errors;
          errors.reserve(sockets.size());
          for (const InetSocketOptions& options : sockets) {
            const Result<FileDescriptor> opened = openInetSocket(options);
            errors.push_back(opened.ok() ? 0 : opened.error().code);
          }
          return errors;
        });
      },
      [](Napi::Env env, const std::vector<int>& errors) {
        Napi::Array array = Napi::Array::New(env, errors.size());
        for (std::uint32_t i = 0; i < errors.size(); i++) array.Set(i, Napi::Number::New(env, errors[i]));
        return array;
      });
}

TunOptions readTunOptions(Arguments& arguments, Napi::Value value) {
  const Napi::Object given = arguments.object(value, "options");
  TunOptions options;
  options.name = arguments.optionalString(given, "name").value_or(std::string());
  const std::string mode = arguments.string(arguments.member(given, "mode"), "mode");
  if (mode != "tun" && mode != "tap") arguments.reject("mode", "'tun' or 'tap'");
  const std::int64_t flags = arguments.optionalInteger(given, "flags", 0, UINT16_MAX).value_or(0);
  options.flags = static_cast<short>(flags | (mode == "tun" ? IFF_TUN : IFF_TAP));
  if (const auto owner = arguments.optionalInteger(given, "owner", 0, UINT32_MAX - 1)) {
    options.owner = static_cast<uid_t>(*owner);
  }
  if (const auto group = arguments.optionalInteger(given, "group", 0, UINT32_MAX - 1)) {
    options.group = static_cast<gid_t>(*group);
  }
  options.persist = arguments.optionalBoolean(given, "persist").value_or(false);
  return options;
}

Napi::Value openTunLink(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  NamespacePointer where;
  if (!info[0].IsUndefined()) where = arguments.networkNamespace(info[0], "namespace");
  TunOptions options = readTunOptions(arguments, info[1]);
  if (arguments.failed()) return {};
  if (!where) where = Environment::of(info.Env()).callingNamespace();
  return runAsync(
      info.Env(),
      [where = std::move(where), options = std::move(options)](Worker& worker) {
        return worker.inside(where, [&options] { return openTun(options); });
      },
      [](Napi::Env env, Tun tun) {
        Napi::Object object = Napi::Object::New(env);
        object.Set("name", Napi::String::New(env, tun.name));
        object.Set("fd", Napi::Number::New(env, tun.fd.release()));
        return object;
      });
}

void closeDescriptor(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  const auto fd = static_cast<int>(arguments.integer(info[0], "fd", 0, INT32_MAX));
  if (!arguments.failed()) ::close(fd);
}

}  // namespace

void defineOpenFunctions(Napi::Env env, Napi::Object exports) {
  exports["openInetSocket"] = Napi::Function::New<openSocketFor>(env, "openInetSocket");
  exports["tryInetSockets"] = Napi::Function::New<trySockets>(env, "tryInetSockets");
  exports["openTun"] = Napi::Function::New<openTunLink>(env, "openTun");
  exports["closeDescriptor"] = Napi::Function::New<closeDescriptor>(env, "closeDescriptor");
}

}  // namespace netloom
