#pragma once

#include <napi.h>

namespace netloom {

/** Adds `currentNamespace`, `createNamespace`, `openNamespace` and so on. */
void defineNamespaceFunctions(Napi::Env env, Napi::Object exports);

}  // namespace netloom
