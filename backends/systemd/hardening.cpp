// Directives that close what no rule of the policy needs. They refuse nothing that it allows, and no verdict counts on them.
// systemd.exec(5) of 252 says what each does.
#include <algorithm>

#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "systemd/model.hpp"

namespace polc::systemd {
namespace {

struct Hardening {
  std::string_view directive;
  std::vector<std::string_view> calls;       // it breaks these: none may be listed
  std::vector<std::string_view> hidden;      // no rule may name anything here
  std::vector<std::string_view> unwritable;  // no rule may change anything here
  std::string_view capability = {};          // it takes this away: no rule may allow it
};

const std::vector<Hardening>& table() {
  static const std::vector<Hardening> rows{
      {"LockPersonality", {"personality"}, {}, {}},
      {"PrivateMounts", {"mount", "umount", "umount2", "move_mount", "open_tree", "fsmount"}, {}, {}},
      {"PrivateTmp", {}, {"/tmp", "/var/tmp"}, {}},
      {"ProtectControlGroups", {}, {}, {"/sys/fs/cgroup"}},
      {"ProtectHome", {}, {"/home", "/root", "/run/user"}, {}},
      {"ProtectHostname", {"sethostname", "setdomainname"}, {}, {"/proc/sys/kernel/hostname", "/proc/sys/kernel/domainname"}},
      {"ProtectKernelLogs", {"syslog"}, {"/dev/kmsg", "/proc/kmsg"}, {}, "syslog"},
      {"ProtectKernelModules", {"init_module", "finit_module", "delete_module"}, {"/lib/modules", "/usr/lib/modules"}, {}, "sys_module"},
      {"ProtectKernelTunables", {}, {"/proc/kallsyms", "/proc/kcore"}, {"/proc", "/sys"}},
      {"RestrictRealtime", {"sched_setscheduler", "sched_setattr"}, {}, {}},
  };
  return rows;
}

/// May the pattern name something at or below the directory? Judged by what stands before its first wildcard.
bool reaches(const sets::PathPattern& pattern, std::string_view directory) {
  const std::string text = pattern.text();
  const std::string_view fixed = std::string_view(text).substr(0, text.find_first_of("*?[{\\"));
  const bool is_below = fixed.substr(0, directory.size()) == directory && (fixed.size() == directory.size() || fixed[directory.size()] == '/');
  return is_below || (fixed.size() < text.size() && directory.substr(0, fixed.size()) == fixed);
}

bool any_reaches(const std::vector<sets::PathPattern>& places, const std::vector<std::string_view>& directories) {
  return std::any_of(places.begin(), places.end(), [&](const sets::PathPattern& place) {
    return std::any_of(directories.begin(), directories.end(), [&](std::string_view directory) { return reaches(place, directory); });
  });
}

bool is_in_the_way(const Hardening& row, const ir::Box& box) {
  if (const auto* capability = std::get_if<ir::CapabilityBox>(&box); capability != nullptr && !row.capability.empty())
    return ((capability->capabilities >> *knowledge::find_capability(row.capability)) & 1u) != 0;
  if (const auto* net = std::get_if<ir::NetBox>(&box)) return any_reaches(net->paths, row.hidden);
  if (const auto* pair = std::get_if<ir::PairBox>(&box))
    return any_reaches(pair->from, row.unwritable) || any_reaches(pair->to, row.unwritable) || any_reaches(pair->from, row.hidden) ||
           any_reaches(pair->to, row.hidden);
  const auto* file = std::get_if<ir::FileBox>(&box);
  if (file == nullptr) return false;
  return any_reaches(file->places, row.hidden) || (may_change(file->verbs) && any_reaches(file->places, row.unwritable));
}

}  // namespace

std::vector<std::string_view> hardening_for(const ir::Policy& policy, const Plan& plan) {
  std::vector<std::string_view> directives;
  for (const Hardening& row : table()) {
    const bool breaks_call = std::any_of(row.calls.begin(), row.calls.end(), [&](std::string_view name) {
      const auto call = knowledge::find_call(Os::linux_os, name);
      return call && is_listed(plan, *call);
    });
    bool is_free = !breaks_call;
    for (const ir::Rule& rule : policy.rules)
      if (rule.effect == ir::Effect::allow)
        for (const ir::Box& box : rule.boxes) is_free = is_free && !is_in_the_way(row, box);
    if (is_free) directives.push_back(row.directive);
  }
  return directives;
}

}  // namespace polc::systemd
