#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace contender {

/** The words KEY=VALUE of the command line. */
class Arguments {
 public:
  explicit Arguments(std::span<char*> words);

  const std::string& text(const std::string& key) const;
  std::uint32_t number(const std::string& key) const;
  std::uint32_t number(const std::string& key, std::uint32_t absent) const;
  /** AF_INET or AF_INET6. */
  std::uint8_t family() const;

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace contender
