// A unit takes away from everything: the policy allows what is left of files, sockets and processes, the calls of the
// list, and denies what directives take from single calls. Who runs, where and with what prepared is no access: it
// stays as raw text, or in the unit.
#include "systemd/say.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "ir/conditions.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "systemd/read_unit.hpp"

namespace polc::systemd {
namespace {

using target::SaidPlace;

// What closes, prepares or opens something, and that no rule of a policy says. All other directives say when the
// program is started and how it is watched. systemd.exec(5) and systemd.resource-control(5) of 252 and 257.
constexpr std::string_view kept[] = {
    "AmbientCapabilities",
    "AppArmorProfile",
    "BPFProgram",
    "BindLogSockets",
    "BindPaths",
    "BindReadOnlyPaths",
    "CacheDirectory",
    "CacheDirectoryMode",
    "ConfigurationDirectory",
    "ConfigurationDirectoryMode",
    "Delegate",
    "DeviceAllow",
    "DevicePolicy",
    "DynamicUser",
    "ExecPaths",
    "ExtensionDirectories",
    "ExtensionImages",
    "Group",
    "IPAddressAllow",
    "IPAddressDeny",
    "IPCNamespacePath",
    "IPEgressFilterPath",
    "IPIngressFilterPath",
    "ImportCredential",
    "InaccessibleDirectories",
    "InaccessiblePaths",
    "KeyringMode",
    "LoadCredential",
    "LoadCredentialEncrypted",
    "LockPersonality",
    "LogsDirectory",
    "LogsDirectoryMode",
    "MountAPIVFS",
    "MountFlags",
    "MountImages",
    "NetworkNamespacePath",
    "NoExecPaths",
    "NoNewPrivileges",
    "PAMName",
    "Personality",
    "PrivateDevices",
    "PrivateIPC",
    "PrivateMounts",
    "PrivateNetwork",
    "PrivatePIDs",
    "PrivateTmp",
    "PrivateUsers",
    "ProcSubset",
    "ProtectClock",
    "ProtectControlGroups",
    "ProtectHome",
    "ProtectHostname",
    "ProtectKernelLogs",
    "ProtectKernelModules",
    "ProtectKernelTunables",
    "ProtectProc",
    "ProtectSystem",
    "ReadOnlyDirectories",
    "ReadOnlyPaths",
    "ReadWriteDirectories",
    "ReadWritePaths",
    "RemoveIPC",
    "RestrictFileSystems",
    "RestrictNetworkInterfaces",
    "RestrictRealtime",
    "RootDirectory",
    "RootEphemeral",
    "RootHash",
    "RootHashSignature",
    "RootImage",
    "RootImageOptions",
    "RootVerity",
    "RuntimeDirectory",
    "RuntimeDirectoryMode",
    "RuntimeDirectoryPreserve",
    "SELinuxContext",
    "SecureBits",
    "SetCredential",
    "SetCredentialEncrypted",
    "SmackProcessLabel",
    "SocketBindAllow",
    "SocketBindDeny",
    "StateDirectory",
    "StateDirectoryMode",
    "SupplementaryGroups",
    "SystemCallLog",
    "TemporaryFileSystem",
    "UMask",
    "User",
};
// Lists of a drop-in are emptied before they are filled (print.cpp): that says nothing.
constexpr std::string_view emptied[] = {"SystemCallArchitectures=", "SystemCallErrorNumber=", "SystemCallFilter=",
                                        "RestrictAddressFamilies=", "CapabilityBoundingSet=", "RestrictNamespaces="};

class Sayer {
 public:
  Sayer(std::string_view text, const Unit& unit, const target::Reading& reading, Arch arch, Version version)
      : text_(text), unit_(unit), reading_(reading), arch_(arch), version_(version) {}

  target::SaidText run() {
    said_.options.push_back({0, "hardening", "none"});  // the unit's own is raw text
    said_.options.push_back({0, "version", version_ == Version::v257 ? "257" : "252"});
    for (const std::string_view one : emptied) said_.not_compared.emplace_back(one);
    answers();
    permitted_calls();
    restricted_calls();
    others_permitted();
    for (const auto& [key, values] : unit_.others)
      for (const Unit::Value& value : values) directive(key, value);
    for (const auto& [key, line] : unit_.emptied) empty(key, line);
    return std::move(said_);
  }

