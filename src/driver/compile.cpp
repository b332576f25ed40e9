#include "driver/compile.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "driver/elsewhere.hpp"
#include "driver/inherited.hpp"
#include "driver/joint.hpp"
#include "driver/names_check.hpp"
#include "opt/pipeline.hpp"

namespace polc::driver {
namespace {

class Compiler {
 public:
  /// `owned`: the same program where it may be let go, else null.
  Compiler(const sema::Program& program, sema::Program* owned, const CompileRequest& request, Backends backends,
           const diag::SourceMap& sources, diag::Sink& sink)
      : program_(program),
        owned_(owned),
        request_(request),
        backends_(backends),
        sources_(sources.for_artefacts()),
        sink_(sink) {
    for (const target::Backend* backend : backends) systems_.push_back(system_for(*backend, program));
  }

  Compilation run() {
    check_bare_options();
    for (const auto& name : request_.targets)
      if (const auto* backend = backend_named(backends_, name, sink_)) requested_.push_back(backend);
    if (sink_.has_errors()) return std::move(result_);
    check_together();
    for (const target::Backend* backend : requested_) {
      configure(system_of(*backend), request_.arch);
      for (const Arch arch : request_.more_architectures) configure(system_of(*backend), arch);
    }
    for (const Configured& configuration : result_.configurations)
      for (Elsewhere& one : lower_elsewhere(program_, request_, requested_, configuration, sink_)) elsewhere_.push_back(std::move(one));
    if (owned_ != nullptr) *owned_ = {};
    if (sink_.has_errors()) return std::move(result_);
    for (Configured& configuration : result_.configurations) add_meanings(configuration);
    for (Configured& configuration : result_.configurations)
      for (std::size_t i = 0; i < configuration.policies.size(); ++i) compile_policy(configuration, i);
    if (is_together()) finish_together();
    return std::move(result_);
  }

 private:
  // A bare key that two selected targets know says nothing certain.
  void check_bare_options() {
    for (const auto& option : request_.options) {
      if (!option.target.empty()) continue;
      std::size_t known = 0;
      for (const auto& name : request_.targets)
        for (const target::Backend* backend : backends_)
          if (backend->name == name)
            known += std::any_of(backend->options.begin(), backend->options.end(), [&](const auto& o) { return o.key == option.key; });
      if (known > 1) sink_.add_unlocated(diag::ambiguous_option, option.key, option.key);
    }
  }

  Os system_of(const target::Backend& backend) const {
    const auto place = std::find(backends_.begin(), backends_.end(), &backend);
    return systems_[static_cast<std::size_t>(place - backends_.begin())];
  }

  bool is_together() const { return request_.fuse || !request_.more_architectures.empty(); }

  void check_together() {
    if (!is_together()) return;
    for (const target::Backend* backend : requested_)
      if (backend->print_together == nullptr) sink_.add_unlocated(diag::not_together, std::string(backend->name));
  }

  void configure(Os os, Arch arch) {
    for (const Configured& known : result_.configurations)
      if (known.os == os && known.arch == arch) return;
    auto policies = sema::lower(program_, {os, arch, request_.variants}, sink_);
    if (!policies) return;
    std::vector<ir::Policy> others;
    if (!request_.policy.empty()) keep_requested(*policies, others);
    Configured& configuration = result_.configurations.emplace_back();
    configuration.others = std::move(others);
    configuration.os = os;
    configuration.arch = arch;
    configuration.policies = std::move(*policies);
  }

  void add_meanings(Configured& configuration) const {
    for (const ir::Policy& policy : configuration.policies) {
      configuration.meanings.push_back(eval::meaning_of(policy));
      const opt::Parts parts = opt::optimise(configuration.meanings.back().parts(), request_.disabled_passes);
      sets::Budget budget;
      configuration.said.push_back(target::parts_to_say(configuration.meanings.back(), parts, budget));
    }
  }

  void keep_requested(std::vector<ir::Policy>& policies, std::vector<ir::Policy>& others) {
    std::vector<std::string> names;
    for (const auto& policy : policies) names.push_back("`" + policy.name + "`");
    const auto rest = std::stable_partition(policies.begin(), policies.end(),
                                            [&](const ir::Policy& policy) { return policy.name == request_.policy; });
    others.assign(std::make_move_iterator(rest), std::make_move_iterator(policies.end()));
    policies.erase(rest, policies.end());
    if (policies.empty())
      sink_.add_unlocated(diag::unknown_policy, request_.policy, fmt::format("{}", fmt::join(names, ", ")));
  }

