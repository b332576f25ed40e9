// Another user and group: 1001. What the kernel says of the process afterwards shows it.
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

constexpr Probe probes[] = {
    {"setuid", nullptr, [] { return call(SYS_setuid, id); }, is_user},
    {"setreuid-real", nullptr, [] { return call(SYS_setreuid, id, keep); }, is_user},
    {"setreuid-effective", nullptr, [] { return call(SYS_setreuid, keep, id); }, is_user},
    {"setresuid-real", nullptr, [] { return call(SYS_setresuid, id, keep, keep); }, is_user},
    {"setresuid-effective", nullptr, [] { return call(SYS_setresuid, keep, id, keep); }, is_user},
    {"setresuid-saved", nullptr, [] { return call(SYS_setresuid, keep, keep, id); }, is_user},
    {"setfsuid", nullptr, [] { return call(SYS_setfsuid, id); }, [] { return call(SYS_setfsuid, keep) == id; }},
    {"setgid", nullptr, [] { return call(SYS_setgid, id); }, is_group},
    {"setregid-real", nullptr, [] { return call(SYS_setregid, id, keep); }, is_group},
    {"setregid-effective", nullptr, [] { return call(SYS_setregid, keep, id); }, is_group},
    {"setresgid-real", nullptr, [] { return call(SYS_setresgid, id, keep, keep); }, is_group},
    {"setresgid-effective", nullptr, [] { return call(SYS_setresgid, keep, id, keep); }, is_group},
    {"setresgid-saved", nullptr, [] { return call(SYS_setresgid, keep, keep, id); }, is_group},
    {"setfsgid", nullptr, [] { return call(SYS_setfsgid, id); }, [] { return call(SYS_setfsgid, keep) == id; }},
    {"setgroups", nullptr, set_groups, has_group},
};

}  // namespace

std::span<const Probe> id_probes() { return probes; }

}  // namespace ways
