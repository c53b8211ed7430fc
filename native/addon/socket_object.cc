#include "addon/socket_object.h"

#include <utility>
#include <vector>

#include "addon/arguments.h"
#include "addon/async.h"
#include "addon/dump_object.h"
#include "addon/environment.h"
#include "addon/native_class.h"
#include "addon/packed_route_functions.h"
#include "addon/socket_options.h"

namespace netloom {
namespace {

constexpr std::int64_t kLargestTicket = std::int64_t{1} << 53;
constexpr std::int64_t kLeastChunk = 4096;
constexpr std::int64_t kLargestChunk = std::int64_t{64} * 1024 * 1024;
constexpr std::int64_t kDefaultChunk = std::int64_t{256} * 1024;

Napi::Value createExchange(Napi::Env env, const ExchangeResult& result) {
  Napi::Object object = Napi::Object::New(env);
  napi_set_named_property(env, object, "replies", createBytes(env, result.replies));
  napi_set_named_property(env, object, "sent", Napi::Number::New(env, result.sent));
  Napi::Array unknown = Napi::Array::New(env);
  std::uint32_t length = 0;
  for (const IndexRange& range : result.unknown) {
    unknown.Set(length++, Napi::Number::New(env, range.from));
    unknown.Set(length++, Napi::Number::New(env, range.to));
  }
  napi_set_named_property(env, object, "unknown", unknown);
  napi_set_named_property(env, object, "errno", Napi::Number::New(env, -result.error));
  napi_set_named_property(env, object, "syscall", Napi::String::New(env, result.call));
  return object;
}

/** The namespaces whose descriptors the requests name: a closed one must not be reused before they are sent.
 */
std::vector<NamespacePointer> namespacesOf(Arguments& arguments, const Napi::Object& options) {
  std::vector<NamespacePointer> named;
  const Napi::Value given = arguments.member(options, "namespaces");
  if (arguments.failed() || given.IsUndefined()) return named;
  const Napi::Array list = arguments.array(given, "namespaces");
  for (std::uint32_t i = 0; !arguments.failed() && i < list.Length(); i++) {
    named.push_back(arguments.networkNamespace(list.Get(i), "namespaces"));
  }
  return named;
}

}  // namespace

void SocketObject::define(Napi::Env env, Napi::Object exports) {
  const Napi::Function constructor = DefineClass(
      env, "NativeSocket",
      {InstanceAccessor<&SocketObject::receiveBuffer>("receiveBuffer"),
       InstanceAccessor<&SocketObject::sendBuffer>("sendBuffer"),
       InstanceAccessor<&SocketObject::portId>("portId"), InstanceMethod<&SocketObject::exchange>("exchange"),
       InstanceMethod<&SocketObject::exchangeRoutes>("exchangeRoutes"),
       InstanceMethod<&SocketObject::dump>("dump"), InstanceMethod<&SocketObject::cancel>("cancel"),
       InstanceMethod<&SocketObject::close>("close")});
  Environment::of(env).socketClass = Napi::Persistent(constructor);
  exports["openSocket"] = Napi::Function::New<SocketObject::open>(env, "openSocket");
}

Napi::Value SocketObject::open(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::optional<SocketOptions> options = readSocketOptions(env, info[0]);
  if (!options) return {};
  return runAsync(
      env,
      [options = std::move(*options),
       workers = Environment::of(env).workers()](Worker& worker) -> Result<std::shared_ptr<Connection>> {
        Result<NetlinkSocket> socket =
            worker.inside(options.where, [&options] { return NetlinkSocket::open(options.socket); });
        if (!socket.ok()) return socket.error();
        return Connection::create(workers, std::move(socket.value()));
      },
      [](Napi::Env settling, std::shared_ptr<Connection> connection) {
        return construct(settling, Environment::of(settling).socketClass, std::move(connection));
      });
}

SocketObject::SocketObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  if (auto* const content = constructedFrom<std::shared_ptr<Connection>>(info))
    connection_ = std::move(*content);
}

SocketObject::~SocketObject() {
  if (connection_) connection_->close(nullptr);
}

Napi::Value SocketObject::receiveBuffer(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(connection_->socket().receiveBuffer()));
}

Napi::Value SocketObject::sendBuffer(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(connection_->socket().sendBuffer()));
}

Napi::Value SocketObject::portId(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), connection_->socket().portId());
}

