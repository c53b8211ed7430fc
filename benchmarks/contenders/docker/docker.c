// Docker Engine, by its API. It makes the namespaces of its containers itself. All of it runs in a PID and a
// mount namespace, where the contender is the first process: the daemon and the containers end with it.
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../measure/measure.h"
#include "../../measure/names.h"
#include "../../measure/networks.h"
#include "../iproute2-batch/ip.h"
#include "../iproute2-batch/iptables.h"
#include "http.h"

#define CGROUPS "/sys/fs/cgroup"
// Of the containers.
#define PARENT "netloom-bench"

static char socket_path[64];
static struct sandbox measured;
static pid_t daemon_pid;
// The DNS servers of the containers, as JSON strings; the host's where there are none.
static char dns_servers[128];

static void call(const char* method, const char* path, const char* body) {
  const int status = request(socket_path, method, path, "application/json", body, strlen(body));
  if (status < 200 || status >= 300) fail("%s %s: status %d", method, path, status);
}

// The same for a body that is written to a batch.
static void call_with(const char* path, FILE* batch, char* const* body) {
  if (fclose(batch) != 0) fail_errno("%s", path);
  call("POST", path, *body);
  free(*body);
}

static FILE* open_body(char** body, size_t* length) {
  FILE* stream = open_memstream(body, length);
  if (stream == NULL) fail_errno("open_memstream");
  return stream;
}

static const char* join(const char* directory, const char* name) {
  static char paths[4][64];
  static size_t next;
  char* path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", directory, name);
  return path;
}

static void load_image(void) {
  struct stat status;
  const int fd = open("build/image.tar", O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fstat(fd, &status) != 0) fail_errno("build/image.tar");
  char* image = malloc((size_t)status.st_size);
  if (image == NULL || read(fd, image, (size_t)status.st_size) != status.st_size)
    fail_errno("build/image.tar");
  close(fd);
  const int answer = request(socket_path, "POST", "/images/create?fromSrc=-&repo=bench&tag=latest",
                             "application/x-tar", image, (size_t)status.st_size);
  if (answer != 200) fail("the image isn't imported: status %d", answer);
  free(image);
}

static int remove_group(const char* path, const struct stat* status, int type, struct FTW* where) {
  (void)status, (void)where;
  if (type == FTW_DP) rmdir(path);
  return 0;
}

// The groups outlast the mount. Those that a contender left which was killed go too.
static void remove_groups(void) {
  nftw(CGROUPS "/" PARENT, remove_group, 16, FTW_DEPTH | FTW_PHYS);
}

// Ends all that runs in the PID namespace.
static void clean_up(void) {
  fflush(stdout);
  kill(-1, SIGKILL);
  while (wait(NULL) > 0) continue;
  remove_groups();
}

static void start_daemon(void) {
  const char* directory = make_state_directory();
  snprintf(socket_path, sizeof socket_path, "%s/docker.sock", directory);
  char host[80];
  snprintf(host, sizeof host, "unix://%s", socket_path);
  // A hierarchy without controllers is all that containers need here.
  if (getpid() != 1) fail("it isn't the first process of a PID namespace");
  if (mount("cgroup2", CGROUPS, "cgroup2", 0, NULL) != 0) fail_errno(CGROUPS);
  remove_groups();
  atexit(clean_up);
  daemon_pid =
      start(WORDS("dockerd", "--data-root", join(directory, "data"), "--exec-root", join(directory, "exec"),
                  "--pidfile", join(directory, "pid"), "--host", host, "--storage-driver", "vfs", "--bridge",
                  "none", "--userland-proxy=false", "--cgroup-parent", "/" PARENT, "--log-level", "error"),
            -1, NULL);
  const double begun = now();
  const struct timespec pause = {.tv_nsec = 50000000};
  while (request(socket_path, "GET", "/_ping", "text/plain", "", 0) != 200) {
    if (waitpid(daemon_pid, NULL, WNOHANG) > 0) fail("dockerd ended");
    if (now() - begun > 60) fail("dockerd doesn't answer");
    nanosleep(&pause, NULL);
  }
}

static void make_network(void) {
  call("POST", "/networks/create",
       "{\"Name\":\"bench\",\"Driver\":\"bridge\",\"CheckDuplicate\":true,\"Options\":{"
       "\"com.docker.network.bridge.name\":\"" BRIDGE "\"},\"IPAM\":{\"Config\":[{\"Subnet\":\"" SUBNET
       "\",\"Gateway\":\"" GATEWAY "\"}]}}");
}