  void compile_policy(const Configured& configuration, std::size_t place) {
    const ir::Policy& policy = configuration.policies[place];
    const eval::Meaning& meaning = configuration.meanings[place];
    const opt::Parts& said = configuration.said[place];
    std::vector<TargetResult> results;
    for (const target::Backend* backend : requested_)
      if (system_of(*backend) == configuration.os) add(results, *backend, policy, meaning, said, true);
    if (results.empty()) return;
    for (const std::string& name : request_.leaves_out_deployed ? std::vector<std::string>() : policy.deploy) {
      const auto same = [&](const TargetResult& r) { return r.backend->name == name; };
      if (std::any_of(results.begin(), results.end(), same)) continue;
      const target::Backend* backend = backend_named(backends_, name, sink_);
      if (backend != nullptr && system_of(*backend) == configuration.os) add(results, *backend, policy, meaning, said, false);
    }
    std::vector<target::Judged> set;
    for (const TargetResult& one : results) set.push_back({one.backend, &one.enforced.outcome, one.emitted});
    target::judge(policy, meaning, set, request_.strict, sink_);
    target::warn_of_unused_accepts(policy, set, sink_);
    for (const TargetResult& one : results)
      if (one.emitted) judge_elsewhere(one, elsewhere_, request_, sink_);
    for (TargetResult& one : results) finish(one);
    std::move(results.begin(), results.end(), std::back_inserter(result_.results));
  }

  static bool sets_options(const std::vector<ir::Policy>& policies, std::string_view target) {
    return std::any_of(policies.begin(), policies.end(), [&](const ir::Policy& policy) {
      return std::any_of(policy.options.begin(), policy.options.end(), [&](const auto& o) { return o.target == target; });
    });
  }

  // None where no policy has any. What the command line says holds for the policies that are compiled; the rest have what
  // they set themselves. Mistakes in either are reported where those are compiled.
  void add_siblings(target::Settings& settings, const target::Backend& backend, const ir::Policy& policy,
                    const std::vector<target::GivenOption>& given) const {
    diag::Sink unheard;
    const auto add_of = [&](const std::vector<ir::Policy>& policies, const std::vector<target::GivenOption>& options) {
      for (const ir::Policy& other : policies)
        if (other.name != policy.name)
          if (auto found = target::settings_for(backend, other, options, "", unheard))
            settings.siblings[other.name] = std::move(found->options);
    };
    for (const Configured& configuration : result_.configurations) {
      if (configuration.os != policy.configuration.os || configuration.arch != policy.configuration.arch) continue;
      if (given.empty() && !sets_options(configuration.policies, backend.name) &&
          !sets_options(configuration.others, backend.name))
        continue;
      add_of(configuration.policies, given);
      add_of(configuration.others, {});
    }
  }

  // The other policies of the file, under its configuration.
  std::vector<const ir::Policy*> others_than(const ir::Policy& policy) const {
    std::vector<const ir::Policy*> all;
    for (const Configured& configuration : result_.configurations) {
      if (configuration.os != policy.configuration.os || configuration.arch != policy.configuration.arch) continue;
      for (const ir::Policy& one : configuration.policies)
        if (one.name != policy.name) all.push_back(&one);
      for (const ir::Policy& one : configuration.others) all.push_back(&one);
    }
    return all;
  }

