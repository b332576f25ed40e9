/* Confines itself with one call, and then shows what is left. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "polc_greeter.h"

int main(int count, char **arguments) {
  const char *file = count > 1 ? arguments[1] : "/etc/hostname";
  char name[64] = "nobody";
  FILE *names;
  int error = polc_greeter_install();
  if (error != 0) {
    fprintf(stderr, "greeter: no filter: %s\n", strerror(error));
    return 1; /* without its sandbox it does not work */
  }

  names = fopen(file, "r");
  if (names != NULL) {
    if (fscanf(names, "%63s", name) != 1) strcpy(name, "nobody");
    fclose(names);
  }
  printf("Hello, %s.\n", name);

  if (socket(AF_INET, SOCK_STREAM, 0) < 0) perror("greeter: a socket");
  execl("/bin/sh", "sh", "-c", "echo taken over", (char *)NULL);
  perror("greeter: a shell");
  return 0;
}
