#pragma once

#include <napi.h>

namespace netloom {

/** Adds what opens sockets inside a namespace: `openInetSocket`, `openTun` and so on. */
void defineOpenFunctions(Napi::Env env, Napi::Object exports);

}  // namespace netloom
