#pragma once

#include <functional>

#include "core/network_namespace.h"

namespace netloom {

/**
 * Starts a detached thread with all signals blocked, so that the runtime's threads go on receiving them.
 * Nothing ever joins it: what it uses it must own. 0, or the errno.
 */
[[nodiscard]] int startThread(const char* name, std::function<void()> body);

/** Runs `body` on a thread made for it and waits for its end. 0, or the errno, when `body` did not run. */
[[nodiscard]] int runOnThrowawayThread(std::function<void()> body);

/**
 * Brings the calling thread to `home`, since a new thread begins in the namespace that its creator was in at
 * that moment. False if that is not possible.
 */
[[nodiscard]] bool returnHome(const NamespacePointer& home);

}  // namespace netloom
