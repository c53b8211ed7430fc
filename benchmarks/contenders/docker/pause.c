// What runs in a container: nothing.
#include <unistd.h>

int main(void) {
  for (;;) pause();
}