  void add(std::vector<TargetResult>& results, const target::Backend& backend, const ir::Policy& policy,
           const eval::Meaning& meaning, const opt::Parts& said, bool emitted) {
    if (std::find(backend.systems.begin(), backend.systems.end(), policy.configuration.os) == backend.systems.end()) {
      sink_.add_unlocated(diag::wrong_system, std::string(backend.name), std::string(name_of(policy.configuration.os)));
      return;
    }
    if (backend.needs_program && policy.programs.empty()) {
      sink_.add(diag::no_program, policy.range, policy.name, std::string(backend.name));
      return;
    }
    std::vector<target::GivenOption> options = request_.options;
    if (!emitted) std::erase_if(options, [](const auto& option) { return option.target.empty(); });
    auto settings = target::settings_for(backend, policy, options, emitted ? format_for(backend) : "", sink_);
    if (!settings) return;
    settings->call_counts = request_.call_counts;
    settings->includes = request_.includes;
    refuse_raw_text(backend, policy);
    if (backend.names_matter) add_siblings(*settings, backend, policy, options);
    const target::Source source{policy, meaning, said, sources_};
    if (backend.is_inherited) settings->losing = losing_successors(source, backend, *settings, others_than(policy));
    auto enforced = target::enforce(source, backend, *settings);
    enforced.printed.insert_notes(request_.notes);
    enforced.outcome.notes.insert(enforced.outcome.notes.begin(), request_.notes.begin(), request_.notes.end());
    for (const diag::Diagnostic& diagnostic : enforced.diagnostics) sink_.add_diagnostic(diagnostic);
    results.push_back({&backend, &policy, &meaning, &said, std::move(*settings), emitted, false, {}, false, std::move(enforced)});
  }

  // Of a target that has no text of its own: what cannot be printed is not left out without a word.
  void refuse_raw_text(const target::Backend& backend, const ir::Policy& policy) {
    const target::Capability& raw_text = target::capability_of(backend, target::Feature::raw_text);
    if (raw_text.support != ir::Verdict::refused) return;
    for (const ir::Raw& raw : policy.raws)
      if (raw.target == backend.name) sink_.add(diag::unreadable_raw, raw.range, std::string(backend.name), std::string(raw_text.why));
  }

  std::string format_for(const target::Backend& backend) const {
    if (!request_.format.empty()) return request_.format;
    return target::format_of_suffix(backend, request_.suffix == "*" ? backend.suffix.substr(1) : std::string_view(request_.suffix));
  }

  // With errors found it is pointless, and a policy that was refused has no artefact.
  void finish(TargetResult& one) {
    report_unread(one);
    if (!one.emitted || is_together() || sink_.has_errors()) return;
    one.text = one.enforced.printed.text;
    one.is_alone = true;
  }

  // What was printed must be of a size that the target takes, and readable; its meaning was judged already.
  void report_unread(const TargetResult& one) {
    const target::Enforced& enforced = one.enforced;
    const std::string name(one.backend->name);
    if (!enforced.printed.unfit.empty()) {
      if (one.emitted) sink_.add(diag::artefact_unfit, one.policy->range, name, enforced.printed.unfit);
      return;
    }
    if (!enforced.error) return;
    if (enforced.error->kind == target::ReadError::Kind::too_complex) sink_.add(diag::proof_too_complex, one.policy->range, name, enforced.error->message);
    else if (enforced.raw_error) sink_.add(diag::unreadable_raw, one.policy->raws[*enforced.raw_error].range, name, enforced.error->message);
    else sink_.add(diag::proof_failed, one.policy->range, name, "it cannot be read back: " + enforced.error->message);
  }

  // One artefact for each target and, unless they are fused, each policy; it is kept with the first result it is made of.
  void finish_together() {
    if (sink_.has_errors()) return;
    std::vector<TargetResult>& results = result_.results;
    for (std::size_t i = 0; i < results.size(); ++i) {
      TargetResult& first = results[i];
      if (!first.emitted || first.joined) continue;
      std::vector<TargetResult*> members;
      for (TargetResult& other : std::span(results).subspan(i)) {
        const bool belongs = other.emitted && other.backend == first.backend && (request_.fuse || other.policy->name == first.policy->name);
        if (!belongs) continue;
        other.joined = &other != &first;
        members.push_back(&other);
      }
      join(members);
    }
  }

  void join(const std::vector<TargetResult*>& members) {
    TargetResult& first = *members.front();
    std::deque<target::Source> together;
    std::vector<target::Member> printing;
    std::vector<std::string> notes;
    for (const TargetResult* one : members) {
      const target::Source& source = together.emplace_back(target::Source{*one->policy, *one->meaning, *one->said, sources_});
      printing.push_back({one->enforced.chosen, source, one->settings});
      notes.insert(notes.end(), one->enforced.outcome.notes.begin(), one->enforced.outcome.notes.end());
    }
    target::Printed printed = first.backend->print_together(printing);
    const std::string name(first.backend->name);
    if (!printed.unfit.empty()) sink_.add(diag::artefact_unfit, first.policy->range, name, printed.unfit);
    else if (const auto error = joint_error(members, printed.text)) sink_.add(diag::proof_failed, first.policy->range, name, *error);
    printed.insert_notes(notes);
    first.text = std::move(printed.text);
  }

