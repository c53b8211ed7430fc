#pragma once

#include <napi.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/buffer.h"
#include "core/network_namespace.h"

namespace netloom {

/**
 * Readers for what JavaScript passes. Each throws a `TypeError` that names the argument if the value is not
 * what it must be; since the addon is built without C++ exceptions, callers then look at `failed`.
 */
class Arguments {
 public:
  explicit Arguments(Napi::Env env) : env_(env) {}

  [[nodiscard]] bool failed() const { return failed_; }

  /** A whole number in a range. */
  [[nodiscard]] std::int64_t integer(Napi::Value value, const char* name, std::int64_t least,
                                     std::int64_t most);
  [[nodiscard]] std::string string(Napi::Value value, const char* name);
  /** The bytes of a `Uint8Array`, valid until JavaScript runs again. */
  [[nodiscard]] Bytes bytes(Napi::Value value, const char* name);
  [[nodiscard]] Napi::Object object(Napi::Value value, const char* name);
  [[nodiscard]] Napi::Array array(Napi::Value value, const char* name);
  [[nodiscard]] Napi::Function function(Napi::Value value, const char* name);
  /** An open `NativeNamespace`. */
  [[nodiscard]] NamespacePointer networkNamespace(Napi::Value value, const char* name);

  /** Members of an options object, absent or undefined being nothing. */
  [[nodiscard]] std::optional<std::int64_t> optionalInteger(const Napi::Object& options, const char* name,
                                                            std::int64_t least, std::int64_t most);
  [[nodiscard]] std::optional<std::string> optionalString(const Napi::Object& options, const char* name);
  [[nodiscard]] std::optional<bool> optionalBoolean(const Napi::Object& options, const char* name);
  [[nodiscard]] Napi::Value member(const Napi::Object& options, const char* name);

  void reject(const char* name, const char* wanted);

 private:
  Napi::Env env_;
  bool failed_ = false;
};

}  // namespace netloom
