#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace netloom {

/**
 * Small files below `/proc`, as the calling thread's network namespace has them: `/proc/sys/net` follows the
 * thread by itself, and for `/proc/net`, which is the main thread's, the thread's own is taken.
 */
[[nodiscard]] Result<std::string> readProcFile(const std::string& path);
/** Writes it all at once, as sysctls want it. The file must exist. */
[[nodiscard]] Status writeProcFile(const std::string& path, std::string_view content);

}  // namespace netloom
