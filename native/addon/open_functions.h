#pragma once

#include <napi.h>

namespace netloom {

/** Adds what opens files and sockets inside a namespace: `readFile`, `openInetSocket`, `openTun` and so on.
 */
void defineOpenFunctions(Napi::Env env, Napi::Object exports);

}  // namespace netloom
