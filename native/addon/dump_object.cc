#include "addon/dump_object.h"

#include "addon/environment.h"
#include "addon/native_class.h"
#include "addon/packed_route_functions.h"

namespace netloom {
namespace {

Napi::Value createChunk(Napi::Env env, const DumpChunk& chunk) {
  Napi::Object object = Napi::Object::New(env);
  napi_set_named_property(env, object, "messages", createBytes(env, chunk.messages.bytes()));
  napi_set_named_property(env, object, "done", Napi::Boolean::New(env, chunk.done));
  napi_set_named_property(env, object, "interrupted", Napi::Boolean::New(env, chunk.interrupted));
  napi_set_named_property(env, object, "errno", Napi::Number::New(env, -chunk.error));
  napi_set_named_property(env, object, "syscall", Napi::String::New(env, chunk.call));
  napi_value error = env.Undefined();
  if (!chunk.errorMessage.empty()) error = createBytes(env, chunk.errorMessage);
  napi_set_named_property(env, object, "error", error);
  napi_set_named_property(env, object, "routes", createPackedRoutes(env, chunk.routes));
  return object;
}

}  // namespace

void DumpObject::define(Napi::Env env) {
  const Napi::Function constructor = DefineClass(
      env, "NativeDump",
      {InstanceMethod<&DumpObject::read>("read"), InstanceMethod<&DumpObject::discard>("discard")});
  Environment::of(env).dumpClass = Napi::Persistent(constructor);
}

Napi::Object DumpObject::create(Napi::Env env, Content content, Napi::Object socket) {
  const Napi::Object object = construct(env, Environment::of(env).dumpClass, std::move(content));
  if (DumpObject* const self = Unwrap(object)) self->socket_ = Napi::Persistent(socket);
  return object;
}

DumpObject::DumpObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  if (auto* const content = constructedFrom<Content>(info)) content_ = std::move(*content);
}

DumpObject::~DumpObject() {
  abandon();
}

void DumpObject::abandon() {
  if (content_.dump && content_.dump->discard()) content_.connection->resume();
}

void DumpObject::discard(const Napi::CallbackInfo& info) {
  static_cast<void>(info);
  abandon();
}

Napi::Value DumpObject::read(const Napi::CallbackInfo& info) {
  Environment& environment = Environment::of(info.Env());
  if (reading_ || finished_) {
    const char* const why = reading_ ? "A read of this dump is pending" : "This dump has ended";
    Napi::Error::New(info.Env(), why).ThrowAsJavaScriptException();
    return {};
  }
  napi_value promise = nullptr;
  const napi_deferred deferred = environment.promise(&promise);
  if (deferred == nullptr) return {};
  reading_ = true;
  Ref();
  Dump::ReadOutcome outcome =
      content_.dump->read([this, deferred, completions = environment.completions()](DumpChunk chunk) {
        completions->post([this, deferred, chunk = std::move(chunk)](Environment& settling) {
          reading_ = false;
          finished_ = chunk.done;
          Unref();
          settling.resolve(deferred, createChunk(settling.env(), chunk));
        });
      });
  if (outcome.resume) content_.connection->resume();
  if (outcome.chunk) {
    reading_ = false;
    finished_ = outcome.chunk->done;
    Unref();
    environment.resolve(deferred, createChunk(info.Env(), *outcome.chunk));
  }
  return {info.Env(), promise};
}

}  // namespace netloom