 private:
  void say(unsigned line, ir::Effect effect, ir::Box box) { said_.rules.push_back({{line}, effect, {std::move(box)}}); }

  static ir::Reaction reaction_of(std::string_view answer) {
    if (answer.empty() || answer == "kill") return {ir::Reaction::Kind::kill, {}, false};
    return {ir::Reaction::Kind::deny, std::string(answer), false};
  }

  // Without an answer a refused call kills the process.
  void answers() {
    if (!unit_.filters) return said_.options.push_back({0, "calls", "any"});
    const auto number = unit_.others.find("SystemCallErrorNumber");
    const bool is_set = number != unit_.others.end() && !number->second.empty();
    const ir::Reaction usual = reaction_of(is_set ? number->second.back().text : "");
    said_.defaults.push_back({usual, ir::AccessClass::syscall, std::nullopt, "", {}});
    const auto call = [&](std::string_view name, const ir::Reaction& reaction) {
      const auto id = knowledge::find_call(Os::linux_os, name);
      if (id && !(reaction == usual)) said_.defaults.push_back({reaction, std::nullopt, id, "", {}});
    };
    for (const auto& [name, answer] : unit_.answers) call(name, reaction_of(answer));
  }

  // ---- calls

  void permitted_calls() {
    std::map<unsigned, ir::CallBox> allowed, denied;
    const auto all = knowledge::calls_of(Os::linux_os);
    for (std::uint16_t id = 0; id < all.size(); ++id) {
      const auto found = unit_.calls.find(all[id].name);
      const bool is_named = unit_.filters && found != unit_.calls.end() && (unit_.allows || is_known(all[id].name)),
                 is_later = unit_.filters && unit_.later.contains(all[id].name);
      if (is_later) continue;  // it depends on the version whether it is in the list, for the drop-in, too
      if (unit_.filters && unit_.allows && is_named) allowed[found->second].calls.push_back({id});
      if (unit_.filters && unit_.allows) continue;
      allowed[0].calls.push_back({id});
      if (is_named) denied[found->second].calls.push_back({id});
    }
    for (auto& [line, box] : allowed) say(line, ir::Effect::allow, std::move(box));
    for (auto& [line, box] : denied) say(line, ir::Effect::deny, std::move(box));
  }

  // What directives take from a call that is permitted else.
  void restricted_calls() {
    for (const eval::Part& part : reading_.permits.parts()) {
      const auto* call = std::get_if<ir::CallBox>(&part.box);
      if (call == nullptr || part.plane != 0 || call->where.is_always()) continue;
      deny_others(*call);
    }
    const auto whole = [&](std::string_view name, bool is_refused, std::string_view key) {
      const auto id = knowledge::find_call(Os::linux_os, name);
      if (is_refused && id && is_listed_by_name(name)) say(line_of(key), ir::Effect::deny, ir::CallBox{{*id}, {}});
    };
    whole("clone3", unit_.namespaces != 0, "RestrictNamespaces");
    whole("openat2", unit_.denies_set_id, "RestrictSUIDSGID");
    whole("socket", unit_.filters_families && unit_.allows_families && unit_.families.empty() && sees_socket(arch_),
          "RestrictAddressFamilies");
  }

  bool is_listed_by_name(std::string_view name) const {
    return !unit_.filters || unit_.calls.contains(name) == unit_.allows;
  }

  void deny_others(const ir::CallBox& box) {
    const std::string_view name = knowledge::call_of(Os::linux_os, box.calls.front()).name;
    std::string_view key = "RestrictSUIDSGID";
    if (name == "socket") key = "RestrictAddressFamilies";
    if (name == "clone" || name == "unshare" || name == "setns") key = "RestrictNamespaces";
    if (name == "mmap" || name == "mmap2" || name == "mprotect" || name == "pkey_mprotect" || name == "shmat")
      key = "MemoryDenyWriteExecute";
    say(line_of(key), ir::Effect::deny, ir::CallBox{box.calls, negated(box.where)});
  }

