#include "fail.h"

#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace contender {

void fail(const char* what, int error) {
  if (error == 0) {
    std::fprintf(stderr, "%s\n", what);
  } else {
    std::fprintf(stderr, "%s: %s\n", what, std::generic_category().message(error).c_str());
  }
  std::_Exit(1);
}

}  // namespace contender
