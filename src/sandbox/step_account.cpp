// The account, capabilities and no_new_privs. What was set is read back: a start must not rest on a call's word alone.
#include <algorithm>
#include <cerrno>

#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/securebits.h>
#include <sys/syscall.h>

#include "sandbox/steps.hpp"

namespace polc::sandbox {
namespace {

struct Capabilities {
  std::uint64_t effective = 0, permitted = 0, inheritable = 0;
};

long read_capabilities(const Kernel& kernel, Capabilities& found) {
  __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct halves[2]{};
  const long got = kernel(SYS_capget, &head, halves);
  const auto joined = [](std::uint32_t low, std::uint32_t high) { return std::uint64_t{high} << 32 | low; };
  found = {joined(halves[0].effective, halves[1].effective), joined(halves[0].permitted, halves[1].permitted),
           joined(halves[0].inheritable, halves[1].inheritable)};
  return got;
}

long write_capabilities(const Kernel& kernel, const Capabilities& wanted) {
  __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct halves[2]{};
  for (unsigned i = 0; i < 2; ++i) {
    halves[i].effective = static_cast<std::uint32_t>(wanted.effective >> 32 * i);
    halves[i].permitted = static_cast<std::uint32_t>(wanted.permitted >> 32 * i);
    halves[i].inheritable = static_cast<std::uint32_t>(wanted.inheritable >> 32 * i);
  }
  return kernel(SYS_capset, &head, halves);
}

// The kernel's last capability answers; the next number is EINVAL.
Outcome drop_bounding(Starting& start) {
  for (unsigned number = 0; number < 64; ++number) {
    if ((start.plan.capabilities >> number & 1) != 0) continue;
    const long has = start.kernel(SYS_prctl, PR_CAPBSET_READ, number, 0, 0, 0);
    if (has == -EINVAL && number > 0) return std::nullopt;
    if (has < 0) return failed("read the bounding set", has);
    if (has == 0) continue;
    const long got = start.kernel(SYS_prctl, PR_CAPBSET_DROP, number, 0, 0, 0);
    if (got < 0) return failed("drop capability " + std::to_string(number) + " from the bounding set", got);
  }
  return std::nullopt;
}

// Over an exec only these stay with who is not root.
Outcome raise_ambient(Starting& start, std::uint64_t kept) {
  for (unsigned number = 0; number < 64; ++number) {
    if ((kept >> number & 1) == 0) continue;
    const long got = start.kernel(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0);
    if (got < 0) return failed("keep capability " + std::to_string(number), got);
  }
  return std::nullopt;
}

constexpr std::uint64_t setpcap = std::uint64_t{1} << CAP_SETPCAP;

}  // namespace

Outcome keep_capabilities(Starting& start) {
  if (!start.plan.account) return std::nullopt;
  const long got = start.kernel(SYS_prctl, PR_SET_KEEPCAPS, 1, 0, 0, 0);
  return got < 0 ? failed("keep capabilities over the change of account", got) : std::nullopt;
}

Outcome change_account(Starting& start) {
  if (!start.plan.account) return std::nullopt;
  const Account& account = *start.plan.account;
  const std::string words = "become `" + account.name + "`";
  long got = start.kernel(SYS_setgroups, account.groups.size(), account.groups.data());
  if (got < 0) return failed(words, got);
  got = start.kernel(SYS_setresgid, account.group, account.group, account.group);
  if (got < 0) return failed(words, got);
  got = start.kernel(SYS_setresuid, account.user, account.user, account.user);
  if (got < 0) return failed(words, got);
  unsigned real = ~0U, effective = ~0U, saved = ~0U;
  got = start.kernel(SYS_getresuid, &real, &effective, &saved);
  if (got < 0) return failed(words, got);
  if (real != account.user || effective != account.user || saved != account.user) return Failure{words + ": the user is another one after that", 0};
  got = start.kernel(SYS_getresgid, &real, &effective, &saved);
  if (got < 0) return failed(words, got);
  if (real != account.group || effective != account.group || saved != account.group) return Failure{words + ": the group is another one after that", 0};
  return std::nullopt;
}

// Without CAP_SETPCAP the bounding set stays: no_new_privs then keeps an exec from taking anything out of it.
Outcome drop_capabilities(Starting& start) {
  Capabilities now;
  long got = read_capabilities(start.kernel, now);
  if (got < 0) return failed("read capabilities", got);
  const std::uint64_t kept = now.permitted & start.plan.capabilities;
  // After a change of account they are permitted, and not in effect.
  if (now.permitted != 0 && now.effective != now.permitted) {
    now.effective = now.permitted;
    got = write_capabilities(start.kernel, now);
    if (got < 0) return failed("take capabilities into effect", got);
  }
  if ((now.effective & setpcap) != 0)
    if (auto failure = drop_bounding(start)) return failure;
  got = start.kernel(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (got < 0) return failed("clear ambient capabilities", got);
  got = write_capabilities(start.kernel, {kept, kept, kept});
  if (got < 0) return failed("drop capabilities", got);
  got = read_capabilities(start.kernel, now);
  if (got < 0) return failed("read capabilities", got);
  if (now.effective != kept || now.permitted != kept || now.inheritable != kept) return Failure{"drop capabilities: there are others after that", 0};
  return raise_ambient(start, kept);
}

Outcome give_up_privileges(Starting& start) {
  long got = start.kernel(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (got < 0) return failed("set no_new_privs", got);
  got = start.kernel(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
  if (got < 0) return failed("read no_new_privs", got);
  return got == 1 ? std::nullopt : Outcome(Failure{"set no_new_privs: it is not set after that", 0});
}

}  // namespace polc::sandbox
