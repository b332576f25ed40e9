// Handled are all rights of the ABI: one that is not is free. Rules are for what the policy allows; Landlock has no denies.
#include "landlock/choose.hpp"

#include <algorithm>
#include <charconv>

#include "landlock/choose_files.hpp"
#include "landlock/loaders.hpp"
#include "target/inherited.hpp"

namespace polc::landlock {
namespace {

bool has_tool(std::string_view format) { return format == "toml" || format == "json" || format == "setpriv"; }

// Rules of ABI 12 about capabilities and namespaces are not written: no release has it yet.
Handled handled_by(unsigned abi) {
  return {knowledge::known_by(knowledge::landlock_file_rights(), abi), knowledge::known_by(knowledge::landlock_net_rights(), abi),
          knowledge::known_by(knowledge::landlock_scopes(), abi)};
}

}  // namespace

Options options_of(const target::Settings& settings, Arch arch) {
  Options options;
  const std::string_view abi = settings.at("abi");
  std::from_chars(abi.data(), abi.data() + abi.size(), options.abi);
  options.asks_type = !has_tool(settings.format);
  options.by_launcher = has_tool(settings.format) || settings.at("exec") == "launcher";
  options.loader = settings.at("loader").empty() ? usual_loaders(arch).front() : settings.at("loader");
  options.proc_by_name = settings.at("proc") == "files";
  return options;
}

Ruleset ruleset_of(const target::Source& source, const Options& options) {
  Ruleset rules;
  rules.abi = options.abi;
  rules.handled = handled_by(options.abi);
  FileRules files(source, options, rules.handled.files);
  files.add_parts();
  if (options.by_launcher)
    for (const std::string& program : source.policy.programs) files.add_program(program, {});
  if (options.by_launcher || !files.executing().empty()) files.add_program(options.loader, files.executing());
  rules.paths = files.take();
  choose_net(source, rules);
  return rules;
}

const Ruleset& ruleset_in(const target::Chosen& chosen) { return *static_cast<const Ruleset*>(chosen.ruleset.get()); }

target::Chosen choose(const target::Source& source, const target::Settings& settings) {
  const Options options = options_of(settings, source.policy.configuration.arch);
  return {std::make_shared<const Ruleset>(ruleset_of(source, options)), target::losing_gaps(source, settings)};
}

}  // namespace polc::landlock
