#pragma once

#include <functional>
#include <string>

namespace contender {

/** A descriptor of the namespace at a path. */
int openNamespace(const std::string& path);
/** A descriptor of the namespace that the calling thread is in. */
int currentNamespace();
/** Runs `work` while the calling thread is in that namespace. */
void inNamespace(int fd, const std::function<void()>& work);

/** Where `ip netns` and others look names up. */
std::string namedPath(const std::string& name);
/** Makes a namespace under a name, and leaves the calling thread in it. */
void enterNewNamespace(const std::string& path);
/** Takes a name away. */
void removeName(const std::string& path);

}  // namespace contender
