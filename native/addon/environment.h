#pragma once

#include <napi.h>

#include <memory>

#include "addon/completion_queue.h"
#include "core/buffer.h"
#include "core/network_namespace.h"
#include "core/reactor.h"
#include "core/result.h"
#include "core/worker_pool.h"

namespace netloom {

/** All that one JavaScript environment (the main thread, a worker thread) has of the addon. */
class Environment {
 public:
  /** Makes the one of `env`; throws in JavaScript and gives nothing if that fails. */
  static Environment* attach(Napi::Env env);
  static Environment& of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

  Environment(Napi::Env env, NamespacePointer home);
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment();

  [[nodiscard]] Napi::Env env() const { return env_; }
  [[nodiscard]] const std::shared_ptr<CompletionQueue>& completions() const { return completions_; }
  [[nodiscard]] const std::shared_ptr<WorkerPool>& workers() const { return workers_; }
  [[nodiscard]] const std::shared_ptr<Reactor>& reactor() const { return reactor_; }
  [[nodiscard]] const NamespacePointer& home() const { return home_; }
  /** Where the calling thread is now, within `runInNamespace` perhaps; null at home. */
  [[nodiscard]] NamespacePointer callingNamespace() const;

  /** A promise, and the handle that settles it: once, on this thread. The process stays alive until then. */
  [[nodiscard]] napi_deferred promise(napi_value* promise);
  void resolve(napi_deferred deferred, napi_value value);
  void reject(napi_deferred deferred, const Error& error);

  /** Keeps the event loop alive until `release`. */
  void hold();
  void release();

  /** The native classes, set while the module is initialised. */
  Napi::FunctionReference namespaceClass;
  Napi::FunctionReference socketClass;
  Napi::FunctionReference dumpClass;
  Napi::FunctionReference subscriptionClass;
  Napi::FunctionReference processClass;

  /** The content of the native object that is being made; see native_class.h. */
  void* constructing = nullptr;

 private:
  static void drain(napi_env env, napi_value callback, void* context, void* data);
  static void cleanUp(void* environment);

  const Napi::Env env_;
  const NamespacePointer home_;
  napi_threadsafe_function function_ = nullptr;
  std::shared_ptr<CompletionQueue> completions_;
  std::shared_ptr<WorkerPool> workers_;
  std::shared_ptr<Reactor> reactor_;
  std::size_t held_ = 0;
};

/** An `Error` with `errno`, `syscall` and `path`, as `NativeError` in binding.ts. */
[[nodiscard]] Napi::Error createError(Napi::Env env, const Error& error);

/** A copy of the bytes. External buffers are refused by some runtimes. */
[[nodiscard]] napi_value createBytes(napi_env env, Bytes bytes);

}  // namespace netloom
