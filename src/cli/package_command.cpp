// polc package FILE --distro=D --out=DIR: what a packager merges into a source package.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "diag/catalogue.hpp"
#include "packaging/package.hpp"
#include "packaging/tree.hpp"
#include "registry.hpp"
#include "support/check.hpp"
#include "support/file_system.hpp"
#include "target/judge.hpp"
#include "target/report.hpp"

namespace polc::cli {
namespace {

namespace fs = std::filesystem;

// `bwrap` and its like execute the program under the filter, so that one must let execve pass; the header's is loaded by the program.
constexpr const char* for_launcher = "launcher";
constexpr const char* for_program = "self";

fs::path normal(const std::string& path) {
  const fs::path whole = fs::absolute(path).lexically_normal();
  return whole.has_filename() ? whole : whole.parent_path();  // `lib/` is `lib`
}

// Where a path stands below a directory; nullopt: it does not.
std::optional<std::string> below(const fs::path& directory, const std::string& path) {
  const fs::path relative = normal(path).lexically_relative(directory);
  if (relative.empty() || *relative.begin() == "..") return std::nullopt;
  return relative.string();
}

bool has_control_character(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::iscntrl(c) != 0; });
}

using Results = std::vector<const driver::TargetResult*>;
using target::Shipping;

/// The one backend whose artefacts are shipped so.
const target::Backend& shipped_as(Shipping shipping) {
  const auto all = backends::all();
  const auto found = std::find_if(all.begin(), all.end(), [&](const target::Backend* one) { return one->shipping == shipping; });
  POLC_CHECK(found != all.end(), "there is a backend for each part of a package");
  return **found;
}

/// As the command line names it: "seccomp.exec".
std::string option_of(Shipping shipping, std::string_view key) { return fmt::format("{}.{}", shipped_as(shipping).name, key); }

packaging::Role role_of(const target::Backend& backend) {
  if (backend.shipping == Shipping::profile) return packaging::Role::profile;
  return backend.shipping == Shipping::drop_in ? packaging::Role::drop_in : packaging::Role::filter;
}

class Packager {
 public:
  Packager(const sema::Program& program, const driver::CompileRequest& request, const std::vector<std::string>& files,
           const Options& options, const diag::SourceMap& sources, diag::Sink& sink)
      : program_(program), request_(request), files_(files), options_(options), sources_(sources), sink_(sink),
        distribution_(*packaging::find_distribution(options.distribution)), tree_(options.output) {}

  int run() {
    if (!check_options()) return usage;
    if (!add_sources()) return no;
    if (!compile()) return no;
    if (!choose_names()) return usage;
    made_.options = verify_options();
    if (!can_be_shipped() || !can_be_verified()) return no;
    made_.install = tree_.install_file(made_.package, packaging::name_for(distribution_, made_.arch));
    return write();
  }

 private:
  bool wrong(const std::string& what) {
    sink_.add_unlocated(diag::wrong_usage, what);
    return false;
  }

  // ---- what can be told before anything is compiled

  bool check_options() {
    if (!request_.more_architectures.empty()) wrong("a package's drop-in is for one architecture: run this once for each --arch");
    if (packaging::name_for(distribution_, request_.arch).empty())
      wrong(fmt::format("{} has no name for the architecture {}", distribution_.name, name_of(request_.arch)));
    for (const target::GivenOption& option : request_.options)
      if (option.key == "exec" && (option.target == shipped_as(Shipping::filter).name || option.target.empty()))
        wrong(fmt::format("{} is not for choosing here: the installed filter is made with launcher, the header with self",
                          option_of(Shipping::filter, "exec")));
    if (!options_.package.empty()) check_package(options_.package);
    if (!options_.unit.empty()) check_unit(options_.unit);
    for (const std::string& file : files_)
      if (has_control_character(file)) wrong(fmt::format("`{}`: a file whose name has a control character cannot be packaged", file));
    return !sink_.has_errors();
  }

  bool check_package(const std::string& name) {
    const std::string_view spelling = distribution_.is_rpm ? "letters, digits and `+._-`" : "at least two of a-z, 0-9 and `+.-`";
    if (!packaging::is_package_name(distribution_, name))
      return wrong(fmt::format("`{}` is no name of a package of {} ({}, a letter or digit first): choose one with --package", name,
                               distribution_.name, spelling));
    if (distribution_.is_rpm || name != "polc") return true;
    return wrong("debhelper builds the package `polc` in debian/polc, where the files of policies are");
  }

  bool check_unit(const std::string& name) {
    return packaging::is_service(name) || wrong(fmt::format("`{}` is no service: --unit is NAME.service or NAME@INSTANCE.service", name));
  }