  // Of tests for equal and not equal, as the reading has them: each the other way round.
  static ir::Condition negated(const ir::Condition& where) {
    if (where.kind == ir::Condition::Kind::test) {
      ir::ArgumentTest test = where.test;
      test.op = test.op == sets::Compare::equal ? sets::Compare::not_equal : sets::Compare::equal;
      return ir::test_of(test);
    }
    std::vector<ir::Condition> terms;
    for (const ir::Condition& term : where.terms) terms.push_back(negated(term));
    if (terms.size() == 1) return terms.front();
    return where.kind == ir::Condition::Kind::conjunction ? ir::any_of(std::move(terms)) : ir::all_of(std::move(terms));
  }

  /// The last line that sets a key; 0: none.
  unsigned line_of(std::string_view key) const {
    unsigned last = 0, line = 0;
    for (std::size_t at = 0; at < text_.size();) {
      ++line;
      const std::size_t end = std::min(text_.find('\n', at), text_.size()),
                        first = std::min(text_.find_first_not_of(" \t", at), end);
      if (text_.substr(first, key.size()) == key) last = line;
      at = end + 1;
    }
    return last;
  }

  // ---- the rest of what is permitted

  void others_permitted() {
    std::vector<std::pair<unsigned, ir::Box>> boxes;
    for (const eval::Part& part : reading_.permits.parts()) {
      if (part.plane != 0 || part.effect != ir::Effect::allow || std::holds_alternative<ir::CallBox>(part.box) ||
          std::holds_alternative<ir::CapabilityBox>(part.box))
        continue;
      const auto is_taken_in = [&](auto& one) { return one.first == part.line && take_in(one.second, part.box); };
      if (std::none_of(boxes.begin(), boxes.end(), is_taken_in)) boxes.emplace_back(part.line, part.box);
    }
    for (auto& [line, box] : boxes) say(line, ir::Effect::allow, std::move(box));
    capabilities();
    brought_calls();
  }

  // Words bring calls, of which some may be refused: there are other ways.
  void brought_calls() {
    ir::Policy policy;
    policy.configuration = {Os::linux_os, arch_, {}};
    policy.rules.emplace_back();
    for (const target::SaidRule& rule : said_.rules)
      if (rule.effect == ir::Effect::allow && !std::holds_alternative<ir::CallBox>(rule.boxes.front()))
        policy.rules.front().boxes.push_back(rule.boxes.front());
    std::set<CallId> brought;
    const eval::Meaning meaning = eval::meaning_of(policy);
    for (const eval::Part& part : meaning.parts())
      if (const auto* box = std::get_if<ir::CallBox>(&part.box))
        for (const CallId call : box->calls)
          if (!is_listed_by_name(knowledge::call_of(Os::linux_os, call).name)) brought.insert(call);
    if (!brought.empty()) say(0, ir::Effect::deny, ir::CallBox{{brought.begin(), brought.end()}, {}});
  }

  /// Do they differ in their verbs alone? Then the first takes in the second.
  static bool take_in(ir::Box& first, const ir::Box& second) {
    return std::visit(
        [&](auto& box) {
          using Box = std::decay_t<decltype(box)>;
          const auto* const other = std::get_if<Box>(&second);
          if constexpr (requires { box.verbs | box.verbs; }) {
            if (other == nullptr) return false;
            Box both = *other;
            both.verbs = box.verbs;
            if (!(both == box)) return false;
            box.verbs = box.verbs | other->verbs;
            return true;
          }
          return false;
        },
        first);
  }

  // Each by its line; of nearly all those that are missing.
  void capabilities() {
    constexpr std::uint64_t full = ~std::uint64_t{0};
    std::uint64_t named = 0;
    for (const auto& [name, number] : knowledge::capabilities()) named |= std::uint64_t{1} << number;
    if ((unit_.capabilities & ~named) == ~named) {
      say(unit_.capabilities_line, ir::Effect::allow, ir::CapabilityBox{full});
      if (const std::uint64_t missing = named & ~unit_.capabilities; missing != 0)
        say(line_of("CapabilityBoundingSet"), ir::Effect::deny, ir::CapabilityBox{missing});
      return;
    }
    for (const eval::Part& part : reading_.permits.parts())
      if (std::holds_alternative<ir::CapabilityBox>(part.box)) say(part.line, ir::Effect::allow, part.box);
  }

