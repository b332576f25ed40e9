// System V's shared memory, semaphores and queues, and POSIX's queues, in an IPC namespace of this process's own.
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>

#include "verb.h"

#ifndef SHM_EXEC
#define SHM_EXEC 0100000
#endif

static int memory;

static int have_memory(void) {
  DO(memory = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0700));
  return 0;
}

TRY(attach_code, shmat(memory, NULL, SHM_EXEC))
TRY(attach_read_only_code, shmat(memory, NULL, SHM_EXEC | SHM_RDONLY))
TRY(make_memory, shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600))
TRY(make_semaphores, semget(IPC_PRIVATE, 1, IPC_CREAT | 0600))
TRY(make_messages, msgget(IPC_PRIVATE, IPC_CREAT | 0600))
TRY(make_queue, mq_open("/other", O_CREAT | O_RDWR, 0600, NULL))

static int by_shm(void) {
  struct shmid_ds state;
  const int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  DO(id);
  char* place = shmat(id, NULL, 0);
  DO(place);
  place[0] = 'x';
  DO(shmctl(id, IPC_STAT, &state));
  CHECK(state.shm_nattch == 1);
  DO(shmdt(place));
  DO(shmctl(id, IPC_RMID, NULL));
  return 0;
}

static int by_sem(void) {
  struct sembuf up = {0, 1, 0}, down = {0, -1, 0};
  const struct timespec second = {1, 0};
  const int id = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
  DO(id);
  DO(semop(id, &up, 1));
  CHECK(semctl(id, 0, GETVAL) == 1);
  DO(semtimedop(id, &down, 1, &second));
  DO(semctl(id, 0, IPC_RMID));
  return 0;
}

static int by_msg(void) {
  struct {
    long type;
    char text[1];
  } message = {1, "x"};
  const int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
  DO(id);
  DO(msgsnd(id, &message, 1, 0));
  CHECK(msgrcv(id, &message, 1, 0, 0) == 1);
  DO(msgctl(id, IPC_RMID, NULL));
  return 0;
}

static int by_mqueue(void) {
  struct mq_attr state = {.mq_maxmsg = 1, .mq_msgsize = 8};
  char text[8];
  const mqd_t queue = mq_open("/verb", O_CREAT | O_RDWR, 0600, &state);
  DO(queue);
  DO(mq_send(queue, "x", 1, 0));
  DO(mq_getattr(queue, &state));
  CHECK(state.mq_curmsgs == 1 && mq_receive(queue, text, sizeof text, NULL) == 1);
  DO(mq_unlink("/verb"));
  return 0;
}

const struct verb ipc_verbs[] = {
    {"shm",
     have_memory,
     by_shm,
     {EXCESS(attach_code), EXCESS(attach_read_only_code), EXCESS(make_semaphores), EXCESS(make_messages)},
     0},
    {"sem", NULL, by_sem, {EXCESS(make_memory), EXCESS(make_messages), EXCESS(make_queue)}, 0},
    {"msg", NULL, by_msg, {EXCESS(make_memory), EXCESS(make_semaphores), EXCESS(make_queue)}, 0},
    {"mqueue", NULL, by_mqueue, {EXCESS(make_memory), EXCESS(make_semaphores), EXCESS(make_messages)}, 0},
    {NULL, NULL, NULL, {{NULL, NULL}}, 0}};
