#pragma once

#include <napi.h>

namespace netloom {

/** Adds `readXtablesTable`. */
void defineXtablesFunctions(Napi::Env env, Napi::Object exports);

}  // namespace netloom
