// Memory that is code.
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <sys/syscall.h>

#include "verb.h"

#ifndef SHM_EXEC
#define SHM_EXEC 0100000
#endif

static int shared;
static void* page;

static int have_memory(void) {
  DO(shared = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0700));
  DO(page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  return 0;
}

#define NAMELESS MAP_PRIVATE | MAP_ANONYMOUS, -1, 0
TRY(map_code, mmap(NULL, 4096, PROT_READ | PROT_EXEC, NAMELESS))
TRY(map_writable_code, mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, NAMELESS))
TRY(make_code, mprotect(page, 4096, PROT_READ | PROT_EXEC))
TRY(make_writable_code, mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC))
TRY(attach_code, shmat(shared, NULL, SHM_EXEC))
TRY(nameless_file, syscall(SYS_memfd_create, "x", 0))

// On i386 glibc hands an errno on as it comes from the kernel.
static int all_is_code(void) {
  const int before = personality(READ_IMPLIES_EXEC);
  return before == -1 ? errno : before < 0 ? -before : 0;
}

// Runs what was made: a program that may not run its code has not got what the rule says.
static int run(unsigned char* code) {
  CHECK(((int (*)(void))code)() == 42);
  return 0;
}

// mov eax, 42; ret: the same bytes on x86 and x86_64.
static const unsigned char answer[] = {0xb8, 42, 0, 0, 0, 0xc3};

static int by_write_exec(void) {
  unsigned char* code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, NAMELESS);
  DO(code);
  memcpy(code, answer, sizeof answer);
  DO(run(code));
  DO(mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC));
  memcpy(page, answer, sizeof answer);
  return run(page);
}

static int by_exec_anonymous(void) {
  DO(mmap(NULL, 4096, PROT_READ | PROT_EXEC, NAMELESS));
  memcpy(page, answer, sizeof answer);
  DO(mprotect(page, 4096, PROT_READ | PROT_EXEC));
  return run(page);
}

const struct verb memory_verbs[] = {
    {"write_exec",
     have_memory,
     by_write_exec,
     {EXCESS(map_code), EXCESS(make_code), EXCESS(attach_code), EXCESS(nameless_file), EXCESS(all_is_code)},
     0},
    {"exec_anonymous",
     have_memory,
     by_exec_anonymous,
     {EXCESS(map_writable_code), EXCESS(make_writable_code), EXCESS(attach_code), EXCESS(nameless_file),
      EXCESS(all_is_code)},
     0},
    {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
