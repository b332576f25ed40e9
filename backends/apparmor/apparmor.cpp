#include "apparmor/apparmor.hpp"

#include "apparmor/choose.hpp"
#include "apparmor/print.hpp"
#include "apparmor/read.hpp"

namespace polc::apparmor {

namespace {

// Its hooks lie behind clone3, io_uring and socketcall, too (security/apparmor/lsm.c: userns_create, from abi 4.0; socket_create).
constexpr target::SeenAct seen_acts[] = {{"namespace", "user"}, {"socket", ""}, {"socketpair", ""}};

}  // namespace

const target::Backend& backend() {
  static const target::Backend table{
      .name = "apparmor",
      .summary = "AppArmor profiles, for apparmor_parser 3.0 and later",
      .suffix = ".apparmor",
      .names_matter = true,
      .shipping = target::Shipping::profile,
      .formats = {"profile"},
      .options = {{"name", {}, "the profile's name; by default the policy's"},
                  {"child_of", {}, "a policy: the profile is a child of that one's, and only that one leads to it"},
                  {"mode",
                   {"enforce", "complain"},
                   "complain: log what would be refused; explicit denies are refused all the same"},
                  {"flags",
                   {"none", "attach_disconnected"},
                   "attach_disconnected: for daemons in namespaces of their own"},
                  {"abi", {"3.0", "4.0", "5.0"}, "the feature set that the profile declares"},
                  {"abstractions", {}, "files of the host's abstractions/ to include; what they permit is not known"},
                  {"source_comments", {"yes", "no"}, "yes: each rule names the policy line that it came from"}},
      .systems = {Os::linux_os},
      .capabilities = capabilities(),
      .loading = loading(),
      .sees_acts = seen_acts,
      .choose = choose,
      .print = print,
      .read = read,
  };
  return table;
}

}  // namespace polc::apparmor
