#pragma once

#include <napi.h>

#include <memory>

#include "core/subscription.h"

namespace netloom {

/** `NativeSubscription` of binding.ts. */
class SubscriptionObject : public Napi::ObjectWrap<SubscriptionObject> {
 public:
  static void define(Napi::Env env, Napi::Object exports);

  explicit SubscriptionObject(const Napi::CallbackInfo& info);
  ~SubscriptionObject() override;

 private:
  static Napi::Value open(const Napi::CallbackInfo& info);

  Napi::Value receiveBuffer(const Napi::CallbackInfo& info);
  Napi::Value read(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  std::shared_ptr<Subscription> subscription_;
  bool reading_ = false;
};

}  // namespace netloom
