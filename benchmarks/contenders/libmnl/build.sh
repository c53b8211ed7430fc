#!/bin/sh
# Compiles the contender. Says what to install if that is missing.
set -e
if ! pkg-config --exists libmnl; then
  echo "libmnl's headers are missing: install libmnl-dev (Debian, Ubuntu) or libmnl-devel (Fedora)" >&2
  exit 1
fi
mkdir -p build
# shellcheck disable=SC2046 # options are words
cc -O2 -Wall -Wextra -pthread "-DLIBMNL_VERSION=\"$(pkg-config --modversion libmnl)\"" -o build/contender \
  main.c socket.c route.c routes.c link.c links.c container.c \
  ../../measure/measure.c ../../measure/parallel.c ../../measure/containers.c \
  $(pkg-config --cflags --libs libmnl)
