#include "addon/namespace_object.h"

#include "addon/environment.h"
#include "addon/native_class.h"

namespace netloom {
namespace {

constexpr napi_type_tag kTag{0x6e65746c6f6f6d01, 0x9d2f7b4a1c3e5860};

}  // namespace

void NamespaceObject::define(Napi::Env env) {
  const Napi::Function constructor = DefineClass(
      env, "NativeNamespace",
      {InstanceAccessor<&NamespaceObject::fd>("fd"), InstanceAccessor<&NamespaceObject::inode>("inode"),
       InstanceAccessor<&NamespaceObject::device>("device"),
       InstanceMethod<&NamespaceObject::close>("close")});
  Environment::of(env).namespaceClass = Napi::Persistent(constructor);
}

Napi::Object NamespaceObject::create(Napi::Env env, NetworkNamespace content) {
  return construct(env, Environment::of(env).namespaceClass, std::move(content));
}

NamespacePointer NamespaceObject::unwrap(Napi::Value value) {
  if (!value.IsObject()) return nullptr;
  const Napi::Object object = value.As<Napi::Object>();
  if (!object.CheckTypeTag(&kTag)) return nullptr;
  return Unwrap(object)->content_;
}

NamespaceObject::NamespaceObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  auto* const content = constructedFrom<NetworkNamespace>(info);
  if (content == nullptr) return;
  content_ = std::make_shared<const NetworkNamespace>(std::move(*content));
  inode_ = static_cast<double>(content_->inode());
  device_ = static_cast<double>(content_->device());
  info.This().As<Napi::Object>().TypeTag(&kTag);
}

Napi::Value NamespaceObject::fd(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), content_ ? content_->fd() : -1);
}

Napi::Value NamespaceObject::inode(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), inode_);
}

Napi::Value NamespaceObject::device(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), device_);
}

void NamespaceObject::close(const Napi::CallbackInfo& info) {
  static_cast<void>(info);
  content_.reset();
}

}  // namespace netloom
