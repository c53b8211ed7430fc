#pragma once

#include <napi.h>

namespace netloom {

/** Files below `/proc` as a network namespace has them, several at a time: a way to a worker costs more than a file. */
void defineProcFileFunctions(Napi::Env env, Napi::Object exports);

}  // namespace netloom
