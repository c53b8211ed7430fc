#include "core/thread.h"

#include <pthread.h>

#include <csignal>
#include <memory>
#include <utility>

namespace netloom {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kStackBytes = std::size_t{4} * 1024 * 1024;
#else
constexpr std::size_t kStackBytes = std::size_t{256} * 1024;
#endif

struct Start {
  const char* name;
  std::function<void()> body;
};

void* enter(void* argument) {
  const std::unique_ptr<Start> start(static_cast<Start*>(argument));
  ::pthread_setname_np(::pthread_self(), start->name);
  start->body();
  return nullptr;
}

int launch(const char* name, std::function<void()> body, bool detached, pthread_t& thread) {
  auto start = std::make_unique<Start>(Start{name, std::move(body)});
  pthread_attr_t attributes;
  if (const int error = ::pthread_attr_init(&attributes); error != 0) return error;
  ::pthread_attr_setstacksize(&attributes, kStackBytes);
  if (detached) ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);

  // A thread inherits the mask of its creator.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const int error = ::pthread_create(&thread, &attributes, enter, start.get());
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::pthread_attr_destroy(&attributes);
  if (error == 0) static_cast<void>(start.release());
  return error;
}

}  // namespace

int startThread(const char* name, std::function<void()> body) {
  pthread_t thread{};
  return launch(name, std::move(body), true, thread);
}

int runOnThrowawayThread(std::function<void()> body) {
  pthread_t thread{};
  const int error = launch("netloom-once", std::move(body), false, thread);
  if (error == 0) ::pthread_join(thread, nullptr);
  return error;
}

bool returnHome(const NamespacePointer& home) {
  // Without /proc nothing can enter another namespace, so nothing is left in one.
  if (!home) return true;
  const Result<NetworkNamespace> here = NetworkNamespace::current();
  if (here.ok() && here.value().sameAs(*home)) return true;
  return home->enter().ok();
}

}  // namespace netloom
