#include "target/enforce.hpp"

#include <algorithm>

#include "target/acceptances.hpp"
#include "target/blame.hpp"
#include "target/raw_findings.hpp"
#include "target/unseen.hpp"
#include "target/verdicts.hpp"

namespace polc::target {
namespace {

bool has_raw_text(const ir::Policy& policy, const Backend& backend) {
  return std::any_of(policy.raws.begin(), policy.raws.end(), [&](const ir::Raw& raw) { return raw.target == backend.name; });
}

ir::Policy without_raw_text(ir::Policy policy, const Backend& backend) {
  std::erase_if(policy.raws, [&](const ir::Raw& raw) { return raw.target == backend.name; });
  return policy;
}

class Enforcer {
 public:
  Enforcer(const Source& source, const Backend& backend, const Settings& settings)
      : source_(source), backend_(backend), settings_(settings) {}

  Enforced run() {
    result_.chosen = backend_.choose(source_, settings_);
    const Chosen& chosen = result_.chosen;
    result_.diagnostics = std::move(result_.chosen.diagnostics);
    result_.printed = backend_.print(chosen, source_, settings_);
    if (has_raw_text(source_.policy, backend_)) judge_apart(chosen);
    else if (result_.printed.unfit.empty()) judge(chosen, result_.printed, read(result_.printed));
    if (result_.reading != nullptr) {
      result_.outcome.permitted = with_rules(result_.reading->permits, source_, result_.printed);
      result_.outcome.unseen = unseen_of(result_.outcome.permitted, result_.printed);
    }
    result_.outcome.notes = settle(source_.policy, backend_, result_.outcome.findings);
    result_.printed.insert_notes(result_.outcome.notes);
    return std::move(result_);
  }

 private:
  // What rules say is judged by the text without raw text, and raw text by what it changes.
  void judge_apart(const Chosen& chosen) {
    const ir::Policy bare = without_raw_text(source_.policy, backend_);
    const Source without{bare, source_.meaning, source_.parts, source_.sources};
    const Printed printed = backend_.print(chosen, without, settings_);
    if (!printed.unfit.empty() || !result_.printed.unfit.empty()) return;
    const auto ours = read(printed);
    judge(chosen, printed, ours);
    if (ours == nullptr) return;
    result_.reading = read(result_.printed);
    if (result_.reading == nullptr) {
      result_.raw_error = raw_at(result_.error->line);
      return;
    }
    const std::uint64_t shortage = add_raw_findings(source_, backend_, *ours, *result_.reading, result_.printed, result_.outcome.raw_findings);
    result_.outcome.too_complex = std::max(result_.outcome.too_complex, shortage);
  }

  // The raw text of this line, or the first there is.
  std::uint32_t raw_at(unsigned line) const {
    const auto& origins = result_.printed.origins;
    if (line != 0 && line <= origins.size() && origins[line - 1].kind == Origin::Kind::raw) return origins[line - 1].from.front();
    const auto& raws = source_.policy.raws;
    const auto is_ours = [&](const ir::Raw& raw) { return raw.target == backend_.name; };
    return static_cast<std::uint32_t>(std::find_if(raws.begin(), raws.end(), is_ours) - raws.begin());
  }

  std::shared_ptr<const Reading> read(const Printed& printed) {
    auto reading = backend_.read(printed.text, source_.policy.configuration, settings_);
    if (!reading) result_.error = std::move(reading.error());
    else if (backend_.error_elsewhere != nullptr) result_.error = backend_.error_elsewhere(printed.text, source_, settings_);
    return result_.error ? nullptr : std::make_shared<const Reading>(*std::move(reading));
  }

  void judge(const Chosen& chosen, const Printed& printed, const std::shared_ptr<const Reading>& reading) {
    if (reading == nullptr) return;
    Verdicts verdicts = verdicts_of({source_, backend_, chosen, printed, reading->permits});
    result_.outcome.findings = std::move(verdicts.findings);
    result_.outcome.too_complex = verdicts.too_complex;
    result_.reading = reading;
  }

  const Source& source_;
  const Backend& backend_;
  const Settings& settings_;
  Enforced result_;
};

}  // namespace

Enforced enforce(const Source& source, const Backend& backend, const Settings& settings) {
  return Enforcer(source, backend, settings).run();
}

Enforced enforce(const ir::Policy& policy, const eval::Meaning& meaning, const std::vector<eval::Part>& parts, const Backend& backend,
                 const Settings& settings, const diag::SourceMap& sources) {
  sets::Budget budget;
  const std::vector<eval::Part> said = parts_to_say(meaning, parts, budget);
  return enforce({policy, meaning, said, sources}, backend, settings);
}

}  // namespace polc::target
