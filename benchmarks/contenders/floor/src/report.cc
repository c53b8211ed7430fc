#include "report.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>

namespace contender {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

rusage usage(int who) {
  rusage used{};
  ::getrusage(who, &used);
  return used;
}

double cpuTime() {
  const rusage self = usage(RUSAGE_SELF);
  return seconds(self.ru_utime) + seconds(self.ru_stime);
}

}  // namespace

void Report::start() {
  cpuBefore_ = cpuTime();
  begun_ = now();
}

void Report::part(const std::string& name) {
  const double end = now();
  seconds_[name] = end - begun_;
  begun_ = end;
}

void Report::print(std::uint64_t count) {
  const double cpu = cpuTime() - cpuBefore_;
  std::printf("{\"seconds\":{");
  const char* comma = "";
  for (const auto& [name, value] : seconds_) {
    std::printf("%s\"%s\":%.9f", comma, name.c_str(), value);
    comma = ",";
  }
  std::printf("},\"samples\":{");
  comma = "";
  for (const auto& [name, values] : samples_) {
    std::printf("%s\"%s\":[", comma, name.c_str());
    comma = "";
    for (const double value : values) {
      std::printf("%s%.2f", comma, value);
      comma = ",";
    }
    std::printf("]");
    comma = ",";
  }
  std::printf("},\"count\":%llu,\"cpu\":%.6f,\"rss\":%ld", static_cast<unsigned long long>(count), cpu,
              usage(RUSAGE_SELF).ru_maxrss);
  for (const auto& [name, value] : extras_) std::printf(",\"%s\":%.9g", name.c_str(), value);
  std::puts("}");
}

}  // namespace contender
