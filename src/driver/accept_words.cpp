#include "driver/accept_words.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "diag/catalogue.hpp"

namespace polc::driver {
namespace {

using target::is_open;

ir::Verdict other_of(ir::Verdict verdict) { return verdict == ir::Verdict::wider ? ir::Verdict::unmediated : ir::Verdict::wider; }

bool covers(const std::vector<std::uint32_t>& accepts, std::uint32_t place) {
  return std::find(accepts.begin(), accepts.end(), place) != accepts.end();
}

/// Of all policies and platforms: is an acceptance of use as it is, and would it be with the other word?
class Uses {
 public:
  void add(const TargetResult& result) {
    const ir::Policy& policy = *result.policy;
    for (std::uint32_t place = 0; place < policy.accepts.size(); ++place) {
      const ir::Accept& accept = policy.accepts[place];
      if (accept.target == result.backend->name && is_open(accept.verdict)) add(policy, result.enforced.outcome, place);
    }
  }

  std::vector<diag::Diagnostic> hints(const diag::SourceMap& sources) const {
    diag::Sink sink;
    for (const auto& [range, use] : uses_) {
      const std::string word(ir::name_of(use.accept->verdict));
      const auto at = sources.text_of(range).find(word);
      if (use.is_used || !use.would_be || at == std::string_view::npos) continue;
      const auto begin = static_cast<std::uint32_t>(range.begin + at);
      sink.add(diag::accept_unused, range, std::string(word), std::string(use.accept->target))
          .fix({range.file, begin, static_cast<std::uint32_t>(begin + word.size())}, std::string(ir::name_of(other_of(use.accept->verdict))));
    }
    return sink.all();
  }

 private:
  struct Use {
    std::optional<ir::Accept> accept;
    bool is_used = false, would_be = false;
  };

  void add(const ir::Policy& policy, const target::Outcome& outcome, std::uint32_t place) {
    const ir::Accept& accept = policy.accepts[place];
    Use& use = uses_[accept.range];
    use.accept = accept;
    for (const target::Finding& finding : outcome.findings) {
      use.is_used |= finding.accepted == place;
      const bool is_covered = covers(policy.rules[finding.rule.value].accepts, place);
      use.would_be |= is_covered && !finding.accepted && finding.verdict == other_of(accept.verdict);
    }
    // Limits and raw text have words of their own.
    const auto is_for = [&](const auto& one) { return covers(one.accepts, place); };
    use.is_used |= std::any_of(policy.limits.begin(), policy.limits.end(), is_for) || std::any_of(policy.raws.begin(), policy.raws.end(), is_for);
  }

  std::map<diag::SourceRange, Use> uses_;
};

/// The platforms that a target may be compiled for; "": there are none.
std::vector<std::string> platforms_for(const target::Backend& backend, const sema::Program& program) {
  std::vector<std::string> platforms = sema::platforms_of(program, system_for(backend, program));
  if (platforms.empty()) platforms.emplace_back();
  return platforms;
}

CompileRequest request_for(const CompileRequest& request, const target::Backend& backend, const std::string& platform) {
  CompileRequest one = request;
  one.targets = {std::string(backend.name)};
  if (!platform.empty()) one.variants = {platform};
  return one;
}

/// Does a policy accept something of the target that is open?
bool accepts_of(const target::Backend& backend, const sema::Program& program, const CompileRequest& request) {
  diag::Sink unheard;
  const auto policies = sema::lower(program, {system_for(backend, program), request.arch, request.variants}, unheard);
  const auto is_it = [&](const ir::Accept& accept) { return accept.target == backend.name && is_open(accept.verdict); };
  return policies && std::any_of(policies->begin(), policies->end(), [&](const ir::Policy& policy) {
    return std::any_of(policy.accepts.begin(), policy.accepts.end(), is_it);
  });
}

}  // namespace

std::vector<diag::Diagnostic> wrong_accept_words(const sema::Program& program, const CompileRequest& request, Backends backends,
                                                 const diag::SourceMap& sources) {
  Uses uses;
  for (const target::Backend* backend : backends)
    for (const std::string& platform : platforms_for(*backend, program)) {
      const CompileRequest one = request_for(request, *backend, platform);
      if (!accepts_of(*backend, program, one)) continue;
      diag::Sink unheard;
      const Compilation compilation = compile(program, one, backends, sources, unheard);
      for (const TargetResult& result : compilation.results) uses.add(result);
    }
  return uses.hints(sources);
}

}  // namespace polc::driver