  // Each policy was judged by its own text; the joint one must be what those are together, on each architecture.
  static std::optional<std::string> joint_error(const std::vector<TargetResult*>& members, const std::string& text) {
    std::vector<Arch> archs;
    for (const TargetResult* one : members)
      for (const Arch arch : archs_of(*one))
        if (std::find(archs.begin(), archs.end(), arch) == archs.end()) archs.push_back(arch);
    for (const Arch arch : archs)
      if (auto words = joint_error(members, text, arch)) return fmt::format("on {}, {}", name_of(arch), *words);
    return std::nullopt;
  }

  static std::vector<Arch> archs_of(const TargetResult& one) {
    const ir::Configuration& configuration = one.policy->configuration;
    return one.backend->architectures == nullptr ? std::vector{configuration.arch} : one.backend->architectures(configuration, one.settings);
  }

  // Those configured for it hold there; on one that only options add, the first's architecture's do, if each asks for it.
  static std::vector<const TargetResult*> holding_on(const std::vector<TargetResult*>& members, Arch arch) {
    std::vector<const TargetResult*> own, others;
    bool all_ask = true;
    for (const TargetResult* one : members) {
      if (one->policy->configuration.arch == arch) own.push_back(one);
      if (one->policy->configuration.arch != members.front()->policy->configuration.arch) continue;
      const auto asked = archs_of(*one);
      all_ask &= std::find(asked.begin(), asked.end(), arch) != asked.end();
      others.push_back(one);
    }
    return !own.empty() ? own : all_ask ? others : std::vector<const TargetResult*>();
  }

  // What one of the policies loses is lost under all of them.
  static target::Settings joint_settings(const std::vector<const TargetResult*>& members) {
    target::Settings settings = members.front()->settings;
    std::set<ir::Successor> losing;
    for (const TargetResult* one : members) losing.insert(one->settings.losing.begin(), one->settings.losing.end());
    settings.losing.assign(losing.begin(), losing.end());
    return settings;
  }

  static std::optional<std::string> joint_error(const std::vector<TargetResult*>& members, const std::string& text, Arch arch) {
    const auto holding = holding_on(members, arch);
    if (holding.empty()) return std::nullopt;
    ir::Configuration there = holding.front()->policy->configuration;
    there.arch = arch;
    std::vector<target::Read> singles;
    std::vector<const target::Reading*> readings;
    for (const TargetResult* one : holding) singles.push_back(one->backend->read(one->enforced.printed.text, there, one->settings));
    for (const target::Read& single : singles)
      if (single) readings.push_back(&*single);
    const auto joint = holding.front()->backend->read(text, there, joint_settings(holding));
    if (!joint || readings.size() != singles.size()) return "it cannot be read back: " + (joint ? std::string("one of its policies") : joint.error().message);
    return difference_of(*joint, readings, there.os);
  }

  const sema::Program& program_;  // until the policies are lowered
  sema::Program* owned_;
  const CompileRequest& request_;
  Backends backends_;
  std::vector<Os> systems_;  // of each backend
  const diag::SourceMap sources_;  // as artefacts name them
  diag::Sink& sink_;
  std::vector<const target::Backend*> requested_;
  std::vector<Elsewhere> elsewhere_;
  Compilation result_;
};

}  // namespace

Compilation compile(const sema::Program& program, const CompileRequest& request, Backends backends,
                    const diag::SourceMap& sources, diag::Sink& sink) {
  return Compiler(program, nullptr, request, backends, sources, sink).run();
}

Compilation compile(sema::Program&& program, const CompileRequest& request, Backends backends, const diag::SourceMap& sources,
                    diag::Sink& sink) {
  return Compiler(program, &program, request, backends, sources, sink).run();
}

Os system_for(const target::Backend& backend, const sema::Program& program) {
  const std::vector<Os> listed = sema::systems_of(program);
  for (const Os os : backend.systems)
    if (std::find(listed.begin(), listed.end(), os) != listed.end()) return os;
  return backend.systems.front();
}

}  // namespace polc::driver
