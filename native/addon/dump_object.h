#pragma once

#include <napi.h>

#include <memory>

#include "core/connection.h"
#include "core/dump.h"

namespace netloom {

/** `NativeDump` of binding.ts. */
class DumpObject : public Napi::ObjectWrap<DumpObject> {
 public:
  struct Content {
    std::shared_ptr<Connection> connection;
    std::shared_ptr<Dump> dump;
  };

  static void define(Napi::Env env);
  /** `socket` is kept as long as the dump: closing it would end the dump. */
  static Napi::Object create(Napi::Env env, Content content, Napi::Object socket);

  explicit DumpObject(const Napi::CallbackInfo& info);
  /** A dump that nobody can read any more must not hold up the queue behind it. */
  ~DumpObject() override;

 private:
  Napi::Value read(const Napi::CallbackInfo& info);
  void discard(const Napi::CallbackInfo& info);
  void abandon();

  Content content_;
  Napi::ObjectReference socket_;
  bool reading_ = false;
  bool finished_ = false;
};

}  // namespace netloom
