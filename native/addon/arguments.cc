#include "addon/arguments.h"

#include <cmath>

#include "addon/namespace_object.h"

namespace netloom {

void Arguments::reject(const char* name, const char* wanted) {
  // The first complaint stands; JavaScript can have only one exception pending.
  if (failed_ || env_.IsExceptionPending()) {
    failed_ = true;
    return;
  }
  failed_ = true;
  Napi::TypeError error = Napi::TypeError::New(env_, std::string(name) + " must be " + wanted);
  error.Set("code", Napi::String::New(env_, "ERR_INVALID_ARG_TYPE"));
  error.ThrowAsJavaScriptException();
}

std::int64_t Arguments::integer(Napi::Value value, const char* name, std::int64_t least, std::int64_t most) {
  if (failed_) return 0;
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : std::nan("");
  if (!(number >= static_cast<double>(least) && number <= static_cast<double>(most)) ||
      std::floor(number) != number) {
    reject(name, "a whole number in its range");
    return 0;
  }
  return static_cast<std::int64_t>(number);
}

std::string Arguments::string(Napi::Value value, const char* name) {
  if (failed_) return {};
  if (!value.IsString()) {
    reject(name, "a string");
    return {};
  }
  std::string text = value.As<Napi::String>().Utf8Value();
  // The kernel would see only the part before it.
  if (text.find('\0') != std::string::npos) reject(name, "a string without NUL characters");
  return text;
}

Bytes Arguments::bytes(Napi::Value value, const char* name) {
  if (failed_) return {};
  if (value.IsTypedArray()) {
    napi_typedarray_type type{};
    std::size_t length = 0;
    void* data = nullptr;
    napi_get_typedarray_info(env_, value, &type, &length, &data, nullptr, nullptr);
    if (type == napi_uint8_array) return {static_cast<const std::uint8_t*>(data), length};
  }
  reject(name, "a Uint8Array");
  return {};
}

Napi::Object Arguments::object(Napi::Value value, const char* name) {
  if (!failed_ && value.IsObject()) return value.As<Napi::Object>();
  reject(name, "an object");
  return Napi::Object::New(env_);
}

Napi::Array Arguments::array(Napi::Value value, const char* name) {
  if (!failed_ && value.IsArray()) return value.As<Napi::Array>();
  reject(name, "an array");
  return Napi::Array::New(env_);
}

Napi::Function Arguments::function(Napi::Value value, const char* name) {
  if (!failed_ && value.IsFunction()) return value.As<Napi::Function>();
  reject(name, "a function");
  return {};
}

NamespacePointer Arguments::networkNamespace(Napi::Value value, const char* name) {
  if (failed_) return nullptr;
  NamespacePointer found = NamespaceObject::unwrap(value);
  if (!found) reject(name, "an open namespace");
  return found;
}

Napi::Value Arguments::member(const Napi::Object& options, const char* name) {
  if (failed_) return env_.Undefined();
  const Napi::MaybeOrValue<Napi::Value> value = options.Get(name);
  // A getter threw.
  if (env_.IsExceptionPending()) {
    failed_ = true;
    return env_.Undefined();
  }
  return value;
}

std::optional<std::int64_t> Arguments::optionalInteger(const Napi::Object& options, const char* name,
                                                       std::int64_t least, std::int64_t most) {
  const Napi::Value value = member(options, name);
  if (failed_ || value.IsUndefined()) return std::nullopt;
  return integer(value, name, least, most);
}

std::optional<std::string> Arguments::optionalString(const Napi::Object& options, const char* name) {
  const Napi::Value value = member(options, name);
  if (failed_ || value.IsUndefined()) return std::nullopt;
  return string(value, name);
}

std::optional<bool> Arguments::optionalBoolean(const Napi::Object& options, const char* name) {
  const Napi::Value value = member(options, name);
  if (failed_ || value.IsUndefined()) return std::nullopt;
  if (!value.IsBoolean()) {
    reject(name, "a boolean");
    return std::nullopt;
  }
  return value.As<Napi::Boolean>().Value();
}

}  // namespace netloom
