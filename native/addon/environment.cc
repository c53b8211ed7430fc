#include "addon/environment.h"

#include <fcntl.h>

#include <mutex>

namespace netloom {
namespace {

/**
 * The namespace that the process was in when the addon was first loaded. It is kept for the whole process:
 * when another environment loads the addon, its main thread may be inside `runInNamespace` at that moment.
 * Never closed, and plain, so that nothing is destroyed at exit while threads still run.
 */
int homeDescriptor() {
  static std::once_flag once;
  static int fd = -1;
  std::call_once(once, [] {
    Result<NetworkNamespace> home = NetworkNamespace::ofProcess();
    if (home.ok()) fd = ::fcntl(home.value().fd(), F_DUPFD_CLOEXEC, 0);
  });
  return fd;
}

NamespacePointer openHome() {
  Result<NetworkNamespace> home = NetworkNamespace::duplicate(homeDescriptor());
  if (!home.ok()) return nullptr;
  return std::make_shared<const NetworkNamespace>(std::move(home.value()));
}

}  // namespace

Environment* Environment::attach(Napi::Env env) {
  auto self = std::make_unique<Environment>(env, openHome());
  napi_value name = Napi::String::New(env, "netloom");
  napi_status status = napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr,
                                                       self.get(), drain, &self->function_);
  if (status == napi_ok) status = napi_unref_threadsafe_function(env, self->function_);
  // Hooks run in reverse: registered after the thread-safe function, this one runs before it goes.
  if (status == napi_ok) status = napi_add_env_cleanup_hook(env, cleanUp, self.get());
  if (status != napi_ok) {
    Napi::Error::New(env, "netloom could not be set up in this environment").ThrowAsJavaScriptException();
    return nullptr;
  }
  self->completions_ = std::make_shared<CompletionQueue>(self->function_);
  self->workers_ = std::make_shared<WorkerPool>(self->home_);
  self->reactor_ = std::make_shared<Reactor>(self->home_);
  Environment* const environment = self.release();
  env.SetInstanceData(environment);
  return environment;
}

Environment::Environment(Napi::Env env, NamespacePointer home) : env_(env), home_(std::move(home)) {}

Environment::~Environment() {
  if (completions_) cleanUp(this);
}

void Environment::cleanUp(void* environment) {
  auto* const self = static_cast<Environment*>(environment);
  self->completions_->close();
  self->workers_->stop();
  self->reactor_->stop();
}

void Environment::drain(napi_env env, napi_value callback, void* context, void* data) {
  static_cast<void>(callback);
  static_cast<void>(data);
  // Without an environment, it is being torn down.
  if (env == nullptr) return;
  auto& self = *static_cast<Environment*>(context);
  for (const std::unique_ptr<Completion>& completion : self.completions_->take()) {
    const Napi::HandleScope scope(env);
    completion->settle(self);
  }
}

NamespacePointer Environment::callingNamespace() const {
  Result<NetworkNamespace> current = NetworkNamespace::current();
  if (!current.ok() || (home_ && current.value().sameAs(*home_))) return nullptr;
  return std::make_shared<const NetworkNamespace>(std::move(current.value()));
}

napi_deferred Environment::promise(napi_value* promise) {
  napi_deferred deferred = nullptr;
  if (napi_create_promise(env_, &deferred, promise) == napi_ok) hold();
  return deferred;
}

void Environment::resolve(napi_deferred deferred, napi_value value) {
  release();
  napi_resolve_deferred(env_, deferred, value);
}

void Environment::reject(napi_deferred deferred, const Error& error) {
  release();
  napi_reject_deferred(env_, deferred, createError(env_, error).Value());
}

void Environment::hold() {
  if (held_++ == 0) napi_ref_threadsafe_function(env_, function_);
}

void Environment::release() {
  if (--held_ == 0) napi_unref_threadsafe_function(env_, function_);
}

Napi::Error createError(Napi::Env env, const Error& error) {
  std::string message = std::string(error.call) + " failed with errno " + std::to_string(error.code);
  if (!error.path.empty()) message += ": " + error.path;
  Napi::Error result = Napi::Error::New(env, message);
  result.Set("errno", Napi::Number::New(env, -error.code));
  result.Set("syscall", Napi::String::New(env, error.call));
  if (!error.path.empty()) result.Set("path", Napi::String::New(env, error.path));
  return result;
}

napi_value createBytes(napi_env env, Bytes bytes) {
  void* data = nullptr;
  napi_value buffer = nullptr;
  napi_value array = nullptr;
  if (napi_create_arraybuffer(env, bytes.size(), &data, &buffer) != napi_ok) return nullptr;
  if (!bytes.empty()) std::memcpy(data, bytes.data(), bytes.size());
  if (napi_create_typedarray(env, napi_uint8_array, bytes.size(), buffer, 0, &array) != napi_ok)
    return nullptr;
  return array;
}

}  // namespace netloom