  // The policy and its imports as they were read, by their places below the policy's own directory. A file from elsewhere has none.
  bool add_sources() {
    const fs::path base = normal(files_.front()).parent_path();
    for (std::uint32_t i = 0; i < sources_.size(); ++i) {
      const diag::SourceId file{i};
      const std::string& name = sources_.name_of(file);
      if (std::find(files_.begin(), files_.end(), name) == files_.end()) {
        names_.add(name, std::string(sources_.text_of(file)));
        continue;
      }
      const auto place = below(base, name);
      if (!place) return wrong(fmt::format("`{}` is not below the policy's own directory, so it cannot be packaged with it", name));
      names_.add(*place, std::string(sources_.text_of(file)));
      made_.sources.push_back({*place, std::string(sources_.text_of(file))});
    }
    for (const std::string& directory : options_.directories)
      if (const auto place = below(base, directory); place && has_source_below(*place)) made_.imports.push_back(*place);
    return true;
  }

  bool has_source_below(const std::string& directory) const {
    return directory == "." || std::any_of(made_.sources.begin(), made_.sources.end(),
                                           [&](const packaging::Source& source) { return source.path.starts_with(directory + "/"); });
  }

  // ---- artefacts

  std::vector<std::string> targets() const {
    std::vector<std::string> names;
    for (const Shipping shipping : {Shipping::profile, Shipping::drop_in, Shipping::filter})
      if (shipping != Shipping::profile || distribution_.has_profiles) names.emplace_back(shipped_as(shipping).name);
    return names;
  }

  driver::CompileRequest request_for(const char* loader) const {
    driver::CompileRequest request = request_;
    request.targets = targets();
    request.options.push_back({std::string(shipped_as(Shipping::filter).name), "exec", loader});
    return request;
  }

  // Everything as one set, with either filter.
  bool compile() {
    driver::CompileRequest request = request_for(for_launcher);
    request.suffix = "*";
    launched_ = driver::compile(program_, request, backends::all(), names_, sink_);
    request = request_for(for_program);
    request.suffix = "h";
    diag::Sink heard;  // what is accepted for one filter alone is not unused
    itself_ = driver::compile(program_, request, backends::all(), names_, heard);
    add_errors(heard);
    if (sink_.has_errors()) return false;
    std::set<std::string> policies;
    for (const auto* one : emitted(launched_)) policies.insert(one->policy->name);
    if (policies.size() != 1) return wrong("a package is for one policy: choose it with --policy");
    made_.policy = *policies.begin();
    made_.programs = emitted(launched_).front()->policy->programs;
    made_.arch = request_.arch;
    for (const auto* one : emitted(launched_)) add(*one);
    for (const auto* one : emitted(itself_))
      if (is_filter(*one)) add(*one);
    add_open();
    return true;
  }

  void add_errors(const diag::Sink& heard) {
    for (const diag::Diagnostic& one : heard.all())
      if (one.severity == diag::Severity::error) sink_.add_diagnostic(one);
  }

  static Results emitted(const driver::Compilation& compilation) {
    Results results;
    for (const auto& result : compilation.results)
      if (result.emitted) results.push_back(&result);
    return results;
  }

  static bool is_filter(const driver::TargetResult& result) { return result.backend->shipping == Shipping::filter; }

  void add(const driver::TargetResult& result) {
    std::string total = target::summary_of({result.policy, result.backend, &result.enforced.outcome, result.meaning}, names_);
    total = total.substr(0, total.find('\n'));
    total = total.substr(total.find(result.policy->name) + result.policy->name.size() + 2);  // behind "seccomp: tor: "
    made_.artefacts.push_back({role_of(*result.backend), std::string(result.backend->name), result.settings.format, result.text, total});
    if (result.backend->shipped != nullptr && result.settings.format != "h") add(result.backend->shipped(*result.policy, result.settings));
  }

  void add(const target::Shipped& shipped) {
    if (!shipped.profile.empty()) made_.profile = shipped.profile;
    is_child_ |= shipped.is_child;
    made_.architectures_option = option_of(Shipping::filter, "arch");
    if (!shipped.architectures.empty()) made_.filter_architectures = shipped.architectures;
    if (!shipped.caution.empty()) made_.cautions.push_back(shipped.caution);
  }

  // ---- what is open

  // The denies of which something gets through all of them, accepted or not, by where they stand.
  std::map<diag::SourceRange, std::string> lost(const Results& results) const {
    std::vector<target::Outcome> unaccepted;
    for (const auto* one : results) {
      unaccepted.push_back(one->enforced.outcome);
      for (target::Finding& finding : unaccepted.back().findings) finding.accepted.reset();
    }
    std::vector<target::Judged> set;
    for (std::size_t i = 0; i < results.size(); ++i) set.push_back({results[i]->backend, &unaccepted[i], true});
    diag::Sink heard;
    target::judge(*results.front()->policy, *results.front()->meaning, set, false, heard);
    std::map<diag::SourceRange, std::string> found;
    for (const diag::Diagnostic& one : heard.all())
      if (one.id == diag::deny_lost.id) found.try_emplace(one.range, one.message);
    return found;
  }

  void add_open() {
    Results in_force;
    for (const auto* one : emitted(launched_))
      if (!is_filter(*one)) in_force.push_back(one);
    const auto under_bpf = lost(emitted(launched_)), under_header = lost(emitted(itself_));
    for (const auto& [range, message] : lost(in_force))
      made_.open.push_back({diag::place_of(names_, range) + ": " + message, !under_bpf.contains(range), !under_header.contains(range)});
  }

