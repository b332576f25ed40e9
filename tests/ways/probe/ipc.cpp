// System V's memory, semaphores and messages, and POSIX's message queues, in the probe's own IPC namespace.
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include <cstring>
#include <ctime>

#include "probe.hpp"

namespace ways {
namespace {

constexpr int key = 4711;
int object = -1;
void* memory = nullptr;

// ---- memory

void make_memory() { object = static_cast<int>(must(shmget(key, 4096, IPC_CREAT | 0600), "shmget")); }
void attach_memory() {
  make_memory();
  memory = shmat(object, nullptr, 0);
  must(memory == reinterpret_cast<void*>(-1) ? -1 : 0, "shmat");
}
shmid_ds memory_state() {
  shmid_ds state{};
  must(shmctl(shmget(key, 0, 0), IPC_STAT, &state), "shmctl");
  return state;
}
bool memory_is_there() { return memory_state().shm_segsz == 4096; }
bool memory_is_attached() { return memory_state().shm_nattch == 1; }
bool memory_is_left() { return memory_state().shm_nattch == 0; }
bool memory_is_gone() { return shmget(key, 0, 0) == -1; }

// ---- semaphores

sembuf up{0, 1, 0};
void make_semaphore() { object = static_cast<int>(must(semget(key, 1, IPC_CREAT | 0600), "semget")); }
bool semaphore_is(int value) { return semctl(semget(key, 1, 0), 0, GETVAL) == value; }
long semop_up() { return call(SYS_semop, object, &up, 1); }
long semtimedop_up() { return call(SYS_semtimedop, object, &up, 1, nullptr); }
long semaphore_to_5() { return call(SYS_semctl, object, 0, SETVAL, 5); }

// ---- messages

struct Message {
  long type = 1;
  char text[2] = "m";
} message, got;
void make_queue() { object = static_cast<int>(must(msgget(key, IPC_CREAT | 0600), "msgget")); }
void make_full_queue() {
  make_queue();
  must(msgsnd(object, &message, sizeof message.text, 0), "msgsnd");
  got.text[0] = 0;
}
std::size_t messages() {
  msqid_ds state{};
  must(msgctl(msgget(key, 0), IPC_STAT, &state), "msgctl");
  return state.msg_qnum;
}
bool has_got() { return got.text[0] == 'm'; }

// ---- POSIX queues

mq_attr attributes{0, 1, 8, 0, {}};
char posix_got[8];
const char* const queue = "ways";  // as the kernel has it, without a slash
long open_queue() { return kept(object, call(SYS_mq_open, queue, O_CREAT | O_RDWR, 0600, &attributes)); }
void make_posix_queue() { must(open_queue(), "mq_open"); }
void make_full_posix_queue() {
  make_posix_queue();
  must(call(SYS_mq_timedsend, object, "m", 1, 0, nullptr), "mq_timedsend");
}
long posix_messages() {
  mq_attr now{};
  must(call(SYS_mq_getsetattr, object, nullptr, &now), "mq_getsetattr");
  return now.mq_curmsgs;
}
bool posix_queue_is_gone() { return call(SYS_mq_open, queue, O_RDWR, 0, nullptr) == -1; }
long notify() {
  sigevent event{};
  event.sigev_notify = SIGEV_NONE;
  return call(SYS_mq_notify, object, &event);
}

constexpr Probe probes[] = {
    {"shmget", nullptr, [] { return call(SYS_shmget, key, 4096, IPC_CREAT | 0600); }, memory_is_there},
    {"shmat", make_memory, [] { return call(SYS_shmat, object, nullptr, 0); }, memory_is_attached},
    {"shmdt", attach_memory, [] { return call(SYS_shmdt, memory); }, memory_is_left},
    {"shmctl", make_memory, [] { return call(SYS_shmctl, object, IPC_RMID, nullptr); }, memory_is_gone},
    {"semget", nullptr, [] { return call(SYS_semget, key, 1, IPC_CREAT | 0600); }, [] { return semaphore_is(0); }},
    {"semop", make_semaphore, semop_up, [] { return semaphore_is(1); }},
    {"semctl", make_semaphore, semaphore_to_5, [] { return semaphore_is(5); }},
    {"semtimedop", make_semaphore, semtimedop_up, [] { return semaphore_is(1); }},
    {"msgget", nullptr, [] { return call(SYS_msgget, key, IPC_CREAT | 0600); }, [] { return messages() == 0; }},
    {"msgsnd", make_queue, [] { return call(SYS_msgsnd, object, &message, sizeof message.text, 0); },
     [] { return messages() == 1; }},
    {"msgrcv", make_full_queue, [] { return call(SYS_msgrcv, object, &got, sizeof got.text, 0, 0); }, has_got},
    {"msgctl", make_queue, [] { return call(SYS_msgctl, object, IPC_RMID, nullptr); },
     [] { return msgget(key, 0) == -1; }},
    {"mq_open", nullptr, open_queue, [] { return posix_messages() == 0; }},
    {"mq_unlink", make_posix_queue, [] { return call(SYS_mq_unlink, queue); }, posix_queue_is_gone},
    {"mq_timedsend", make_posix_queue, [] { return call(SYS_mq_timedsend, object, "m", 1, 0, nullptr); },
     [] { return posix_messages() == 1; }},
    {"mq_timedreceive", make_full_posix_queue,
     [] { return call(SYS_mq_timedreceive, object, posix_got, sizeof posix_got, nullptr, nullptr); },
     [] { return posix_got[0] == 'm'; }},
    {"mq_notify", make_posix_queue, notify, [] { return notify() == -1; }},  // it has been asked for already
    {"mq_getsetattr", make_posix_queue, [] { return call(SYS_mq_getsetattr, object, nullptr, &attributes); },
     [] { return attributes.mq_msgsize == 8; }},
};

}  // namespace

std::span<const Probe> ipc_probes() { return probes; }

}  // namespace ways
