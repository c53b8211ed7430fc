#pragma once

#include <napi.h>

#include "core/network_namespace.h"

namespace netloom {

/** `NativeNamespace` of binding.ts. Work in flight keeps the namespace open after `close`. */
class NamespaceObject : public Napi::ObjectWrap<NamespaceObject> {
 public:
  static void define(Napi::Env env);
  static Napi::Object create(Napi::Env env, NetworkNamespace content);
  /** Nothing when it is something else, or closed. */
  static NamespacePointer unwrap(Napi::Value value);

  explicit NamespaceObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value fd(const Napi::CallbackInfo& info);
  Napi::Value inode(const Napi::CallbackInfo& info);
  Napi::Value device(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  NamespacePointer content_;
  double inode_ = 0;
  double device_ = 0;
};

}  // namespace netloom