  // ---- what was compiled as a whole

  bool choose_names() {
    made_.package = options_.package.empty() ? made_.policy : options_.package;
    if (options_.package.empty()) std::replace(made_.package.begin(), made_.package.end(), '_', '-');  // Debian has no underscores in names
    made_.unit = options_.unit.empty() ? made_.package + ".service" : options_.unit;
    return check_package(made_.package) && check_unit(made_.unit);
  }

  bool can_be_shipped() {
    if (made_.profile.empty()) return true;
    if (is_child_)
      return wrong(fmt::format("the profile of `{}` is a child of another policy's ({}), and a package is for one policy", made_.policy,
                               option_of(Shipping::profile, "child_of")));
    if (!packaging::is_profile_file(made_.profile))
      return wrong(fmt::format("AppArmor does not load /etc/apparmor.d/{}: call the profile --option={}=ANOTHER", made_.profile,
                               option_of(Shipping::profile, "name")));
    for (const ir::Rule& rule : emitted(launched_).front()->policy->rules)
      if (rule.effect == ir::Effect::allow && std::any_of(rule.boxes.begin(), rule.boxes.end(), [&](const ir::Box& box) { return leads_away(box); }))
        return wrong(fmt::format("{}: a program goes over to another policy there, and this package ships `{}` alone: its profile would name one "
                                 "that is missing", diag::place_of(sources_, rule.origin.front()), made_.policy));
    return true;
  }

  bool leads_away(const ir::Box& box) const {
    const auto* file = std::get_if<ir::FileBox>(&box);
    return file != nullptr && file->verbs.contains(FileVerb::exec) &&
           std::any_of(file->successors.begin(), file->successors.end(), [&](const ir::Successor& successor) {
             return successor.kind == ir::Successor::Kind::policy && successor.policy != made_.policy;
           });
  }

  // The test looks at one artefact at a time, and then a deny that only another target keeps is lost, unless the policy deploys that.
  bool can_be_verified() {
    for (const std::string& target : targets()) {
      driver::CompileRequest request = request_for(for_launcher);
      request.targets = {target};
      request.suffix = "*";
      request.strict = false;
      request.policy = made_.policy;
      diag::Sink heard;
      driver::compile(program_, request, backends::all(), names_, heard);
      if (!heard.has_errors()) continue;
      add_errors(heard);
      return wrong(fmt::format("the package's test could not verify what is for {} by itself: let the policy say `deploy {};`", target,
                               fmt::join(targets(), ", ")));
    }
    return true;
  }

  std::string verify_options() const {
    std::string text = " --policy=" + made_.policy;
    if (!options_.variants.empty()) text += " --variant=" + packaging::shell_word(fmt::format("{}", fmt::join(options_.variants, ",")));
    text += fmt::format(" --arch={}", name_of(request_.arch));
    for (const std::string& setting : options_.settings) text += " --option=" + packaging::shell_word(setting);
    for (const std::string& let : options_.lets) text += " --let=" + packaging::shell_word(let);
    return fmt::format("{} --option={}={}", text, option_of(Shipping::filter, "exec"), for_launcher);
  }

  // ---- files

  int write() {
    auto plan = tree_.plan(packaging::package_files(made_, distribution_), options_.force);
    if (!plan) {
      sink_.add_unlocated(diag::cannot_read, plan.error().message());
      return world;
    }
    for (const std::string& conflict : plan->conflicts) wrong(conflict);
    if (sink_.has_errors()) return no;
    if (const auto written = tree_.write(plan->files); !written) {
      sink_.add_unlocated(diag::cannot_write, written.error().message());
      return world;
    }
    return tell(*plan);
  }

  int tell(packaging::Plan& plan) const {
    if (!distribution_.has_profiles) plan.notes.push_back(fmt::format("{} has no AppArmor: there is no profile", distribution_.name));
    for (const std::string& note : plan.notes) (void)write_all(STDERR_FILENO, "polc: " + note + "\n", "standard error");
    std::string text;
    for (const packaging::File& file : plan.files) text += tree_.at(file.path).string() + "\n";
    return print(text);
  }

  const sema::Program& program_;
  const driver::CompileRequest& request_;
  const std::vector<std::string>& files_;
  const Options& options_;
  const diag::SourceMap& sources_;
  diag::Sink& sink_;
  const packaging::Distribution& distribution_;
  const packaging::Tree tree_;
  diag::SourceMap names_;  // the same sources by their names in the package: nothing that is written depends on where it was made
  driver::Compilation launched_, itself_;
  packaging::Made made_;
  bool is_child_ = false;
};

}  // namespace

int write_package(const sema::Program& program, const driver::CompileRequest& request, const std::vector<std::string>& files,
                  const Options& options, const diag::SourceMap& sources, diag::Sink& sink) {
  return Packager(program, request, files, options, sources, sink).run();
}

}  // namespace polc::cli
