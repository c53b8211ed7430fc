#include "iptables.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../measure/measure.h"
#include "ip.h"

const char* with_iptables(const char* version) {
  static char text[192];
  size_t length;
  char* output = output_of(WORDS("iptables", "--version"), &length);
  char number[32], kind[32];
  if (sscanf(output, "iptables v%31s (%31[^)])", number, kind) != 2)
    fail("iptables --version tells no version");
  free(output);
  snprintf(text, sizeof text, "%s, iptables %s (%s)", version, number, kind);
  return text;
}
