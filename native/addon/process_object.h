#pragma once

#include <napi.h>

#include <memory>

#include "core/process.h"

namespace netloom {

class Environment;

/** `NativeProcess` of binding.ts. */
class ProcessObject : public Napi::ObjectWrap<ProcessObject> {
 public:
  static void define(Napi::Env env, Napi::Object exports);

  explicit ProcessObject(const Napi::CallbackInfo& info);

 private:
  static Napi::Value spawn(const Napi::CallbackInfo& info);

  Napi::Value kill(const Napi::CallbackInfo& info);
  void ref(const Napi::CallbackInfo& info);
  void unref(const Napi::CallbackInfo& info);
  void hold(Environment& environment, bool held);

  std::shared_ptr<Process> process_;
  /** It keeps the event loop alive. */
  bool held_ = false;
  bool ended_ = false;
};

}  // namespace netloom
