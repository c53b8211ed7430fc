#pragma once

#include <sys/types.h>

#include <cstddef>

namespace netloom {

/** What went wrong between clone and execve, in memory that the parent reads. */
struct ChildFailure {
  int code;
  /** Literals and strings of the plan: the addresses mean the same in the parent. */
  const char* call;
  const char* path;
};

/** All that a child does before it executes its program. Everything is owned by the parent. */
struct ChildPlan {
  struct Bind {
    const char* source;
    const char* target;
  };

  ChildFailure* failure;
  int networkNamespace;
  bool mountSys;
  const Bind* binds;
  std::size_t bindCount;
  /** Become 0, 1, … ; each is above all of those. */
  const int* descriptors;
  std::size_t descriptorCount;
  const char* directory;
  bool detached;
  const uid_t* user;
  const gid_t* group;
  /** As it was asked for, and the files to try for it, null at the end. */
  const char* file;
  char* const* files;
  char* const* arguments;
  char* const* environment;
};

/**
 * Carries out a `ChildPlan` and executes its program; returns only if that fails. It runs on memory that it
 * may share with a stopped parent thread, so it makes raw system calls and nothing else: no allocation, no
 * lock, and none of the C library's wrappers for changing user, which would reach for the parent's threads.
 */
int runChild(void* plan);

}  // namespace netloom
