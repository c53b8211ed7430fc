// Node.js has no SCTP sockets. `sctp probe` tells whether the kernel has; `sctp serve 4|6 PORT NAME` answers each
// association with NAME and who asked; `sctp ask ADDRESS PORT` prints what it is answered.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int fail(const char* call) {
  perror(call);
  return EXIT_FAILURE;
}

static int probe(void) {
  return socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP) < 0 ? fail("socket") : EXIT_SUCCESS;
}

static int serve(int family, const char* port, const char* name) {
  const int listener = socket(family, SOCK_STREAM, IPPROTO_SCTP);
  if (listener < 0) return fail("socket");
  struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)atoi(port))};
  struct sockaddr_in any4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
  const int bound = family == AF_INET6 ? bind(listener, (struct sockaddr*)&any, sizeof any)
                                       : bind(listener, (struct sockaddr*)&any4, sizeof any4);
  if (bound != 0) return fail("bind");
  if (listen(listener, 8) != 0) return fail("listen");
  puts("ready");
  fflush(stdout);
  for (;;) {
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    const int connection = accept(listener, (struct sockaddr*)&peer, &length);
    if (connection < 0) return fail("accept");
    char host[NI_MAXHOST];
    if (getnameinfo((struct sockaddr*)&peer, length, host, sizeof host, NULL, 0, NI_NUMERICHOST) != 0) continue;
    dprintf(connection, "%s %s", name, host);
    close(connection);
  }
}

static int ask(const char* address, const char* port) {
  struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
  struct addrinfo* found;
  if (getaddrinfo(address, port, &hints, &found) != 0) return fail("getaddrinfo");
  const int connection = socket(found->ai_family, SOCK_STREAM, IPPROTO_SCTP);
  if (connection < 0) return fail("socket");
  if (connect(connection, found->ai_addr, found->ai_addrlen) != 0) return fail("connect");
  freeaddrinfo(found);
  char answer[256];
  const ssize_t length = read(connection, answer, sizeof answer);
  if (length < 0) return fail("read");
  return fwrite(answer, 1, (size_t)length, stdout) == (size_t)length ? EXIT_SUCCESS : fail("fwrite");
}

int main(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], "probe") == 0) return probe();
  if (argc == 5 && strcmp(argv[1], "serve") == 0) return serve(*argv[2] == '6' ? AF_INET6 : AF_INET, argv[3], argv[4]);
  if (argc == 4 && strcmp(argv[1], "ask") == 0) return ask(argv[2], argv[3]);
  fputs("usage: sctp probe | serve 4|6 PORT NAME | ask ADDRESS PORT\n", stderr);
  return 2;
}
