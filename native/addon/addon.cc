#include <napi.h>

#include "addon/dump_object.h"
#include "addon/environment.h"
#include "addon/namespace_functions.h"
#include "addon/namespace_object.h"
#include "addon/open_functions.h"
#include "addon/packed_route_functions.h"
#include "addon/proc_file_functions.h"
#include "addon/process_object.h"
#include "addon/socket_object.h"
#include "addon/subscription_object.h"
#include "addon/xtables_functions.h"

namespace netloom {
namespace {

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  if (Environment::attach(env) == nullptr) return exports;
  NamespaceObject::define(env);
  DumpObject::define(env);
  SocketObject::define(env, exports);
  SubscriptionObject::define(env, exports);
  ProcessObject::define(env, exports);
  defineNamespaceFunctions(env, exports);
  defineOpenFunctions(env, exports);
  definePackedRouteFunctions(env, exports);
  defineProcFileFunctions(env, exports);
  defineXtablesFunctions(env, exports);
  return exports;
}

NODE_API_MODULE(netloom, initialise)

}  // namespace
}  // namespace netloom
