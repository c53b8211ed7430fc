#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "core/connection.h"
#include "core/network_namespace.h"

namespace netloom {

/** `NativeSocket` of binding.ts. */
class SocketObject : public Napi::ObjectWrap<SocketObject> {
 public:
  static void define(Napi::Env env, Napi::Object exports);

  explicit SocketObject(const Napi::CallbackInfo& info);
  /** Collected only when nothing is pending, or with the environment: then what is in flight is to end. */
  ~SocketObject() override;

 private:
  static Napi::Value open(const Napi::CallbackInfo& info);

  Napi::Value receiveBuffer(const Napi::CallbackInfo& info);
  Napi::Value sendBuffer(const Napi::CallbackInfo& info);
  Napi::Value portId(const Napi::CallbackInfo& info);
  Napi::Value exchange(const Napi::CallbackInfo& info);
  Napi::Value exchangeRoutes(const Napi::CallbackInfo& info);
  Napi::Value dump(const Napi::CallbackInfo& info);
  Napi::Value cancel(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  /**
   * Hands requests, as bytes or yet to be encoded, to the connection and promises what comes back. `named`
   * are the namespaces whose descriptors they name.
   */
  template <class Requests>
  Napi::Value send(Napi::Env env, Requests requests, const ExchangeOptions& options, std::uint64_t ticket,
                   std::vector<NamespacePointer> named);

  std::shared_ptr<Connection> connection_;
};

}  // namespace netloom