Napi::Value SocketObject::exchange(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  ExchangeOptions options;
  std::vector<NamespacePointer> named;
  if (!info[1].IsUndefined()) {
    const Napi::Object given = arguments.object(info[1], "options");
    options.replies = arguments.optionalBoolean(given, "replies").value_or(false);
    options.stopOnError = arguments.optionalBoolean(given, "stopOnError").value_or(false);
    options.transaction = arguments.optionalBoolean(given, "transaction").value_or(false);
    named = namespacesOf(arguments, given);
  }
  const auto ticket = static_cast<std::uint64_t>(arguments.integer(info[2], "ticket", 0, kLargestTicket));
  // Copied before it is looked at: shared memory could change in between.
  const Bytes given = arguments.bytes(info[0], "requests");
  if (arguments.failed()) return {};
  Buffer requests = Buffer::copyOf(given);
  if (countRequests(requests.bytes()) == 0) {
    arguments.reject("requests", "whole netlink messages");
    return {};
  }
  return send(info.Env(), std::move(requests), options, ticket, std::move(named));
}

Napi::Value SocketObject::exchangeRoutes(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  std::optional<PackedRoutes> routes = readPackedRoutes(arguments, info[0]);
  const RouteRequest request = readRouteRequest(arguments, info[1]);
  ExchangeOptions options;
  options.stopOnError =
      arguments.optionalBoolean(arguments.object(info[1], "request"), "stopOnError").value_or(false);
  const auto ticket = static_cast<std::uint64_t>(arguments.integer(info[2], "ticket", 0, kLargestTicket));
  if (arguments.failed() || !routes) return {};
  // A function that is kept must be copyable, and its content is large.
  auto shared = std::make_shared<const PackedRoutes>(std::move(*routes));
  return send<Connection::Encode>(
      info.Env(),
      [shared = std::move(shared), request] { return encodeRoutes(*shared, request.type, request.flags); },
      options, ticket, {});
}

template <class Requests>
Napi::Value SocketObject::send(Napi::Env env, Requests requests, const ExchangeOptions& options,
                               std::uint64_t ticket, std::vector<NamespacePointer> named) {
  Environment& environment = Environment::of(env);
  napi_value promise = nullptr;
  const napi_deferred deferred = environment.promise(&promise);
  if (deferred == nullptr) return {};
  // Not collected before the answer has come.
  Ref();
  connection_->exchange(
      std::move(requests), options, ticket,
      [this, deferred, named = std::move(named),
       completions = environment.completions()](Result<ExchangeResult> result) {
        completions->post([this, deferred, result = std::move(result)](Environment& settling) {
          Unref();
          if (result.ok()) {
            settling.resolve(deferred, createExchange(settling.env(), result.value()));
          } else {
            settling.reject(deferred, result.error());
          }
        });
      });
  return {env, promise};
}

Napi::Value SocketObject::dump(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  std::int64_t chunkBytes = kDefaultChunk;
  if (!info[1].IsUndefined())
    chunkBytes = arguments.integer(info[1], "chunkBytes", kLeastChunk, kLargestChunk);
  const auto ticket = static_cast<std::uint64_t>(arguments.integer(info[2], "ticket", 0, kLargestTicket));
  std::optional<sa_family_t> packed;
  if (!info[3].IsUndefined()) packed = readPackedFamily(arguments, info[3]);
  const Bytes given = arguments.bytes(info[0], "request");
  if (arguments.failed()) return {};
  Buffer request = Buffer::copyOf(given);
  if (countRequests(request.bytes()) != 1) {
    arguments.reject("request", "one whole netlink message");
    return {};
  }
  auto dump = std::make_shared<Dump>(std::move(request), static_cast<std::size_t>(chunkBytes), packed);
  const Napi::Object object =
      DumpObject::create(info.Env(), {connection_, dump}, info.This().As<Napi::Object>());
  connection_->dump(std::move(dump), ticket);
  return object;
}

Napi::Value SocketObject::cancel(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  const auto ticket = static_cast<std::uint64_t>(arguments.integer(info[0], "ticket", 0, kLargestTicket));
  if (arguments.failed()) return {};
  return Napi::Boolean::New(info.Env(), connection_->cancel(ticket));
}

Napi::Value SocketObject::close(const Napi::CallbackInfo& info) {
  Environment& environment = Environment::of(info.Env());
  napi_value promise = nullptr;
  const napi_deferred deferred = environment.promise(&promise);
  if (deferred == nullptr) return {};
  connection_->close([deferred, completions = environment.completions()] {
    completions->post(
        [deferred](Environment& settling) { settling.resolve(deferred, settling.env().Undefined()); });
  });
  return {info.Env(), promise};
}

}  // namespace netloom
