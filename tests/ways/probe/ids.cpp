// Another user and group: 1001. What the kernel says of the process afterwards shows it.
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>

#include <cstring>
#include <string>

#include "probe.hpp"

namespace ways {
namespace {

constexpr unsigned id = 1001, keep = 0xffffffff;

struct Ids {
  unsigned real = 0, effective = 0, saved = 0;
};
Ids users() {
  Ids now;
  getresuid(&now.real, &now.effective, &now.saved);
  return now;
}
Ids groups() {
  Ids now;
  getresgid(&now.real, &now.effective, &now.saved);
  return now;
}
bool is_user() { return users().real == id || users().effective == id || users().saved == id; }
bool is_group() { return groups().real == id || groups().effective == id || groups().saved == id; }

bool has_group() {
  unsigned list[8];
  const int count = getgroups(8, list);
  for (int i = 0; i < count; ++i)
    if (list[i] == id) return true;
  return false;
}
long set_groups() {
  const unsigned list[] = {id};
  return call(SYS_setgroups, 1, list);
}

// A user namespace in which 0 is our 1001: to set the id to 0 there is to become 1001.
pid_t child = -1;
int go[2] = {-1, -1}, gone[2] = {-1, -1};
void make_pipes() {
  must(pipe(go), "pipe");
  must(pipe(gone), "pipe");
}
long clone_to_become(long number) {
  clone_args arguments{};
  arguments.flags = CLONE_NEWUSER;
  arguments.exit_signal = SIGCHLD;
  const long result = call(SYS_clone3, &arguments, sizeof arguments);
  if (result != 0) return child = static_cast<pid_t>(result);
  char answer = 0;
  if (read(go[0], &answer, 1) != 1 || call(number, 0) != 0 || write(gone[1], "x", 1) != 1) _exit(1);
  for (;;) pause();
}
bool write_to(const std::string& path, const char* text) {
  const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const bool is_written = file >= 0 && write(file, text, std::strlen(text)) > 0;
  close(file);
  return is_written;
}
bool becomes(const char* map, const char* line) {
  const std::string its = "/proc/" + std::to_string(child);
  char answer = 0, text[4096] = "";
  close(gone[1]);  // a child that was refused has ended
  if (!write_to(its + map, "0 1001 1\n") || write(go[1], "x", 1) != 1 || read(gone[0], &answer, 1) != 1) return false;
  const int file = open((its + "/status").c_str(), O_RDONLY | O_CLOEXEC);
  if (read(file, text, sizeof text - 1) <= 0) return false;
  return std::strstr(text, line) != nullptr;
}

constexpr Probe probes[] = {
    {"setuid", nullptr, [] { return call(SYS_setuid, id); }, is_user},
    {"setreuid-real", nullptr, [] { return call(SYS_setreuid, id, keep); }, is_user},
    {"setreuid-effective", nullptr, [] { return call(SYS_setreuid, keep, id); }, is_user},
    {"setresuid-real", nullptr, [] { return call(SYS_setresuid, id, keep, keep); }, is_user},
    {"setresuid-effective", nullptr, [] { return call(SYS_setresuid, keep, id, keep); }, is_user},
    {"setresuid-saved", nullptr, [] { return call(SYS_setresuid, keep, keep, id); }, is_user},
    {"setfsuid", nullptr, [] { return call(SYS_setfsuid, id); }, [] { return call(SYS_setfsuid, keep) == id; }},
    {"setuid-clone3", make_pipes, [] { return clone_to_become(SYS_setuid); }, [] { return becomes("/uid_map", "Uid:\t1001\t1001"); }},
    {"setgid", nullptr, [] { return call(SYS_setgid, id); }, is_group},
    {"setregid-real", nullptr, [] { return call(SYS_setregid, id, keep); }, is_group},
    {"setregid-effective", nullptr, [] { return call(SYS_setregid, keep, id); }, is_group},
    {"setresgid-real", nullptr, [] { return call(SYS_setresgid, id, keep, keep); }, is_group},
    {"setresgid-effective", nullptr, [] { return call(SYS_setresgid, keep, id, keep); }, is_group},
    {"setresgid-saved", nullptr, [] { return call(SYS_setresgid, keep, keep, id); }, is_group},
    {"setfsgid", nullptr, [] { return call(SYS_setfsgid, id); }, [] { return call(SYS_setfsgid, keep) == id; }},
    {"setgid-clone3", make_pipes, [] { return clone_to_become(SYS_setgid); }, [] { return becomes("/gid_map", "Gid:\t1001\t1001"); }},
    {"setgroups", nullptr, set_groups, has_group},
};

}  // namespace

std::span<const Probe> id_probes() { return probes; }

}  // namespace ways
