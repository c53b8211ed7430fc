#pragma once

#include <napi.h>

#include <utility>

#include "addon/environment.h"

namespace netloom {

/**
 * Makes an object of a native class around `content`, which its constructor takes by `constructedFrom`. It
 * passes by the environment, not as an argument: what N-API allocates for an external value is never freed
 * when the environment ends before the value was collected.
 */
template <class Content>
Napi::Object construct(Napi::Env env, const Napi::FunctionReference& constructor, Content content) {
  Environment& environment = Environment::of(env);
  environment.constructing = &content;
  const Napi::Object object = constructor.New({});
  environment.constructing = nullptr;
  return object;
}

/** What `construct` passed; null, with an exception pending, when a script called the constructor. */
template <class Content>
Content* constructedFrom(const Napi::CallbackInfo& info) {
  void* const content = std::exchange(Environment::of(info.Env()).constructing, nullptr);
  if (content == nullptr)
    Napi::TypeError::New(info.Env(), "Illegal constructor").ThrowAsJavaScriptException();
  return static_cast<Content*>(content);
}

}  // namespace netloom
