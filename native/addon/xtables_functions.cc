#include "addon/xtables_functions.h"

#include <sys/socket.h>

#include <string>
#include <utility>

#include "addon/arguments.h"
#include "addon/async.h"
#include "addon/environment.h"
#include "core/xtables.h"

namespace netloom {
namespace {

Napi::Array toArray(Napi::Env env, const std::array<std::uint32_t, XtablesTable::kHooks>& offsets) {
  Napi::Array array = Napi::Array::New(env, offsets.size());
  for (std::uint32_t i = 0; i < offsets.size(); i++) array.Set(i, Napi::Number::New(env, offsets[i]));
  return array;
}

Napi::Value toObject(Napi::Env env, const std::optional<XtablesTable>& table) {
  if (!table) return env.Undefined();
  Napi::Object object = Napi::Object::New(env);
  object.Set("validHooks", Napi::Number::New(env, table->validHooks));
  object.Set("hookEntries", toArray(env, table->hookEntries));
  object.Set("underflows", toArray(env, table->underflows));
  object.Set("entries", Napi::Value(env, createBytes(env, table->entries())));
  return object;
}

Napi::Value read(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  NamespacePointer where = arguments.networkNamespace(info[0], "namespace");
  const std::string family = arguments.string(info[1], "family");
  if (!arguments.failed() && family != "inet" && family != "inet6")
    arguments.reject("family", "'inet' or 'inet6'");
  std::string name = arguments.string(info[2], "table");
  if (arguments.failed()) return {};
  return runAsync(
      info.Env(),
      [where = std::move(where), family = family == "inet" ? AF_INET : AF_INET6,
       name = std::move(name)](Worker& worker) {
        return worker.inside(where, [family, &name] { return readXtablesTable(family, name); });
      },
      toObject);
}

}  // namespace

void defineXtablesFunctions(Napi::Env env, Napi::Object exports) {
  exports["readXtablesTable"] = Napi::Function::New<read>(env, "readXtablesTable");
}

}  // namespace netloom
