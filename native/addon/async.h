#pragma once

#include <memory>
#include <utility>

#include "addon/environment.h"
#include "core/result.h"
#include "core/worker_pool.h"

namespace netloom {

/** A piece of work for the pool whose result settles a promise. */
template <class Work, class Convert>
class AsyncTask : public Task {
 public:
  using Outcome = decltype(std::declval<Work&>()(std::declval<Worker&>()));

  AsyncTask(std::shared_ptr<CompletionQueue> completions, napi_deferred deferred, Work work, Convert convert)
      : completions_(std::move(completions)),
        deferred_(deferred),
        work_(std::move(work)),
        convert_(std::move(convert)) {}

  void run(Worker& worker) override { settle(work_(worker)); }
  void fail(const Error& error) override { settle(error); }

 private:
  void settle(Outcome outcome) {
    completions_->post([deferred = deferred_, convert = std::move(convert_),
                        outcome = std::move(outcome)](Environment& environment) mutable {
      if (outcome.ok()) {
        environment.resolve(deferred, convert(environment.env(), std::move(outcome.value())));
      } else {
        environment.reject(deferred, outcome.error());
      }
    });
  }

  const std::shared_ptr<CompletionQueue> completions_;
  const napi_deferred deferred_;
  Work work_;
  Convert convert_;
};

/**
 * Runs `work(worker)`, which gives a `Result<T>`, on a worker, and `convert(env, T)`, which gives the value
 * of the promise, on the JavaScript thread. Neither may own anything of N-API.
 */
template <class Work, class Convert>
Napi::Value runAsync(Napi::Env env, Work work, Convert convert) {
  Environment& environment = Environment::of(env);
  napi_value promise = nullptr;
  const napi_deferred deferred = environment.promise(&promise);
  if (deferred == nullptr) return {};
  environment.workers()->submit(std::make_shared<AsyncTask<Work, Convert>>(
      environment.completions(), deferred, std::move(work), std::move(convert)));
  return {env, promise};
}

/** `convert` of work without a result. */
inline Napi::Value toUndefined(Napi::Env env, std::monostate nothing) {
  static_cast<void>(nothing);
  return env.Undefined();
}

}  // namespace netloom
