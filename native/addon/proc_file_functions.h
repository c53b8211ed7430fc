#pragma once

#include <napi.h>

namespace netloom {

/** Adds what reads and writes files below `/proc` as a network namespace has them, several at a time. */
void defineProcFileFunctions(Napi::Env env, Napi::Object exports);

}  // namespace netloom
