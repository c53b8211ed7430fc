#pragma once

#include <cerrno>

namespace contender {

/** Says what went wrong, with the meaning of `error` if it isn't 0, and ends the program: there is no result.
 */
[[noreturn]] void fail(const char* what, int error = errno);

/** Passes on what a system call returned; ends the program if it failed. */
template <typename T>
T check(T result, const char* what) {
  if (result < 0) fail(what);
  return result;
}

}  // namespace contender
