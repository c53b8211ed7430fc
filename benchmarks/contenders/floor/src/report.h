#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace contender {

/** Seconds since some moment, from a clock that only moves on. */
inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/** What is measured, in the form of benchmarks/README.md. */
class Report {
 public:
  /** Begins the measured part: everything between this and `print` counts as its CPU time. */
  void start();
  /** Ends a part of it, which began with the one before or with `start`. */
  void part(const std::string& name);
  /** Microseconds of one call. */
  void sample(const std::string& name, double microseconds) { samples_[name].push_back(microseconds); }
  void seconds(const std::string& name, double seconds) { seconds_[name] = seconds; }
  /** A further number, by a key of its own. */
  void extra(const std::string& name, double value) { extras_[name] = value; }
  /** Ends the measured part. */
  void print(std::uint64_t count);

 private:
  std::map<std::string, double> seconds_;
  std::map<std::string, std::vector<double>> samples_;
  std::map<std::string, double> extras_;
  double begun_ = 0;
  double cpuBefore_ = 0;
};

}  // namespace contender
