#include "core/process.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <csignal>

#include "core/process_child.h"

namespace netloom {
namespace {

#ifdef __SANITIZE_THREAD__
// Its runtime takes the child for a fork, and resets the state that the parent goes on with.
constexpr bool kMayShareMemory = false;
#else
constexpr bool kMayShareMemory = true;
#endif

constexpr std::string_view kDefaultPath = "/usr/local/bin:/usr/bin:/bin";
constexpr std::size_t kStackBytes = std::size_t{128} * 1024;

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif

#ifndef P_PIDFD
constexpr auto kPidfd = static_cast<idtype_t>(3);
#else
constexpr auto kPidfd = static_cast<idtype_t>(P_PIDFD);
#endif

/** Memory that the child sees too, whether or not it shares all the rest. */
class SharedMemory {
 public:
  explicit SharedMemory(std::size_t size)
      : size_(size),
        address_(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {}
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory() {
    if (valid()) ::munmap(address_, size_);
  }
  [[nodiscard]] bool valid() const { return address_ != MAP_FAILED; }
  [[nodiscard]] void* address() const { return address_; }
  [[nodiscard]] void* end() const { return static_cast<char*>(address_) + size_; }

 private:
  const std::size_t size_;
  void* const address_;
};

std::vector<char*> pointersTo(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  // execve takes char* for the sake of old programs; it changes nothing.
  for (const std::string& each : strings) pointers.push_back(const_cast<char*>(each.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

/** The files to try, as execvp does. */
std::vector<std::string> candidatesFor(const SpawnOptions& options) {
  if (options.file.find('/') != std::string::npos) return {options.file};
  std::string_view path = kDefaultPath;
  for (const std::string_view each : options.environment) {
    if (each.starts_with("PATH=")) path = each.substr(5);
  }
  std::vector<std::string> candidates;
  for (;;) {
    const std::size_t colon = path.find(':');
    const std::string_view folder = path.substr(0, colon);
    // An empty entry is the working directory.
    candidates.push_back(folder.empty() ? "./" + options.file : std::string(folder) + "/" + options.file);
    if (colon == std::string_view::npos) return candidates;
    path.remove_prefix(colon + 1);
  }
}

struct Stdio {
  /** What the child gets, all above the numbers that it gets them as. */
  std::vector<FileDescriptor> theirs;
  std::vector<FileDescriptor> ours;
};

Result<Stdio> prepareStdio(const std::vector<SpawnOptions::Stdio>& wanted) {
  Stdio stdio;
  const int least = static_cast<int>(wanted.size()) + 3;
  for (const SpawnOptions::Stdio& each : wanted) {
    FileDescriptor theirs;
    FileDescriptor ours;
    int source = each.inherited.get();
    if (each.kind == SpawnOptions::Stdio::Kind::kNull) {
      theirs.reset(::open("/dev/null", O_RDWR | O_CLOEXEC));
      if (!theirs.valid()) return lastError("open", "/dev/null");
      source = theirs.get();
    } else if (each.kind == SpawnOptions::Stdio::Kind::kSocket) {
      int pair[2];
      if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return lastError("socketpair");
      ours.reset(pair[0]);
      theirs.reset(pair[1]);
      // Ours goes to libuv; the child's stays blocking, as programs expect.
      if (::fcntl(ours.get(), F_SETFL, O_NONBLOCK) != 0) return lastError("fcntl");
      source = theirs.get();
    }
    FileDescriptor moved(::fcntl(source, F_DUPFD_CLOEXEC, least));
    if (!moved.valid()) return lastError("fcntl");
    stdio.theirs.push_back(std::move(moved));
    stdio.ours.push_back(std::move(ours));
  }
  return stdio;
}

ProcessExit reap(int pidfd, int options, bool& reaped) {
  siginfo_t info{};
  int result = 0;
  do {
    result = ::waitid(kPidfd, static_cast<id_t>(pidfd), &info, WEXITED | options);
  } while (result != 0 && errno == EINTR);
  ProcessExit exit;
  // Somebody else has reaped it (ECHILD): it has ended, and nobody can say how.
  reaped = result != 0 || info.si_pid != 0;
  if (result != 0 || info.si_pid == 0) return exit;
  if (info.si_code == CLD_EXITED) {
    exit.code = info.si_status;
  } else {
    exit.signal = info.si_status;
  }
  return exit;
}

}  // namespace

Result<std::shared_ptr<Process>> Process::spawn(const std::shared_ptr<Reactor>& reactor,
                                                const NetworkNamespace& where, const SpawnOptions& options) {
  Result<Stdio> stdio = prepareStdio(options.stdio);
  if (!stdio.ok()) return stdio.error();

  // All that the child needs is laid out beforehand: it can call nothing but the kernel.
  const std::vector<std::string> candidates = candidatesFor(options);
  const std::vector<char*> files = pointersTo(candidates);
  const std::vector<char*> arguments = pointersTo(options.arguments);
  const std::vector<char*> environment = pointersTo(options.environment);
  std::vector<int> descriptors;
  for (const FileDescriptor& each : stdio.value().theirs) descriptors.push_back(each.get());
  std::vector<ChildPlan::Bind> binds;
  for (const auto& [source, target] : options.binds) binds.push_back({source.c_str(), target.c_str()});

  const SharedMemory report(sizeof(ChildFailure));
  const SharedMemory stack(kStackBytes);
  if (!report.valid() || !stack.valid()) return Error{ENOMEM, "mmap"};

  ChildPlan plan{};
  plan.failure = new (report.address()) ChildFailure{};
  plan.networkNamespace = where.fd();
  plan.mountSys = options.mountSys;
  plan.binds = binds.data();
  plan.bindCount = binds.size();
  plan.descriptors = descriptors.data();
  plan.descriptorCount = descriptors.size();
  plan.directory = options.directory ? options.directory->c_str() : nullptr;
  plan.detached = options.detached;
  plan.user = options.user ? &*options.user : nullptr;
  plan.group = options.group ? &*options.group : nullptr;
  plan.file = options.file.c_str();
  plan.files = files.data();
  plan.arguments = arguments.data();
  plan.environment = environment.data();

  // Sharing memory spares copying the page tables of a large runtime. A child that changes its user must not:
  // the kernel would mark the shared memory, ours, as not dumpable.
  int flags = CLONE_PIDFD | CLONE_VFORK | SIGCHLD;
  if (kMayShareMemory && !options.user && !options.group) flags |= CLONE_VM;

  // With memory shared, a handler that ran in the child would act on ours.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  int pidfd = -1;
  const int pid = ::clone(runChild, stack.end(), flags, &plan, &pidfd);
  const int cloneError = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return Error{cloneError, "clone"};

  FileDescriptor owned(pidfd);
  const ChildFailure failure = *plan.failure;
  bool reaped = false;
  if (failure.code != 0) {
    static_cast<void>(reap(owned.get(), 0, reaped));
    const bool about = failure.path != nullptr;
    return Error{failure.code, failure.call, about ? failure.path : std::string()};
  }

  std::shared_ptr<Process> self(new Process(pid, std::move(owned), std::move(stdio.value().ours)));
  self->reactor_ = reactor;
  const std::lock_guard lock(self->mutex_);
  Result<std::uint64_t> id = reactor->watch(self, self->pidfd_.get());
  if (!id.ok()) {
    // Nobody would ever reap it.
    static_cast<void>(self->kill(SIGKILL));
    static_cast<void>(reap(self->pidfd_.get(), 0, reaped));
    return id.error();
  }
  self->id_ = id.value();
  return self;
}

int Process::kill(int signal) const {
  return ::syscall(SYS_pidfd_send_signal, pidfd_.get(), signal, nullptr, 0) == 0 ? 0 : errno;
}

void Process::observe(Observer observer) {
  ProcessExit exit;
  {
    const std::lock_guard lock(mutex_);
    if (!exit_) {
      observer_ = std::move(observer);
      return;
    }
    exit = *exit_;
  }
  observer(exit);
}

void Process::ready() {
  Observer observer;
  ProcessExit exit;
  {
    const std::lock_guard lock(mutex_);
    const std::shared_ptr<Reactor> reactor = reactor_.lock();
    bool reaped = false;
    exit = reap(pidfd_.get(), WNOHANG, reaped);
    if (!reaped) {
      if (reactor) reactor->arm(id_, pidfd_.get());
      return;
    }
    exit_ = exit;
    observer = std::exchange(observer_, nullptr);
    if (reactor) reactor->unwatch(id_, pidfd_.get());
  }
  if (observer) observer(exit);
}

}  // namespace netloom
