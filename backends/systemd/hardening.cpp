// Directives that close what no rule of the policy needs. They refuse nothing that it allows, and no verdict counts on them.
// systemd.exec(5) of 252 says what each does.
#include <algorithm>

#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "support/overloaded.hpp"
#include "systemd/model.hpp"

namespace polc::systemd {
namespace {

using Words = std::vector<std::string_view>;

struct Hardening {
  std::string_view directive;
  Words calls = {};         // it breaks these: none may be listed
  Words hidden = {};        // no rule may name anything here
  Words unwritable = {};    // no rule may change anything here
  Words capabilities = {};  // it takes these away: no rule may allow one
  bool hides_devices = false;  // all but those that every program has: no rule may name another
  bool hides_network = false;  // sockets reach nothing but paths
  bool hides_processes = false;  // of other accounts, in /proc
};

const std::vector<Hardening>& table() {
  static const Words clocks{"adjtimex", "clock_adjtime", "clock_adjtime64", "clock_settime", "clock_settime64", "settimeofday"};
  static const Words ports{"ioperm", "iopl", "pciconfig_iobase", "pciconfig_read", "pciconfig_write", "s390_pci_mmio_read", "s390_pci_mmio_write"};
  static const std::vector<Hardening> rows{
      {.directive = "IPAddressDeny=any", .hides_network = true},
      {.directive = "LockPersonality=yes", .calls = {"personality"}},
      {.directive = "PrivateDevices=yes", .calls = ports, .capabilities = {"mknod", "sys_rawio"}, .hides_devices = true},
      {.directive = "PrivateMounts=yes", .calls = {"mount", "umount", "umount2", "move_mount", "open_tree", "fsmount"}},
      {.directive = "PrivateNetwork=yes", .hides_network = true},
      {.directive = "PrivateTmp=yes", .hidden = {"/tmp", "/var/tmp"}},
      {.directive = "ProtectClock=yes", .calls = clocks, .capabilities = {"sys_time", "wake_alarm"}, .hides_devices = true},
      {.directive = "ProtectControlGroups=yes", .unwritable = {"/sys/fs/cgroup"}},
      {.directive = "ProtectHome=yes", .hidden = {"/home", "/root", "/run/user"}},
      {.directive = "ProtectHostname=yes",
       .calls = {"sethostname", "setdomainname"},
       .unwritable = {"/proc/sys/kernel/hostname", "/proc/sys/kernel/domainname"}},
      {.directive = "ProtectKernelLogs=yes", .calls = {"syslog"}, .hidden = {"/dev/kmsg", "/proc/kmsg"}, .capabilities = {"syslog"}},
      {.directive = "ProtectKernelModules=yes",
       .calls = {"init_module", "finit_module", "delete_module"},
       .hidden = {"/lib/modules", "/usr/lib/modules"},
       .capabilities = {"sys_module"}},
      {.directive = "ProtectKernelTunables=yes", .hidden = {"/proc/kallsyms", "/proc/kcore"}, .unwritable = {"/proc", "/sys"}},
      {.directive = "ProtectProc=invisible", .hides_processes = true},
      {.directive = "RestrictRealtime=yes", .calls = {"sched_setscheduler", "sched_setattr"}},
  };
  return rows;
}

/// May the pattern name something at or below the directory?
bool reaches(const sets::PathPattern& pattern, std::string_view directory) {
  const std::string text = pattern.text(), fixed = fixed_part(pattern);
  return covers(directory, fixed) || (fixed.size() < text.size() && directory.substr(0, fixed.size()) == fixed);
}

bool any_reaches(const std::vector<sets::PathPattern>& places, const Words& directories) {
  return std::any_of(places.begin(), places.end(), [&](const sets::PathPattern& place) {
    return std::any_of(directories.begin(), directories.end(), [&](std::string_view directory) { return reaches(place, directory); });
  });
}

/// Does the pattern name a device that not every program has? systemd.exec(5), PrivateDevices=
bool names_device(const sets::PathPattern& place) {
  static const Words everyones{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/log"};
  if (!reaches(place, "/dev")) return false;
  const std::string text = place.text();
  return std::none_of(everyones.begin(), everyones.end(), [&](std::string_view one) { return text == one; });
}

bool names_device(const std::vector<sets::PathPattern>& places) {
  return std::any_of(places.begin(), places.end(), [](const sets::PathPattern& place) { return names_device(place); });
}

/// Does the rule name what /proc has of other accounts' processes? /proc/self and /proc/meminfo stay where they are.
bool names_process(const ir::FileBox& file) {
  if (!file.owners.any && file.owners.names.empty()) return false;
  return std::any_of(file.places.begin(), file.places.end(), [](const sets::PathPattern& place) {
    constexpr std::string_view processes = "/proc/";
    const std::string fixed = fixed_part(place);
    const bool is_word = fixed.size() > processes.size() && fixed.substr(0, processes.size()) == processes && !(fixed[processes.size()] >= '0' && fixed[processes.size()] <= '9');
    return !is_word && reaches(place, "/proc");
  });
}

/// Sockets of an abstract name belong to a network, too.
bool needs_network(const ir::NetBox& net) {
  if (net.family != Family::unix_family) return true;
  return net.any_unix_address || !net.abstracts.empty();
}

bool is_in_the_way(const Hardening& row, const ir::Box& box) {
  return std::visit(
      Overloaded{[&](const ir::FileBox& file) {
                   return any_reaches(file.places, row.hidden) || (may_change(file.verbs) && any_reaches(file.places, row.unwritable)) ||
                          (row.hides_devices && names_device(file.places)) || (row.hides_processes && names_process(file));
                 },
                 [&](const ir::PairBox& pair) {
                   return any_reaches(pair.from, row.unwritable) || any_reaches(pair.to, row.unwritable) ||
                          any_reaches(pair.from, row.hidden) || any_reaches(pair.to, row.hidden);
                 },
                 [&](const ir::NetBox& net) {
                   const bool any_path = net.family == Family::unix_family && net.any_unix_address && !row.hidden.empty();
                   return any_path || any_reaches(net.paths, row.hidden) || (row.hides_network && needs_network(net));
                 },
                 [&](const ir::CapabilityBox& allowed) {
                   return std::any_of(row.capabilities.begin(), row.capabilities.end(), [&](std::string_view name) {
                     return ((allowed.capabilities >> *knowledge::find_capability(name)) & 1u) != 0;
                   });
                 },
                 [](const ir::CallBox&) { return false; },  // the plan lists them
                 [](const ir::IdentityBox&) { return false; }, [](const ir::PeerBox&) { return false; }},
      box);
}

bool any_rule_is_in_the_way(const Hardening& row, const ir::Policy& policy) {
  return std::any_of(policy.rules.begin(), policy.rules.end(), [&](const ir::Rule& rule) {
    return rule.effect == ir::Effect::allow &&
           std::any_of(rule.boxes.begin(), rule.boxes.end(), [&](const ir::Box& box) { return is_in_the_way(row, box); });
  });
}

/// The program must be seen to be started.
bool hides_program(const Hardening& row, const ir::Policy& policy) {
  return std::any_of(policy.programs.begin(), policy.programs.end(), [&](const std::string& program) {
    return std::any_of(row.hidden.begin(), row.hidden.end(), [&](std::string_view directory) { return covers(directory, program); });
  });
}

bool lists_any(const Plan& plan, const Words& calls) {
  return std::any_of(calls.begin(), calls.end(), [&](std::string_view name) {
    const auto call = knowledge::find_call(Os::linux_os, name);
    return call && is_listed(plan, *call);
  });
}

/// Can the unit make sockets of no family but unix?
bool is_local(const Plan& plan) {
  return plan.families && std::all_of(plan.families->begin(), plan.families->end(), [](std::uint8_t number) { return number == 1; });
}

}  // namespace

std::vector<std::string_view> hardening_for(const ir::Policy& policy, const Plan& plan) {
  std::vector<std::string_view> directives;
  for (const Hardening& row : table())
    if (!lists_any(plan, row.calls) && (!row.hides_network || is_local(plan)) && !hides_program(row, policy) && !any_rule_is_in_the_way(row, policy))
      directives.push_back(row.directive);
  return directives;
}

}  // namespace polc::systemd
