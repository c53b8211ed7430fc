#include "core/process.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <csignal>

#include "test/fixture.h"

namespace netloom::test {
namespace {

class ProcessTest : public ConnectionTest {
 protected:
  static SpawnOptions shell(const std::string& script) {
    SpawnOptions options;
    options.file = "sh";
    options.arguments = {"sh", "-c", script};
    options.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "NETLOOM_TEST=yes"};
    options.stdio.resize(3);
    options.stdio[1].kind = SpawnOptions::Stdio::Kind::kSocket;
    return options;
  }

  struct Ended {
    ProcessExit exit;
    std::string output;
  };
  Ended run(const SpawnOptions& options) {
    Result<std::shared_ptr<Process>> spawned = Process::spawn(reactor_, *namespace_, options);
    if (!spawned.ok()) {
      ADD_FAILURE() << spawned.error().call << " " << spawned.error().code << " " << spawned.error().path;
      return {};
    }
    const std::shared_ptr<Process> process = spawned.value();
    Future<ProcessExit> exit;
    process->observe([exit](ProcessExit how) { exit.set(how); });
    std::string output;
    std::vector<FileDescriptor> stdio = process->takeStdio();
    if (stdio.at(1).valid()) {
      ::fcntl(stdio[1].get(), F_SETFL, 0);
      char part[4096];
      for (ssize_t got = 0; (got = ::read(stdio[1].get(), part, sizeof(part))) > 0;) {
        output.append(part, static_cast<std::size_t>(got));
      }
    }
    return {exit.get(), output};
  }
};

TEST_F(ProcessTest, TellsTheExitCode) {
  const Ended ended = run(shell("exit 7"));
  EXPECT_EQ(ended.exit.code, 7);
  EXPECT_EQ(ended.exit.signal, std::nullopt);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST_F(ProcessTest, TellsTheSignal) {
  const Ended ended = run(shell("kill -TERM $$"));
  EXPECT_EQ(ended.exit.code, std::nullopt);
  EXPECT_EQ(ended.exit.signal, SIGTERM);
}

TEST_F(ProcessTest, RunsInsideTheNamespace) {
  const Ended ended = run(shell("readlink /proc/self/ns/net"));
  EXPECT_EQ(ended.output, "net:[" + std::to_string(namespace_->inode()) + "]\n");
}

TEST_F(ProcessTest, PassesItsEnvironmentAndDirectory) {
  SpawnOptions options = shell("pwd; echo $NETLOOM_TEST");
  options.directory = "/usr";
  EXPECT_EQ(run(options).output, "/usr\nyes\n");
}

TEST_F(ProcessTest, MountsSysForTheNamespaceAndBindsFiles) {
  ASSERT_EQ(::system("echo one >/run/source; echo two >/run/target"), 0);
  SpawnOptions options = shell("ls /sys/class/net; cat /run/target");
  options.mountSys = true;
  options.binds = {
      {"/run/source", "/run/target"}, {"/run/source", "/run/missing"}, {"/run/missing", "/run/target"}};
  const Ended ended = run(options);
  EXPECT_EQ(ended.output, "lo\none\n");
  EXPECT_EQ(::system("grep -q two /run/target"), 0);
}

TEST_F(ProcessTest, GivesNothingButItsDescriptors) {
  // 3 is the folder that ls itself has open.
  const FileDescriptor leaky(::open("/dev/null", O_RDONLY));
  EXPECT_EQ(run(shell("exec ls /proc/self/fd")).output, "0\n1\n2\n3\n");
}

TEST_F(ProcessTest, PlacesDescriptorsInAnyOrder) {
  SpawnOptions options = shell("echo one >&3; echo two >&4");
  options.stdio.resize(5);
  int first[2];
  int second[2];
  ASSERT_EQ(::pipe2(first, O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(second, O_CLOEXEC), 0);
  options.stdio[3].kind = options.stdio[4].kind = SpawnOptions::Stdio::Kind::kInherit;
  options.stdio[3].inherited.reset(second[1]);
  options.stdio[4].inherited.reset(first[1]);
  EXPECT_EQ(run(options).exit.code, 0);
  char text[4];
  EXPECT_EQ(::read(second[0], text, 4), 4);
  EXPECT_EQ(std::string(text, 4), "one\n");
  EXPECT_EQ(::read(first[0], text, 4), 4);
  EXPECT_EQ(std::string(text, 4), "two\n");
  ::close(first[0]);
  ::close(second[0]);
}

TEST_F(ProcessTest, ResetsSignalsAndTheirMask) {
  struct sigaction before {};
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);
  const Ended ended = run(shell("grep -E '^Sig(Blk|Ign)' /proc/self/status | tr -d '\\n\\t '"));
  ::sigaction(SIGPIPE, &before, nullptr);
  EXPECT_EQ(ended.output, "SigBlk:0000000000000000SigIgn:0000000000000000");
}

TEST_F(ProcessTest, ChangesItsUser) {
  SpawnOptions options = shell("id -u; id -g; id -G");
  options.user = 0;
  options.group = 0;
  EXPECT_EQ(run(options).output, "0\n0\n0\n");
  if (::getuid() == 0 && ::access("/proc/self/uid_map", R_OK) == 0) {
    options.user = 65534;
    options.group = 65534;
    const Result<std::shared_ptr<Process>> spawned = Process::spawn(reactor_, *namespace_, options);
    // In a user namespace of one user there is nobody else to become.
    if (spawned.ok()) {
      EXPECT_EQ(run(options).output, "65534\n65534\n65534\n");
    }
  }
}

TEST_F(ProcessTest, ReportsTheStepThatFailed) {
  SpawnOptions missing = shell("");
  missing.file = "netloom-nonesuch";
  Result<std::shared_ptr<Process>> spawned = Process::spawn(reactor_, *namespace_, missing);
  ASSERT_FALSE(spawned.ok());
  EXPECT_EQ(spawned.error().code, ENOENT);
  EXPECT_STREQ(spawned.error().call, "execve");
  EXPECT_EQ(spawned.error().path, "netloom-nonesuch");

  SpawnOptions forbidden = shell("");
  forbidden.file = "/dev/null";
  EXPECT_EQ(Process::spawn(reactor_, *namespace_, forbidden).error().code, EACCES);

  SpawnOptions directory = shell("");
  directory.directory = "/nonesuch";
  spawned = Process::spawn(reactor_, *namespace_, directory);
  EXPECT_STREQ(spawned.error().call, "chdir");
  EXPECT_EQ(spawned.error().path, "/nonesuch");

  // No zombie is left.
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST_F(ProcessTest, IsKilled) {
  const std::shared_ptr<Process> process = Process::spawn(reactor_, *namespace_, shell("sleep 1000")).value();
  Future<ProcessExit> exit;
  process->observe([exit](ProcessExit how) { exit.set(how); });
  EXPECT_EQ(process->kill(0), 0);
  EXPECT_EQ(process->kill(SIGKILL), 0);
  EXPECT_EQ(exit.get().signal, SIGKILL);
  EXPECT_EQ(process->kill(0), ESRCH);
}

TEST_F(ProcessTest, IsReapedWhenNobodyIsToldOfIt) {
  const std::shared_ptr<Process> process = Process::spawn(reactor_, *namespace_, shell("sleep 0.1")).value();
  reactor_->stop();
  EXPECT_TRUE(eventually([] { return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }));
}

TEST_F(ProcessTest, LeavesNoDescriptorsBehind) {
  run(shell("true"));
  const std::size_t before = countDescriptors();
  SpawnOptions missing = shell("");
  missing.file = "netloom-nonesuch";
  for (int turn = 0; turn < 20; turn++) {
    run(shell("true"));
    EXPECT_FALSE(Process::spawn(reactor_, *namespace_, missing).ok());
  }
  EXPECT_TRUE(eventually([before] { return countDescriptors() <= before; }));
}

}  // namespace
}  // namespace netloom::test
