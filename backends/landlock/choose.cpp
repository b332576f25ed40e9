// Handled are all rights of the ABI: one that is not is free. Rules are for what the policy allows; Landlock has no
// denies.
#include "landlock/choose.hpp"

#include <algorithm>

#include "landlock/choose_files.hpp"
#include "landlock/loaders.hpp"
#include "sets/utf8.hpp"
#include "target/inherited.hpp"

namespace polc::landlock {
namespace {

constexpr unsigned newest_abi_of_landlockconfig = 6;

bool has_tool(std::string_view format) { return format == "toml" || format == "json" || format == "setpriv"; }

// Rules of ABI 12 about capabilities and namespaces are not written: no release has it yet.
Handled handled_by(unsigned abi) {
  return {knowledge::known_by(knowledge::landlock_file_rights(), abi),
          knowledge::known_by(knowledge::landlock_net_rights(), abi),
          knowledge::known_by(knowledge::landlock_scopes(), abi)};
}

bool is_utf8(std::string_view path) {
  for (std::size_t at = 0; at < path.size();) {
    const sets::Utf8Character one = sets::utf8_at(path, at);
    if (one.length == 0) return false;
    at += one.length;
  }
  return true;
}

/// Why a format cannot hold the path; empty: it can.
std::string_view lack_for(std::string_view format, const std::string& path) {
  if (format == "setpriv" && path.find('\n') != std::string::npos) return "the format `setpriv` has an argument a line";
  if ((format == "toml" || format == "json") && !is_utf8(path)) return "the formats of landlockconfig hold only UTF-8";
  return {};
}

// What tells why the reader finds a part refused, or open.
void add_reasons(const target::Source& source, const Options& options, const Ruleset& rules,
                 std::vector<target::Gap>& gaps) {
  constexpr unsigned without_fast_open = 10;
  if (options.abi < without_fast_open && (rules.handled.net & right::connect_tcp) != 0)
    for (const Family family : {Family::inet, Family::inet6}) {
      ir::NetBox box = target::everything(family);
      box.verbs = {NetVerb::connect};
      gaps.push_back({std::move(box), ir::Verdict::unmediated, target::Feature::net_connect, target::Gap::everybody});
    }
  if (!options.proc_by_name) return;
  for (const PathRule& rule : rules.paths)
    if (rule.path.starts_with("/proc/"))
      for (const std::uint32_t part : rule.behind.parts)
        gaps.push_back({source.parts[part].box, ir::Verdict::narrower, target::Feature::path_literal, part,
                        "the kernel forgets rules on names in /proc when it wants memory"});
}

void leave_out_unsayable(const target::Source& source, std::string_view format, Ruleset& rules,
                         std::vector<target::Gap>& gaps) {
  std::erase_if(rules.paths, [&](const PathRule& rule) {
    const std::string_view lack = lack_for(format, rule.path);
    if (lack.empty()) return false;
    for (const std::uint32_t part : rule.behind.parts)
      gaps.push_back(
          {source.parts[part].box, ir::Verdict::refused, target::Feature::path_literal, part, std::string(lack)});
    return true;
  });
}

}  // namespace

Options options_of(const target::Settings& settings, Arch arch) {
  Options options = settings.options.as<Options>();
  if (settings.format == "toml" || settings.format == "json")
    options.abi = std::min(options.abi, newest_abi_of_landlockconfig);
  options.by_launcher |= has_tool(settings.format);
  if (options.loader.empty()) options.loader = usual_loaders(arch).front();
  return options;
}

Ruleset ruleset_of(const target::Source& source, const Options& options) {
  Ruleset rules;
  rules.abi = options.abi;
  rules.handled = handled_by(options.abi);
  FileRules files(source, options, rules.handled.files);
  files.add_parts();
  const bool is_executed = options.by_launcher && !source.policy.programs.empty();
  const std::vector<target::Behind> launching =
      is_executed ? files.reading(options.loader) : std::vector<target::Behind>{};
  if (is_executed)
    for (const std::string& program : source.policy.programs) files.add_program(program, launching);
  if (is_executed) files.add_program(options.loader, launching);
  if (!files.executing().empty()) files.add_program(options.loader, files.executing());
  rules.paths = files.take();
  choose_net(source, rules);
  return rules;
}

const Ruleset& ruleset_in(const target::Chosen& chosen) { return *static_cast<const Ruleset*>(chosen.ruleset.get()); }

target::Chosen choose(const target::Source& source, const target::Settings& settings) {
  const Options options = options_of(settings, source.policy.configuration.arch);
  Ruleset rules = ruleset_of(source, options);
  std::vector<target::Gap> gaps = target::losing_gaps(source, settings);
  add_reasons(source, options, rules, gaps);
  leave_out_unsayable(source, settings.format, rules, gaps);
  return {std::make_shared<const Ruleset>(std::move(rules)), std::move(gaps)};
}

}  // namespace polc::landlock
