// Running and mapping a file as code.
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "verb.h"

static int file;

// The program itself, by another name, and a file that nobody may run.
static int have_program(void) {
  char bytes[65536];
  ssize_t length;
  const int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC),
            to = open("program", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
  DO(from);
  DO(to);
  while ((length = read(from, bytes, sizeof bytes)) > 0) DO(write(to, bytes, (size_t)length));
  DO(close(to));
  DO(make_file("f", 0644));
  DO(file = open("f", O_RDONLY));
  return 0;
}

static char* const words[] = {"program", "--started", NULL};
static char* const none[] = {NULL};

TRY(open_write, open("f", O_WRONLY))
TRY(make_process, fork())
TRY(map_writable, mmap(NULL, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE, file, 0))
TRY(map_nameless, mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
TRY_ANSWERED(run_descriptor, fexecve(file, words, none), EACCES)
TRY_ANSWERED(run_file, execve("f", words, none), EACCES)

static int by_exec(void) {
  DO(execve("program", words, none));
  return 0;
}

static int by_spawn(void) {
  pid_t child;
  int status = -1;
  const int error = posix_spawn(&child, "program", NULL, NULL, words, none);
  if (error) return (errno = error), failed("posix_spawn");
  DO(waitpid(child, &status, 0));
  CHECK(status == 0);
  return 0;
}

static int by_map(void) {
  const char* code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
  if (code == MAP_FAILED) return failed("mmap");
  CHECK(code[0] == 'x');
  DO(mprotect((void*)code, 4096, PROT_READ));
  DO(mprotect((void*)code, 4096, PROT_READ | PROT_EXEC));  // after relocation
  return 0;
}

const struct verb running_verbs[] = {
    {"exec",
     have_program,
     by_exec,
     {EXCESS(run_descriptor), EXCESS(open_write), EXCESS(make_process), EXCESS(map_writable)},
     1},
    {"spawn", have_program, by_spawn, {EXCESS(run_descriptor), EXCESS(open_write), EXCESS(map_nameless)}, 0},
    {"map",
     have_program,
     by_map,
     {EXCESS(map_writable), EXCESS(map_nameless), EXCESS(open_write), EXCESS(run_file)},
     0},
    {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
