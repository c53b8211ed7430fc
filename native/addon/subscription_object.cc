#include "addon/subscription_object.h"

#include <vector>

#include "addon/arguments.h"
#include "addon/async.h"
#include "addon/environment.h"
#include "addon/native_class.h"
#include "addon/socket_options.h"

namespace netloom {
namespace {

Napi::Value createEvents(Napi::Env env, const Events& events) {
  Napi::Object object = Napi::Object::New(env);
  napi_set_named_property(env, object, "messages", createBytes(env, events.messages.bytes()));
  napi_set_named_property(env, object, "overrun", Napi::Boolean::New(env, events.overrun));
  return object;
}

}  // namespace

void SubscriptionObject::define(Napi::Env env, Napi::Object exports) {
  const Napi::Function constructor =
      DefineClass(env, "NativeSubscription",
                  {InstanceAccessor<&SubscriptionObject::receiveBuffer>("receiveBuffer"),
                   InstanceMethod<&SubscriptionObject::read>("read"),
                   InstanceMethod<&SubscriptionObject::close>("close")});
  Environment::of(env).subscriptionClass = Napi::Persistent(constructor);
  exports["openSubscription"] = Napi::Function::New<SubscriptionObject::open>(env, "openSubscription");
}

Napi::Value SubscriptionObject::open(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::optional<SocketOptions> options = readSocketOptions(env, info[0]);
  if (!options) return {};
  Arguments arguments(env);
  const Napi::Array given = arguments.array(info[1], "groups");
  std::vector<std::uint32_t> groups;
  for (std::uint32_t index = 0; index < given.Length() && !arguments.failed(); index++) {
    groups.push_back(
        static_cast<std::uint32_t>(arguments.integer(given.Get(index), "groups", 1, UINT32_MAX)));
  }
  if (arguments.failed()) return {};
  return runAsync(
      env,
      [options = std::move(*options), groups = std::move(groups),
       reactor = Environment::of(env).reactor()](Worker& worker) {
        return worker.inside(options.where,
                             [&] { return Subscription::open(reactor, options.socket, groups); });
      },
      [](Napi::Env settling, std::shared_ptr<Subscription> subscription) {
        return construct(settling, Environment::of(settling).subscriptionClass, std::move(subscription));
      });
}

SubscriptionObject::SubscriptionObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  if (auto* const content = constructedFrom<std::shared_ptr<Subscription>>(info))
    subscription_ = std::move(*content);
}

SubscriptionObject::~SubscriptionObject() {
  if (subscription_) subscription_->close();
}

Napi::Value SubscriptionObject::receiveBuffer(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(subscription_->receiveBuffer()));
}

Napi::Value SubscriptionObject::read(const Napi::CallbackInfo& info) {
  Environment& environment = Environment::of(info.Env());
  if (reading_) {
    Napi::Error::New(info.Env(), "A read of this subscription is pending").ThrowAsJavaScriptException();
    return {};
  }
  napi_value promise = nullptr;
  const napi_deferred deferred = environment.promise(&promise);
  if (deferred == nullptr) return {};
  reading_ = true;
  Ref();
  std::optional<Events> events = subscription_->read(
      [this, deferred, completions = environment.completions()](std::optional<Events> found) {
        completions->post([this, deferred, found = std::move(found)](Environment& settling) {
          reading_ = false;
          Unref();
          const Napi::Env env = settling.env();
          settling.resolve(deferred, found ? createEvents(env, *found) : env.Undefined());
        });
      });
  if (events) {
    reading_ = false;
    Unref();
    environment.resolve(deferred, createEvents(info.Env(), *events));
  }
  return {info.Env(), promise};
}

Napi::Value SubscriptionObject::close(const Napi::CallbackInfo& info) {
  Environment& environment = Environment::of(info.Env());
  napi_value promise = nullptr;
  const napi_deferred deferred = environment.promise(&promise);
  if (deferred == nullptr) return {};
  subscription_->close();
  // Behind the read that this may have ended.
  environment.completions()->post(
      [deferred](Environment& settling) { settling.resolve(deferred, settling.env().Undefined()); });
  return {info.Env(), promise};
}

}  // namespace netloom
