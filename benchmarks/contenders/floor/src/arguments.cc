#include "arguments.h"

#include <sys/socket.h>

#include "fail.h"

namespace contender {

Arguments::Arguments(std::span<char*> words) {
  for (const std::string word : words) {
    const std::size_t sign = word.find('=');
    if (sign == std::string::npos) fail(("not KEY=VALUE: " + word).c_str(), 0);
    values_[word.substr(0, sign)] = word.substr(sign + 1);
  }
}

const std::string& Arguments::text(const std::string& key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) fail((key + "= is missing").c_str(), 0);
  return found->second;
}

std::uint32_t Arguments::number(const std::string& key) const {
  return static_cast<std::uint32_t>(std::stoul(text(key)));
}

std::uint32_t Arguments::number(const std::string& key, std::uint32_t absent) const {
  return values_.contains(key) ? number(key) : absent;
}

std::uint8_t Arguments::family() const {
  return text("family") == "inet6" ? AF_INET6 : AF_INET;
}

}  // namespace contender
