#include "addon/namespace_functions.h"

#include <cstdio>
#include <cstdlib>

#include "addon/arguments.h"
#include "addon/async.h"
#include "addon/environment.h"
#include "addon/namespace_object.h"

namespace netloom {
namespace {

Napi::Value currentNamespace(const Napi::CallbackInfo& info) {
  Result<NetworkNamespace> current = NetworkNamespace::current();
  if (current.ok()) return NamespaceObject::create(info.Env(), std::move(current.value()));
  createError(info.Env(), current.error()).ThrowAsJavaScriptException();
  return {};
}

Napi::Value create(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  std::string path = info[0].IsUndefined() ? std::string() : arguments.string(info[0], "path");
  if (arguments.failed()) return {};
  return runAsync(
      info.Env(), [path = std::move(path)](Worker&) { return createNamespace(path); },
      NamespaceObject::create);
}

Napi::Value open(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  std::string path = arguments.string(info[0], "path");
  if (arguments.failed()) return {};
  return runAsync(
      info.Env(), [path = std::move(path)](Worker&) { return NetworkNamespace::open(path); },
      NamespaceObject::create);
}

Napi::Value adopt(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  const auto fd = static_cast<int>(arguments.integer(info[0], "fd", 0, INT32_MAX));
  if (arguments.failed()) return {};
  // Duplicated before this returns: the caller may close it then.
  return runAsync(
      info.Env(), [copy = NetworkNamespace::duplicate(fd)](Worker&) mutable { return std::move(copy); },
      NamespaceObject::create);
}

Napi::Value unpin(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  std::string path = arguments.string(info[0], "path");
  if (arguments.failed()) return {};
  return runAsync(
      info.Env(), [path = std::move(path)](Worker&) { return unpinNamespace(path); }, toUndefined);
}

Napi::Value runInNamespace(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  const NamespacePointer target = arguments.networkNamespace(info[0], "namespace");
  const Napi::Function run = arguments.function(info[1], "run");
  if (arguments.failed()) return {};

  Result<NetworkNamespace> before = NetworkNamespace::current();
  if (!before.ok()) {
    createError(info.Env(), before.error()).ThrowAsJavaScriptException();
    return {};
  }
  if (Status entered = target->enter(); !entered.ok()) {
    createError(info.Env(), entered.error()).ThrowAsJavaScriptException();
    return {};
  }
  const Napi::Value result = run.Call({});
  if (Status returned = before.value().enter(); !returned.ok()) {
    // Whatever this thread did next would happen in somebody else's network.
    std::fputs("netloom: could not return from a network namespace\n", stderr);
    std::abort();
  }
  return result;
}

}  // namespace

void defineNamespaceFunctions(Napi::Env env, Napi::Object exports) {
  exports["currentNamespace"] = Napi::Function::New<currentNamespace>(env, "currentNamespace");
  exports["createNamespace"] = Napi::Function::New<create>(env, "createNamespace");
  exports["openNamespace"] = Napi::Function::New<open>(env, "openNamespace");
  exports["adoptNamespace"] = Napi::Function::New<adopt>(env, "adoptNamespace");
  exports["unpinNamespace"] = Napi::Function::New<unpin>(env, "unpinNamespace");
  exports["runInNamespace"] = Napi::Function::New<runInNamespace>(env, "runInNamespace");
}

}  // namespace netloom
