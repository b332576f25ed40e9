#include "apparmor/apparmor.hpp"

#include <algorithm>

#include "apparmor/choose.hpp"
#include "apparmor/print.hpp"
#include "apparmor/read.hpp"
#include "apparmor/say.hpp"

namespace polc::apparmor {

namespace {

// Its hooks lie behind clone3, io_uring and socketcall, too (security/apparmor/lsm.c: userns_create, from abi 4.0; socket_create).
// Linux 6.18, security/apparmor/lsm.c: there is no hook for a signal that a descriptor's events send, or a limit, or a tracer along with
// its request, nor for a mode that an ACL sets, nor for the device that a rename leaves behind.
constexpr target::UnseenWay unseen_ways[] = {
    {"signal", "fcntl"},   {"signal", "fcntl64"},   {"signal", "ioctl"},    {"signal", "prlimit64"}, {"signal", "setrlimit"}, {"signal", "ptrace"},
    {"chmod", "setxattr"}, {"chmod", "lsetxattr"},  {"chmod", "fsetxattr"}, {"chmod", "setxattrat"}, {"create", "renameat2"}};

constexpr target::SeenAct seen_acts[] = {{"namespace", "user"}, {"ptrace", ""}, {"socket", ""}, {"socketpair", ""}};

// Such a name goes into the profile as it stands. A leading `:` names a namespace, `//` a child; blanks and glob
// characters mean something wherever a name is matched.
std::optional<std::string> name_from(std::string_view word) {
  const auto is_good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-' || c == '/';
  };
  const bool is_child = word.find("//") != word.npos || word.ends_with('/');
  return !is_child && std::all_of(word.begin(), word.end(), is_good) ? std::optional(std::string(word)) : std::nullopt;
}
// As name_from, a pattern of the parser's: nothing that would end the word or the quotes.
std::optional<std::string> attachment_from(std::string_view word) {
  const auto is_good = [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != '@' && c != '\\'; };
  return word.starts_with('/') && std::all_of(word.begin(), word.end(), is_good) ? std::optional(std::string(word)) : std::nullopt;
}
std::optional<std::string> abstraction_from(std::string_view word) {
  return word.empty() || word.front() == '.' || word.find('/') != word.npos ? std::nullopt : name_from(word);
}
std::optional<std::string> policy_from(std::string_view word) { return std::string(word); }

std::vector<target::OptionSpec> options() {
  using target::one_of;
  return {target::a_word("name", &Options::name, name_from, "it can have letters, digits, `.`, `_`, `-` and single slashes",
                         "the profile's name; by default the policy's"),
          target::a_word("child_of", &Options::child_of, policy_from, {},
                         "a policy: the profile is a child of that one's, and only that one leads to it"),
          target::a_word("attachment", &Options::attachment, attachment_from, "it is a pattern from the root, without blanks, quotes and variables",
                         "the programs that the profile is for, as AppArmor writes them; by default the policy's"),
          one_of("others", &Options::tells_others, {{"any", true}, {"raw", false}},
                 "who may signal and inspect the program: any, or those of raw text"),
          one_of("mode", &Options::complains, {{"enforce", false}, {"complain", true}},
                 "complain: log what would be refused; explicit denies are refused all the same"),
          one_of("flags", &Options::attaches_disconnected, {{"none", false}, {"attach_disconnected", true}},
                 "attach_disconnected: for daemons in namespaces of their own"),
          one_of("abi", &Options::abi, {{abi_names[0], Abi::v3}, {abi_names[1], Abi::v4}, {abi_names[2], Abi::v5}},
                 "the feature set that the profile declares"),
          target::words("abstractions", &Options::abstractions, abstraction_from,
                        "each can have letters, digits, `.`, `_` and `-`",
                        "files of the host's abstractions/ to include; what they permit is not known"),
          one_of("source_comments", &Options::has_source_comments, {{"yes", true}, {"no", false}},
                 "yes: each rule names the policy line that it came from")};
}

target::Shipped shipped(const ir::Policy& policy, const target::Settings& settings) {
  const Options& options = options_of(settings);
  return {.profile = options.name.empty() ? policy.name : options.name,
          .is_child = !options.child_of.empty(),
          .caution =
              options.complains
                  ? "The profile is in complain mode: it logs what it would refuse, and refuses explicit denies only."
                  : ""};
}

}  // namespace

const target::Backend& backend() {
  static const target::Backend table{
      .name = "apparmor",
      .summary = "AppArmor profiles, for apparmor_parser 3.0 and later",
      .suffix = ".apparmor",
      .names_matter = true,
      .shipping = target::Shipping::profile,
      .formats = {"profile"},
      .options = options(),
      .systems = {Os::linux_os},
      .capabilities = capabilities(),
      .loading = loading(),
      .sees_acts = seen_acts,
      .unseen_ways = unseen_ways,
      .choose = choose,
      .print = print,
      .read = read,
      .say = say,
      .shipped = shipped,
  };
  return table;
}

}  // namespace polc::apparmor
