/* The first process of the machine of scripts/test-vm-arm64: loads each filter of /filters into a process of its own, and does the
 * operations of /operations under /filters/filter. Prints NAME ERRNO for a load, NUMBER ERRNO for an operation. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct { const char *name; long number; } calls[] = {
    {"getppid", SYS_getppid}, {"getpid", SYS_getpid},     {"sched_yield", SYS_sched_yield}, {"getuid", SYS_getuid}, {"lseek", SYS_lseek},
    {"fcntl", SYS_fcntl},     {"mprotect", SYS_mprotect}, {"ftruncate", SYS_ftruncate},     {"openat", SYS_openat}, {"socket", SYS_socket},
};

static int load(const char *path) {
  static struct sock_filter filter[4096];
  struct sock_fprog program = {0, filter};
  const int file = open(path, O_RDONLY);
  const long size = file < 0 ? -1 : read(file, filter, sizeof filter);
  if (size <= 0) return 1000;
  close(file);
  program.len = (unsigned short)(size / (long)sizeof filter[0]);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0 ? 0 : errno;
}

/* An exit status has room for an errno. */
static int in_child(const char *filter, long number, const long *arguments) {
  int status = 0;
  const pid_t child = fork();
  if (child == 0) {
    const int failed = load(filter);
    if (failed != 0) _exit(200);
    if (number < 0) _exit(0);
    errno = 0;
    syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
    _exit(errno & 127);
  }
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

int main(void) {
  char line[200];
  long operation = 0;
  struct dirent *entry;
  DIR *filters = opendir("/filters");
  FILE *operations = fopen("/operations", "r");
  setvbuf(stdout, NULL, _IONBF, 0);
  printf("BEGIN\n");
  while ((entry = readdir(filters)) != NULL) {
    char path[300];
    long none[6] = {0};
    if (entry->d_name[0] == '.' || strcmp(entry->d_name, "filter") == 0) continue;
    snprintf(path, sizeof path, "/filters/%s", entry->d_name);
    /* These kill what they do not allow; exit_group they do. */
    printf("%s %d\n", entry->d_name, in_child(path, -1, none));
  }
  while (fgets(line, sizeof line, operations) != NULL) {
    long arguments[6] = {0}, number = -2;
    char *word = strtok(line, " \n");
    unsigned i;
    for (i = 0; i < sizeof calls / sizeof calls[0]; ++i)
      if (strcmp(calls[i].name, word) == 0) number = calls[i].number;
    for (i = 0; i < 6 && (word = strtok(NULL, " \n")) != NULL; ++i) arguments[i] = (long)strtoull(word, NULL, 0);
    printf("%ld %d\n", ++operation, number == -2 ? 2000 : in_child("/filters/filter", number, arguments));
  }
  printf("DONE\n");
  reboot(RB_POWER_OFF);
  return 0;
}
