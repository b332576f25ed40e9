#include "oci_profile.hpp"

#include <fmt/format.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace polc::calls {
namespace {

using Json = nlohmann::json;

// libseccomp-golang's names, which the runtime's specification has.
std::uint32_t action_of(const std::string& word, std::uint32_t error) {
  if (word == "SCMP_ACT_ALLOW") return SCMP_ACT_ALLOW;
  if (word == "SCMP_ACT_LOG") return SCMP_ACT_LOG;
  if (word == "SCMP_ACT_KILL_PROCESS") return SCMP_ACT_KILL_PROCESS;
  return SCMP_ACT_ERRNO(static_cast<std::uint16_t>(error));
}
std::uint32_t default_of(const Json& profile) {
  return action_of(profile["defaultAction"], profile.value("defaultErrnoRet", 1u));
}
std::uint32_t action_of(const Json& rule) {
  return action_of(rule["action"].get<std::string>(), rule.value("errnoRet", 1u));
}

std::uint32_t arch_of(const std::string& word) {
  std::string name;
  for (const char c : word.substr(std::string_view("SCMP_ARCH_").size()))
    name += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return seccomp_arch_resolve_name(name.c_str());
}

scmp_arg_cmp comparison(const Json& json) {
  static const std::map<std::string, scmp_compare> words{{"SCMP_CMP_NE", SCMP_CMP_NE},
                                                         {"SCMP_CMP_LT", SCMP_CMP_LT},
                                                         {"SCMP_CMP_LE", SCMP_CMP_LE},
                                                         {"SCMP_CMP_EQ", SCMP_CMP_EQ},
                                                         {"SCMP_CMP_GE", SCMP_CMP_GE},
                                                         {"SCMP_CMP_GT", SCMP_CMP_GT},
                                                         {"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ}};
  return {json["index"].get<unsigned>(), words.at(json["op"]), json["value"].get<std::uint64_t>(),
          json.value("valueTwo", std::uint64_t{0})};
}

/// libcontainer/seccomp: a rule by name, its comparisons together, or, where an argument has several, each a rule.
class Loading {
 public:
  Loading(const Json& profile, const Machine& machine)
      : profile_(profile), machine_(machine), context_(seccomp_init(default_of(profile))) {
    seccomp_attr_set(context_, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    seccomp_arch_remove(context_, SCMP_ARCH_NATIVE);
    for (const Json& arch : profile["architectures"]) check(seccomp_arch_add(context_, arch_of(arch)), arch);
  }
  ~Loading() { seccomp_release(context_); }
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

  Exported run() {
    for (const Json& rule : profile_["syscalls"])
      for (const Json& name : rule["names"]) add(name, rule);
    Exported result{{}, wrong_};
    if (wrong_.empty()) result.filter = filter_from(bytes(), machine_.is_big_endian);
    if (machine_.is_big_endian) right_answers(result.filter);
    return result;
  }

 private:
  // On a machine of the other byte order libseccomp turns some of its answers round twice; on its own it does nothing
  // twice.
  static void right_answers(Filter& filter) {
    constexpr std::uint16_t answer = 6;
    for (Instruction& one : filter)
      if (const std::uint32_t k = one.constant;
          one.code == answer && (k & 0xFFFF) != 0 && (k & 0xFFFF'0000) != 0x0005'0000)
        one.constant = k >> 24 | (k >> 8 & 0xFF00) | (k << 8 & 0xFF'0000) | k << 24;
  }

  void check(int code, const std::string& what) {
    if (code != 0 && wrong_.empty()) wrong_ = fmt::format("{}: {}", what, code);
  }

  void add(const std::string& name, const Json& rule) {
    const int number = seccomp_syscall_resolve_name(name.c_str());
    const std::uint32_t action = action_of(rule);
    // runc skips what this libseccomp does not know, and what the default says already.
    if (number == __NR_SCMP_ERROR || action == default_of(profile_)) return;
    std::vector<scmp_arg_cmp> comparisons;
    std::set<unsigned> arguments;
    if (const auto args = rule.find("args"); args != rule.end())
      for (const Json& one : *args) comparisons.push_back(comparison(one)), arguments.insert(comparisons.back().arg);
    const auto load = [&](const scmp_arg_cmp* first, std::size_t count) {
      check(seccomp_rule_add_array(context_, action, number, static_cast<unsigned>(count), first), name);
    };
    if (arguments.size() == comparisons.size()) return load(comparisons.data(), comparisons.size());
    for (const scmp_arg_cmp& one : comparisons) load(&one, 1);
  }

  // In the byte order of the architecture, so as it is loaded there.
  std::string bytes() {
    const int file = memfd_create("filter", 0);
    check(file < 0 ? -1 : seccomp_export_bpf(context_, file), "export");
    std::string text(8 * 65536, '\0');
    const ssize_t size = file < 0 ? -1 : pread(file, text.data(), text.size(), 0);
    if (file >= 0) close(file);
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
  }

  const Json& profile_;
  const Machine& machine_;
  scmp_filter_ctx context_;
  std::string wrong_;
};

}  // namespace

Exported exported(const std::string& profile, const Machine& machine) {
  const Json json = Json::parse(profile, nullptr, false);
  if (json.is_discarded()) return {{}, "no JSON"};
  std::set<std::uint32_t> named;
  for (const Json& arch : json["architectures"]) named.insert(arch_of(arch));
  if (!named.contains(machine.token)) return {{}, fmt::format("it is not for {}", machine.name)};
  return Loading(json, machine).run();
}

std::string mismerged(const std::string& profile) {
  struct Seen {
    unsigned rules = 0;
    bool is_unequal = false;
  };
  std::map<std::pair<std::string, unsigned>, Seen> seen;
  for (const Json& rule : Json::parse(profile)["syscalls"]) {
    if (!rule.contains("args")) continue;
    std::set<unsigned> arguments;
    for (const Json& one : rule["args"]) {
      if (!arguments.insert(one["index"].get<unsigned>()).second)
        return "two comparisons of one argument: " + rule.dump();
      const bool is_equality = one["op"] == "SCMP_CMP_EQ" || one["op"] == "SCMP_CMP_MASKED_EQ";
      const bool is_cut = one["op"] == "SCMP_CMP_MASKED_EQ" &&
                          (one["valueTwo"].get<std::uint64_t>() & ~one["value"].get<std::uint64_t>()) != 0;
      if (is_cut) return "a value beyond its mask: " + rule.dump();
      for (const Json& name : rule["names"]) {
        Seen& of = seen[{name, one["index"].get<unsigned>()}];
        ++of.rules;
        of.is_unequal |= !is_equality;
      }
    }
  }
  for (const auto& [about, of] : seen)
    if (of.is_unequal && of.rules > 1)
      return fmt::format("an inequality beside others: {}, argument {}", about.first, about.second);
  return "";
}

}  // namespace polc::calls
