// Capabilities against what they are for: one that nothing needs, one whose calls are all denied, and an access that fails
// without one.
#include <algorithm>

#include "diag/lint_catalogue.hpp"
#include "knowledge/relation.hpp"
#include "knowledge/names.hpp"
#include "lint/checks.hpp"

namespace polc::lint {
namespace {

struct Need {
  std::string_view capability;
  std::string_view access;  // some of it fails without
};

// capabilities(7). Only those with accesses that the language has words for; what chown, kill and others are needed for
// depends on who owns the thing, which no policy knows, so that these are asked for one direction alone.
constexpr Need needs[] = {
    {"net_bind_service", "bind tcp any:1-1023"}, {"net_bind_service", "bind udp any:1-1023"},
    {"setuid", "setuid any"},                    {"setgid", "setgid any"},
    {"chown", R"(chown tree "/")"},              {"kill", "signal any to any"},
    {"mknod", R"(create tree "/" type chardev, blockdev)"},
    {"net_raw", "syscall socket where type & 0xF == SOCK_RAW"},
    {"net_raw", "socket packet"},                {"ipc_lock", "syscall mlock, mlock2, mlockall"},
    {"sys_nice", "syscall setpriority, sched_setscheduler, sched_setparam, sched_setattr"},
    {"lease", "syscall fcntl"},
};

eval::Meaning capability(const Subject& subject, std::string_view name) { return subject.set_of("capability " + std::string(name)); }

void find_unused(const Subject& subject) {
  std::string_view judged;
  for (const Need& need : needs) {
    if (need.capability == judged) continue;
    judged = need.capability;
    const auto granted = ask::shared(subject.meaning, capability(subject, need.capability), subject.budget);
    if (!granted) continue;
    const bool used = std::any_of(std::begin(needs), std::end(needs), [&](const Need& other) {
      return other.capability == judged && ask::shared(subject.meaning, subject.set_of(other.access), subject.budget);
    });
    if (!used) add_at(subject, diag::unused_capability, *granted, std::string(judged));
  }
}

// The calls that are of no use without it are allowed with it; only a deny takes them away.
void find_blocked(const Subject& subject) {
  for (const knowledge::NamedNumber& named : knowledge::capabilities()) {
    std::vector<ir::Box> calls;
    const auto rows = knowledge::find_rows(subject.os(), knowledge::Relation::brings, "capability", named.name);
    for (const knowledge::CallPattern& pattern : knowledge::patterns_of(rows, subject.os(), subject.arch(), {}))
      calls.push_back(ask::whole_call(pattern.call));
    if (calls.empty()) continue;
    const auto granted = ask::shared(subject.meaning, capability(subject, named.name), subject.budget);
    if (granted && !ask::shared(subject.meaning, ask::set_of(std::move(calls), subject.os()), subject.budget))
      add_at(subject, diag::blocked_capability, *granted, std::string(named.name));
  }
}

void find_low_ports(const Subject& subject) {
  if (ask::shared(subject.meaning, capability(subject, "net_bind_service"), subject.budget)) return;
  for (const std::string_view access : {"bind tcp any:1-1023", "bind udp any:1-1023"})
    if (const auto bound = ask::shared(subject.meaning, subject.set_of(access), subject.budget))
      add_at(subject, diag::low_port, *bound, subject.text_of(*bound));
}

}  // namespace

void find_capability_gaps(const Subject& subject) {
  if (subject.os() != Os::linux_os) return;
  find_unused(subject);
  find_blocked(subject);
  find_low_ports(subject);
}

}  // namespace polc::lint
