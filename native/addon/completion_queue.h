#pragma once

#include <napi.h>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace netloom {

class Environment;

/** What a worker found out, to be told to JavaScript. May be dropped on any thread: it owns nothing of N-API.
 */
class Completion {
 public:
  Completion() = default;
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;
  virtual ~Completion() = default;
  /** Runs on the JavaScript thread. */
  virtual void settle(Environment& environment) = 0;
};

/**
 * The way from the workers to the JavaScript thread, and the gate on it: once closed, by the environment's
 * clean-up, no thread touches N-API any more. Wake-ups are coalesced: one call into JavaScript settles all
 * that has gathered.
 */
class CompletionQueue {
 public:
  explicit CompletionQueue(napi_threadsafe_function function) : function_(function) {}

  /** From any thread. `settle` is called with the `Environment` on the JavaScript thread, or dropped. */
  template <class Settle>
  void post(Settle settle) {
    push(std::make_unique<CompletionOf<Settle>>(std::move(settle)));
  }

  /** On the JavaScript thread. */
  [[nodiscard]] std::vector<std::unique_ptr<Completion>> take();
  void close();

 private:
  template <class Settle>
  class CompletionOf : public Completion {
   public:
    explicit CompletionOf(Settle settle) : settle_(std::move(settle)) {}
    void settle(Environment& environment) override { settle_(environment); }

   private:
    Settle settle_;
  };

  void push(std::unique_ptr<Completion> completion);

  std::mutex mutex_;
  std::vector<std::unique_ptr<Completion>> completions_;
  napi_threadsafe_function function_;
  bool open_ = true;
  bool signalled_ = false;
};

}  // namespace netloom
