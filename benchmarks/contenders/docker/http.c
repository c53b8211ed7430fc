#define _GNU_SOURCE
#include "http.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../measure/measure.h"

static double deadline;

void limit_waiting(double seconds) {
  deadline = now() + seconds;
}

static void limit_reading(int fd) {
  const double left = deadline - now();
  if (left <= 0) fail("it takes too long");
  const struct timeval timeout = {.tv_sec = (time_t)left, .tv_usec = 1};
  if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) != 0) fail_errno("SO_RCVTIMEO");
}

static void write_all(int fd, const char* bytes, size_t length) {
  while (length > 0) {
    const ssize_t written = write(fd, bytes, length);
    if (written < 0) fail_errno("write");
    bytes += written;
    length -= (size_t)written;
  }
}

// The beginning of what comes until the server closes the connection.
static void read_answer(int fd, char* answer, size_t capacity) {
  size_t length = 0;
  char rest[4096];
  for (;;) {
    const size_t room = capacity - 1 - length;
    const ssize_t bytes = room > 0 ? read(fd, answer + length, room) : read(fd, rest, sizeof rest);
    if (bytes < 0 && errno == EAGAIN) fail("it takes too long");
    if (bytes < 0) fail_errno("read");
    if (bytes == 0) break;
    if (room > 0) length += (size_t)bytes;
  }
  answer[length] = '\0';
}

int request(const char* socket_path, const char* method, const char* path, const char* type, const void* body,
            size_t length) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s", socket_path);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail_errno("socket");
  limit_reading(fd);
  if (connect(fd, (const struct sockaddr*)&address, sizeof address) != 0) {
    close(fd);
    return 0;
  }
  char head[512], answer[2048];
  const int head_length =
      snprintf(head, sizeof head,
               "%s %s HTTP/1.1\r\nHost: docker\r\nConnection: close\r\nContent-Type: %s\r\n"
               "Content-Length: %zu\r\n\r\n",
               method, path, type, length);
  write_all(fd, head, (size_t)head_length);
  write_all(fd, body, length);
  read_answer(fd, answer, sizeof answer);
  close(fd);
  int status;
  if (sscanf(answer, "HTTP/1.1 %d", &status) != 1) fail("%s %s: no answer", method, path);
  if (status >= 300) fprintf(stderr, "%s %s: %s\n", method, path, answer);
  return status;
}
