#include "addon/proc_file_functions.h"

#include <string>
#include <utility>
#include <vector>

#include "addon/arguments.h"
#include "addon/async.h"
#include "addon/environment.h"
#include "core/proc_file.h"

namespace netloom {
namespace {

struct FileToWrite {
  std::string path;
  std::string content;
};

/** What became of each file, in the order in which they were named. */
template <class T>
using Outcomes = std::vector<Result<T>>;

template <class T, class Convert>
Napi::Value toArray(Napi::Env env, Outcomes<T> outcomes, Convert convert) {
  Napi::Array array = Napi::Array::New(env, outcomes.size());
  for (std::uint32_t i = 0; i < outcomes.size(); i++) {
    Result<T>& outcome = outcomes[i];
    if (outcome.ok()) {
      array.Set(i, convert(env, outcome.value()));
    } else {
      array.Set(i, createError(env, outcome.error()).Value());
    }
  }
  return array;
}

Napi::Value readFiles(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  NamespacePointer where = arguments.networkNamespace(info[0], "namespace");
  const Napi::Array list = arguments.array(info[1], "paths");
  std::vector<std::string> paths;
  for (std::uint32_t i = 0; !arguments.failed() && i < list.Length(); i++) {
    paths.push_back(arguments.string(list.Get(i), "path"));
  }
  if (arguments.failed()) return {};
  return runAsync(
      info.Env(),
      [where = std::move(where), paths = std::move(paths)](Worker& worker) {
        return worker.inside(where, [&paths]() -> Result<Outcomes<std::string>> {
          Outcomes<std::string> outcomes;
          outcomes.reserve(paths.size());
          for (const std::string& path : paths) outcomes.push_back(readProcFile(path));
          return outcomes;
        });
      },
      [](Napi::Env env, Outcomes<std::string> outcomes) {
        const auto text = [](Napi::Env of, const std::string& content) {
          return Napi::String::New(of, content);
        };
        return toArray(env, std::move(outcomes), text);
      });
}

Napi::Value writeFiles(const Napi::CallbackInfo& info) {
  Arguments arguments(info.Env());
  NamespacePointer where = arguments.networkNamespace(info[0], "namespace");
  const Napi::Array list = arguments.array(info[1], "files");
  std::vector<FileToWrite> files;
  for (std::uint32_t i = 0; !arguments.failed() && i < list.Length(); i++) {
    const Napi::Array file = arguments.array(list.Get(i), "file");
    if (arguments.failed()) break;
    std::string path = arguments.string(file.Get(0U), "path");
    if (arguments.failed()) break;
    files.push_back({std::move(path), arguments.string(file.Get(1U), "content")});
  }
  if (arguments.failed()) return {};
  return runAsync(
      info.Env(),
      [where = std::move(where), files = std::move(files)](Worker& worker) {
        return worker.inside(where, [&files]() -> Result<Outcomes<std::monostate>> {
          Outcomes<std::monostate> outcomes;
          outcomes.reserve(files.size());
          for (const FileToWrite& file : files) {
            outcomes.push_back(writeProcFile(file.path, file.content));
            if (!outcomes.back().ok()) break;
          }
          return outcomes;
        });
      },
      [](Napi::Env env, Outcomes<std::monostate> outcomes) {
        return toArray(env, std::move(outcomes), toUndefined);
      });
}

}  // namespace

void defineProcFileFunctions(Napi::Env env, Napi::Object exports) {
  exports["readFiles"] = Napi::Function::New<readFiles>(env, "readFiles");
  exports["writeFiles"] = Napi::Function::New<writeFiles>(env, "writeFiles");
}

}  // namespace netloom
