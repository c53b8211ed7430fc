#pragma once

#include <napi.h>

#include <utility>

namespace netloom {

/**
 * Makes an object of a native class around `content`, which its constructor takes by `constructedFrom`.
 * Scripts cannot make an external value, so they cannot construct one themselves.
 */
template <class Content>
Napi::Object construct(Napi::Env env, const Napi::FunctionReference& constructor, Content content) {
  return constructor.New({Napi::External<Content>::New(env, &content)});
}

/** What `construct` passed; null, with an exception pending, when a script called the constructor. */
template <class Content>
Content* constructedFrom(const Napi::CallbackInfo& info) {
  if (info[0].IsExternal()) return info[0].As<Napi::External<Content>>().Data();
  Napi::TypeError::New(info.Env(), "Illegal constructor").ThrowAsJavaScriptException();
  return nullptr;
}

}  // namespace netloom