  // ---- directives

  void directive(const std::string& key, const Unit::Value& value) {
    const SaidPlace at{value.line, {}, key + "=" + value.text};
    if (key.starts_with("Exec") && key != "ExecPaths" && key != "ExecSearchPath") return command(at, value.text);
    if (key == "SystemCallErrorNumber" && unit_.filters)
      return said_.implied.push_back({at, "a default of the policy"});
    if (key == "SystemCallArchitectures" && value.text == "native" && unit_.filters)
      return said_.implied.push_back({at, "each drop-in says it"});
    if (key.starts_with("Limit") && limit(key.substr(5), value)) return;
    const bool is_kept = std::find(std::begin(kept), std::end(kept), key) != std::end(kept) ||
                         key.starts_with("Limit") || key.starts_with("SystemCall");
    if (is_kept) return said_.raws.push_back({at, at.text, "no rule says it"});
    leave(at, "when the program is started and how it is watched stays in the unit");
  }

  void leave(const SaidPlace& at, std::string why) {
    said_.neutral.push_back({at, std::move(why)});
    said_.not_compared.push_back(at.text);
  }

  // `+` and `!` run the command without some or all of what the unit takes away.
  void command(const SaidPlace& at, std::string_view value) {
    const std::string_view signs = value.substr(0, value.find_first_not_of("@-:+!"));
    said_.not_compared.push_back(at.text);
    if (signs.find_first_of("+!") != signs.npos)
      return said_.dropped.push_back({at, "it runs with privileges that the unit takes from all else"});
    said_.neutral.push_back({at, "what is started stays in the unit"});
    value.remove_prefix(signs.size());
    const std::string program(value.substr(0, value.find_first_of(" \t")));
    const bool is_plain = program.starts_with('/') && program.find_first_of("%$\\\"'*?[{") == program.npos;
    if (at.text.starts_with("ExecStart=") && is_plain && said_.programs.empty())
      said_.programs.push_back(program), said_.head = at.line;
  }

  // A number; `infinity`, sizes and pairs are raw text.
  bool limit(std::string name, const Unit::Value& value) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto resource = knowledge::find_limit(Os::linux_os, name);
    std::uint64_t bound = 0;
    const auto [end, wrong] = std::from_chars(value.text.data(), value.text.data() + value.text.size(), bound);
    if (!resource || wrong != std::errc{} || end != value.text.data() + value.text.size()) return false;
    said_.limits.push_back({value.line, {*resource, bound, {}}});
    return true;
  }

  void empty(const std::string& key, unsigned line) {
    const std::string text = key + "=";
    if (std::find(std::begin(emptied), std::end(emptied), text) != std::end(emptied)) return;
    if (const auto filled = unit_.others.find(key); filled != unit_.others.end() && !filled->second.empty())
      return leave({line, {}, text}, "a list is emptied and filled again");
    said_.raws.push_back({{line, {}, text}, text, "no rule says it"});
  }

  std::string_view text_;
  const Unit& unit_;
  const target::Reading& reading_;
  Arch arch_;
  Version version_;
  target::SaidText said_;
};

}  // namespace

tl::expected<target::SaidText, target::ReadError> say(std::string_view text, const ir::Configuration& configuration,
                                                      const target::Settings& settings) {
  // Groups of calls are those of one version: the policy says which.
  target::Settings one_version = settings;
  Options& options = one_version.options.as<Options>();
  if (options.version == Version::any) options.version = Version::v252;
  const auto unit = unit_from(text, options.version);
  if (!unit) return tl::unexpected(unit.error());
  const auto reading = read(text, configuration, one_version);
  if (!reading) return tl::unexpected(reading.error());
  return Sayer(text, *unit, *reading, configuration.arch, options.version).run();
}

}  // namespace polc::systemd
