#include "addon/process_object.h"

#include <fcntl.h>

#include "addon/arguments.h"
#include "addon/async.h"
#include "addon/environment.h"
#include "addon/native_class.h"

namespace netloom {
namespace {

constexpr std::int64_t kMostDescriptors = 1024;
constexpr std::int64_t kLastSignal = 64;
/** What `stdio` holds instead of a descriptor. */
constexpr std::int64_t kNull = -1;
constexpr std::int64_t kSocketPair = -2;

std::vector<std::string> readStrings(Arguments& arguments, Napi::Value value, const char* name) {
  const Napi::Array given = arguments.array(value, name);
  std::vector<std::string> strings;
  for (std::uint32_t index = 0; index < given.Length() && !arguments.failed(); index++) {
    strings.push_back(arguments.string(given.Get(index), name));
  }
  return strings;
}

/** Descriptors are duplicated now, since the caller may close them as soon as the call returns. */
std::vector<SpawnOptions::Stdio> readStdio(Napi::Env env, Arguments& arguments, Napi::Value value) {
  const Napi::Array given = arguments.array(value, "stdio");
  std::vector<SpawnOptions::Stdio> stdio;
  if (given.Length() > kMostDescriptors) arguments.reject("stdio", "a shorter array");
  for (std::uint32_t index = 0; index < given.Length() && !arguments.failed(); index++) {
    const std::int64_t number = arguments.integer(given.Get(index), "stdio", kSocketPair, INT32_MAX);
    SpawnOptions::Stdio each;
    if (number == kSocketPair) {
      each.kind = SpawnOptions::Stdio::Kind::kSocket;
    } else if (number != kNull) {
      each.kind = SpawnOptions::Stdio::Kind::kInherit;
      each.inherited.reset(::fcntl(static_cast<int>(number), F_DUPFD_CLOEXEC, 3));
      if (!each.inherited.valid() && !arguments.failed()) {
        createError(env, lastError("fcntl")).ThrowAsJavaScriptException();
        arguments.reject("stdio", "open descriptors");
      }
    }
    stdio.push_back(std::move(each));
  }
  return stdio;
}

std::vector<std::pair<std::string, std::string>> readBinds(Arguments& arguments, Napi::Value value) {
  const Napi::Array given = arguments.array(value, "binds");
  std::vector<std::pair<std::string, std::string>> binds;
  for (std::uint32_t index = 0; index < given.Length() && !arguments.failed(); index++) {
    const Napi::Array pair = arguments.array(given.Get(index), "binds");
    if (arguments.failed()) break;
    std::string source = arguments.string(pair.Get(0U), "binds");
    std::string target = arguments.string(pair.Get(1U), "binds");
    binds.emplace_back(std::move(source), std::move(target));
  }
  return binds;
}

SpawnOptions readOptions(Napi::Env env, Arguments& arguments, Napi::Value value) {
  const Napi::Object given = arguments.object(value, "options");
  SpawnOptions options;
  options.file = arguments.string(arguments.member(given, "file"), "file");
  options.arguments = readStrings(arguments, arguments.member(given, "args"), "args");
  options.environment = readStrings(arguments, arguments.member(given, "env"), "env");
  options.directory = arguments.optionalString(given, "cwd");
  options.stdio = readStdio(env, arguments, arguments.member(given, "stdio"));
  if (const auto user = arguments.optionalInteger(given, "uid", 0, UINT32_MAX - 1)) {
    options.user = static_cast<uid_t>(*user);
  }
  if (const auto group = arguments.optionalInteger(given, "gid", 0, UINT32_MAX - 1)) {
    options.group = static_cast<gid_t>(*group);
  }
  options.detached = arguments.optionalBoolean(given, "detached").value_or(false);
  options.mountSys = arguments.optionalBoolean(given, "mountSys").value_or(false);
  options.binds = readBinds(arguments, arguments.member(given, "binds"));
  if (options.file.empty()) arguments.reject("file", "the name of a program");
  return options;
}

}  // namespace

void ProcessObject::define(Napi::Env env, Napi::Object exports) {
  const Napi::Function constructor =
      DefineClass(env, "NativeProcess",
                  {InstanceMethod<&ProcessObject::kill>("kill"), InstanceMethod<&ProcessObject::ref>("ref"),
                   InstanceMethod<&ProcessObject::unref>("unref")});
  Environment::of(env).processClass = Napi::Persistent(constructor);
  exports["spawn"] = Napi::Function::New<ProcessObject::spawn>(env, "spawn");
}

Napi::Value ProcessObject::spawn(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Arguments arguments(env);
  NamespacePointer where = arguments.networkNamespace(info[0], "namespace");
  SpawnOptions options = readOptions(env, arguments, info[1]);
  if (arguments.failed()) return {};
  return runAsync(
      env,
      [where = std::move(where), options = std::move(options), reactor = Environment::of(env).reactor()](
          Worker&) { return Process::spawn(reactor, *where, options); },
      [](Napi::Env settling, std::shared_ptr<Process> process) {
        return construct(settling, Environment::of(settling).processClass, std::move(process));
      });
}

ProcessObject::ProcessObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  auto* const content = constructedFrom<std::shared_ptr<Process>>(info);
  if (content == nullptr) return;
  process_ = std::move(*content);
  const Napi::Env env = info.Env();
  Napi::Object self = info.This().As<Napi::Object>();
  self.Set("pid", Napi::Number::New(env, process_->pid()));
  Napi::Array stdio = Napi::Array::New(env);
  for (FileDescriptor& each : process_->takeStdio()) {
    stdio.Set(stdio.Length(), Napi::Number::New(env, each.release()));
  }
  self.Set("stdio", stdio);

  napi_value exited = nullptr;
  napi_deferred deferred = nullptr;
  if (napi_create_promise(env, &deferred, &exited) != napi_ok) return;
  self.Set("exited", exited);
  Environment& environment = Environment::of(env);
  hold(environment, true);
  // Not collected before it has ended.
  Ref();
  process_->observe([this, deferred, completions = environment.completions()](ProcessExit exit) {
    completions->post([this, deferred, exit](Environment& settling) {
      hold(settling, false);
      ended_ = true;
      // Closes the pidfd, however long it takes until this object is collected.
      process_.reset();
      const Napi::Env then = settling.env();
      Napi::Object object = Napi::Object::New(then);
      object.Set("code", exit.code ? Napi::Number::New(then, *exit.code) : then.Null());
      object.Set("signal", exit.signal ? Napi::Number::New(then, *exit.signal) : then.Null());
      napi_resolve_deferred(then, deferred, object);
      Unref();
    });
  });
}

Napi::Value ProcessObject::kill(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  const auto signal = static_cast<int>(arguments.integer(info[0], "signal", 0, kLastSignal));
  if (arguments.failed()) return {};
  if (!process_) return Napi::Boolean::New(info.Env(), false);
  const int error = process_->kill(signal);
  if (error == 0 || error == ESRCH) return Napi::Boolean::New(info.Env(), error == 0);
  createError(info.Env(), Error{error, "pidfd_send_signal"}).ThrowAsJavaScriptException();
  return {};
}

void ProcessObject::ref(const Napi::CallbackInfo& info) {
  if (!ended_) hold(Environment::of(info.Env()), true);
}

void ProcessObject::unref(const Napi::CallbackInfo& info) {
  hold(Environment::of(info.Env()), false);
}

void ProcessObject::hold(Environment& environment, bool held) {
  if (held_ == held) return;
  held_ = held;
  if (held) {
    environment.hold();
  } else {
    environment.release();
  }
}

}  // namespace netloom