static void make_container(const struct sandbox* sandbox) {
  char* body;
  size_t length;
  FILE* stream = open_body(&body, &length);
  fputs("{\"Image\":\"bench\",\"Cmd\":[\"/pause\"],\"ExposedPorts\":{", stream);
  for (long i = 0; i < sandbox->ports; ++i)
    fprintf(stream, "%s\"%ld/tcp\":{}", i == 0 ? "" : ",", sandbox->container_port + i);
  fputs("},\"HostConfig\":{\"NetworkMode\":\"bench\",\"PortBindings\":{", stream);
  for (long i = 0; i < sandbox->ports; ++i) {
    fprintf(stream, "%s\"%ld/tcp\":[{\"HostPort\":\"%ld\"}]", i == 0 ? "" : ",", sandbox->container_port + i,
            sandbox->host_port + i);
  }
  fprintf(stream, "},\"Dns\":[%s]}}", dns_servers);
  char path[64];
  snprintf(path, sizeof path, "/containers/create?name=%s", sandbox->name);
  call_with(path, stream, &body);
  snprintf(path, sizeof path, "/containers/%s/start", sandbox->name);
  call("POST", path, "");
}

static void change(const char* verb, const struct sandbox* sandbox) {
  char path[64], body[64];
  snprintf(path, sizeof path, "/networks/bench/%s", verb);
  snprintf(body, sizeof body, "{\"Container\":\"%s\"}", sandbox->name);
  call("POST", path, body);
}

static void disconnect_one(const struct sandbox* sandbox) {
  change("disconnect", sandbox);
}

// Docker starts a container connected: the one that is measured was disconnected before.
static void connect_one(const struct sandbox* sandbox) {
  if (strcmp(sandbox->name, measured.name) == 0) {
    change("connect", sandbox);
  } else {
    make_container(sandbox);
  }
}

static void network_connect(void) {
  // Before the runner kills it: then nothing would be cleaned up.
  limit_waiting(165);
  start_daemon();
  load_image();
  make_network();
  measured = measured_sandbox();
  make_container(&measured);
  disconnect_one(&measured);
  measure_networks(connect_one, disconnect_one);
}

// The newest process of a container.
static long newest_pause(void) {
  long newest = 0;
  DIR* processes = opendir("/proc");
  if (processes == NULL) fail_errno("/proc");
  for (const struct dirent* entry; (entry = readdir(processes)) != NULL;) {
    const long pid = isdigit((unsigned char)entry->d_name[0]) ? strtol(entry->d_name, NULL, 10) : 0;
    char path[64], name[16] = "";
    snprintf(path, sizeof path, "/proc/%ld/comm", pid);
    FILE* comm = pid > newest ? fopen(path, "re") : NULL;
    if (comm == NULL) continue;
    if (fscanf(comm, "%15s", name) == 1 && strcmp(name, "pause") == 0) newest = pid;
    fclose(comm);
  }
  closedir(processes);
  if (newest == 0) fail("no container runs");
  return newest;
}

static double daemon_cpu(void) {
  clockid_t clock;
  struct timespec time;
  if (clock_getcpuclockid(daemon_pid, &clock) != 0 || clock_gettime(clock, &time) != 0)
    fail("no time of dockerd");
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void dns_serve(void) {
  limit_waiting(165);
  for (const char* server; (server = next_upstream()) != NULL;) {
    const size_t length = strlen(dns_servers);
    snprintf(dns_servers + length, sizeof dns_servers - length, "%s\"%s\"", length == 0 ? "" : ",", server);
  }
  start_daemon();
  load_image();
  make_network();
  make_container(&(struct sandbox){.name = NAMED});
  make_container(&(struct sandbox){.name = ASKING});
  const double begun = daemon_cpu();
  // Whoever asks is in another mount and PID namespace, and finds these by a process that it sees.
  printf("ready 127.0.0.11 /proc/%s/root/proc/%ld/ns/net " NAMED_ADDRESS "\n", getenv("OUTER"),
         newest_pause());
  fflush(stdout);
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  report_cpu(daemon_cpu() - begun);
  report_count(2);
}

static const char* version(void) {
  size_t length;
  char word[64];
  char* output = output_of(WORDS("dockerd", "--version"), &length);
  if (sscanf(output, "Docker version %63[^, ]", word) != 1) fail("dockerd --version tells no version");
  free(output);
  return with_iptables(word);
}

int main(int argc, char** argv) {
  static const struct operation operations[] = {
      {"network-connect", network_connect}, {"dns-serve", dns_serve}, {NULL, NULL}};
  return contend(argc, argv, version, operations);
}
