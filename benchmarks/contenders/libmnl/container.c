// Containers. libmnl knows no namespaces; that part is system calls.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "../../measure/containers.h"
#include "../../measure/measure.h"
#include "link.h"
#include "operations.h"
#include "route.h"
#include "socket.h"

// The socket of a thread in the namespace outside.
static _Thread_local struct mnl_socket* outside;

static void name_path(char path[64], long i) {
  snprintf(path, 64, "/run/netns/c%ld", i);
}

// Makes a named namespace. Returns a descriptor for it; `inside` receives a socket in it.
static int create_namespace(long i, struct mnl_socket** inside) {
  char path[64];
  name_path(path, i);
  const int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  const int name = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
  if (own < 0 || name < 0) fail_errno("%s", path);
  close(name);
  if (unshare(CLONE_NEWNET) != 0) fail_errno("unshare");
  if (mount("/proc/thread-self/ns/net", path, NULL, MS_BIND, NULL) != 0) fail_errno("mount");
  const int namespace = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (namespace < 0) fail_errno("/proc/thread-self/ns/net");
  *inside = open_socket();
  if (setns(own, CLONE_NEWNET) != 0) fail_errno("setns");
  close(own);
  return namespace;
}

static void configure_inside(struct mnl_socket* inside, const uint8_t address[4]) {
  const uint8_t router[4] = {10, 255, 0, 1};
  const uint16_t create = NLM_F_CREATE | NLM_F_EXCL;
  const uint32_t link = index_of(inside, "eth0");
  struct batch batch = open_batch(inside);
  put_link(begin_in_batch(&batch, RTM_NEWLINK, 0), 0, true, "lo");
  end_in_batch(&batch);
  put_link(begin_in_batch(&batch, RTM_NEWLINK, 0), (int)link, true, NULL);
  end_in_batch(&batch);
  put_address(begin_in_batch(&batch, RTM_NEWADDR, create), link, address);
  end_in_batch(&batch);
  put_route(begin_in_batch(&batch, RTM_NEWROUTE, create), AF_INET, router, 32, NULL, link);
  end_in_batch(&batch);
  put_route(begin_in_batch(&batch, RTM_NEWROUTE, create), AF_INET, NULL, 0, router, link);
  end_in_batch(&batch);
  close_batch(&batch);
}

static void add(long i) {
  if (outside == NULL) outside = open_socket();
  const uint8_t address[4] = {10, 100, (uint8_t)(i >> 8), (uint8_t)i};
  char name[IF_NAMESIZE], buffer[256];
  snprintf(name, sizeof name, "h%ld", i);
  struct mnl_socket* inside;
  const int namespace = create_namespace(i, &inside);
  const uint16_t flags = NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK;
  struct nlmsghdr* message = begin_message(buffer, RTM_NEWLINK, flags, 1);
  put_link(message, 0, true, name);
  put_veth(message, "eth0", namespace);
  request(outside, message, NULL, NULL);
  const uint32_t link = index_of(outside, name);
  message = begin_message(buffer, RTM_NEWROUTE, flags, 1);
  put_route(message, AF_INET, address, 32, NULL, link);
  request(outside, message, NULL, NULL);
  configure_inside(inside, address);
  mnl_socket_close(inside);
  close(namespace);
}

// The pair goes with the namespace, later. To delete it first takes as long, and would be waited for.
static void remove_container(long i) {
  char path[64];
  name_path(path, i);
  if (umount2(path, MNT_DETACH) != 0 || unlink(path) != 0) fail_errno("%s", path);
}

void container(void) {
  measure_containers(add, remove_container);
}
