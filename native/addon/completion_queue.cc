#include "addon/completion_queue.h"

namespace netloom {

void CompletionQueue::push(std::unique_ptr<Completion> completion) {
  // Calling the function under the lock is what keeps it alive meanwhile: `close` has to wait.
  const std::lock_guard lock(mutex_);
  if (!open_) return;
  completions_.push_back(std::move(completion));
  if (std::exchange(signalled_, true)) return;
  napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking);
}

std::vector<std::unique_ptr<Completion>> CompletionQueue::take() {
  std::vector<std::unique_ptr<Completion>> taken;
  const std::lock_guard lock(mutex_);
  signalled_ = false;
  taken.swap(completions_);
  return taken;
}

void CompletionQueue::close() {
  std::vector<std::unique_ptr<Completion>> dropped;
  const std::lock_guard lock(mutex_);
  open_ = false;
  dropped.swap(completions_);
}

}  // namespace netloom
