#pragma once

#include <cerrno>
#include <string>
#include <utility>
#include <variant>

namespace netloom {

/** What went wrong in a system call. The addon is built without exceptions, so errors are values. */
struct Error {
  /** The positive errno. */
  int code = 0;
  /** The call that failed; always a literal. */
  const char* call = "";
  /** The file that it was about, if any. */
  std::string path = {};
};

/** The error of the system call that has just failed. */
inline Error lastError(const char* call, std::string path = {}) {
  return Error{errno, call, std::move(path)};
}

/** A value, or why there is none. */
template <class T>
class [[nodiscard]] Result {
 public:
  // Both are implicit on purpose: `return value` and `return lastError("open")` read best.
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return content_.index() == 0; }
  [[nodiscard]] T& value() { return *std::get_if<0>(&content_); }
  [[nodiscard]] const T& value() const { return *std::get_if<0>(&content_); }
  [[nodiscard]] Error& error() { return *std::get_if<1>(&content_); }
  [[nodiscard]] const Error& error() const { return *std::get_if<1>(&content_); }

 private:
  std::variant<T, Error> content_;
};

/** A result without a value. */
using Status = Result<std::monostate>;

inline Status success() {
  return std::monostate{};
}

}  // namespace netloom
