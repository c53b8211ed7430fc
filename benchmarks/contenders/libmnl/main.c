// libmnl: messages are built attribute by attribute, sent in batches, and parsed by callbacks.
#include <stddef.h>

#include "../../measure/measure.h"
#include "operations.h"

static const char* version(void) {
  return LIBMNL_VERSION;
}

static const struct operation operations[] = {
    {"routes-add", routes_add},     {"routes-delete", routes_delete},
    {"routes-list", routes_list},   {"routes-stream", routes_stream},
    {"routes-table", routes_table}, {"route-add", route_add},
    {"veth-add", veth_add},         {"veth-delete", veth_delete},
    {"link-get", link_get},         {"link-get-concurrent", link_get_concurrent},
    {"container", container},       {NULL, NULL}};

int main(int argc, char** argv) {
  return contend(argc, argv, version, operations);
}
