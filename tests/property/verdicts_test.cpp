// Verdicts are true and nothing is silent, on every target of the registry: for every policy of the repository and for
// POLC_PROPERTY_POLICIES (300) drawn ones, over every access.
#include <doctest/doctest.h>

#include <cstdlib>

#include <fmt/format.h>

#include "compiled.hpp"
#include "driver/asked.hpp"
#include "format/raise.hpp"
#include "generators.hpp"
#include "registry.hpp"
#include "silence.hpp"
#include "syntax/parse.hpp"
#include "target/witness_words.hpp"

using namespace polc;

namespace {

std::uint64_t drawn_policies(std::uint64_t usual) {
  const char* const asked = std::getenv("POLC_PROPERTY_POLICIES");
  return asked != nullptr ? std::strtoull(asked, nullptr, 10) : usual;
}

std::string at(const property::Compiled& one, const driver::TargetResult& result) {
  return one.name + ", " + result.policy->name + " on " + std::string(result.backend->name);
}

struct Tally {
  std::size_t results = 0, too_complex = 0, findings = 0;
};
using Faults = std::vector<std::string>;

Faults silence(const property::Compiled& one, Tally& tally) {
  Faults faults;
  for (const driver::TargetResult& result : one.compilation.results) {
    if (!result.emitted || result.enforced.outcome.too_complex || result.enforced.reading == nullptr) continue;
    ++tally.results;
    tally.findings += result.enforced.outcome.findings.size();
    const property::Silence silence = property::silent_differences(result);
    tally.too_complex += silence.too_complex;
    for (const std::string& fault : silence.faults) faults.push_back(at(one, result) + ": " + fault);
    for (const std::string& fault : property::false_witnesses(result)) faults.push_back(at(one, result) + ": shows nothing: " + fault);
  }
  return faults;
}

struct Answers {
  std::optional<bool> on_target, on_policy;  // none: the words are no access
};

// As `polc query` is asked with the words of the report, with --target and without.
Answers asked_of(const property::Compiled& one, const driver::TargetResult& result, const std::string& words) {
  const ir::Configuration& configuration = result.policy->configuration;
  diag::SourceMap sources;
  diag::Sink sink;
  const auto access = syntax::parse_access(sources, sources.add("<witness>", words), sink);
  if (!access) return {};
  const auto boxes = sema::lower_access(one.loaded.program, {configuration.os, configuration.arch, one.request.variants}, *access, sink);
  if (!boxes) return {};
  Answers answers;
  answers.on_policy = driver::ask_meaning(*result.policy, *result.meaning, *boxes, sink).allowed;
  for (const driver::Asked& asked : driver::ask_artefacts(one.compilation, *boxes, sink))
    if (asked.target == &result) answers.on_target = asked.allowed;
  return answers;
}

// `exec "/x"` names every successor, and there is no word for the one that is the same policy; nor for a unix socket without a name.
bool lacks_a_word(const ir::Point& point) {
  const auto* file = std::get_if<ir::FilePoint>(&point);
  const auto* net = std::get_if<ir::NetPoint>(&point);
  return (file != nullptr && file->verb == FileVerb::exec && file->successor.kind == ir::Successor::Kind::same) ||
         (net != nullptr && net->family == Family::unix_family && net->unix_address.kind == ir::UnixAddress::Kind::unnamed);
}

Faults queries(const property::Compiled& one, Tally& tally) {
  Faults faults;
  for (const driver::TargetResult& result : one.compilation.results) {
    if (!result.emitted) continue;
    ++tally.results;
    for (const target::Finding& finding : result.enforced.outcome.findings) {
      if (!finding.witness) continue;
      ++tally.findings;
      const std::string words = target::witness_words({*result.meaning, {&result.enforced.outcome.permitted}}, finding);
      const auto [allowed, of_policy] = asked_of(one, result, words);
      const bool is_open = finding.verdict != ir::Verdict::narrower;
      if (is_open && !finding.is_way && !lacks_a_word(*finding.witness) && of_policy.value_or(false))
        faults.push_back(fmt::format("{}: rule {} is {}, but the policy allows `{}`", at(one, result), finding.rule.value, ir::name_of(finding.verdict), words));
      if (allowed == is_open) continue;
      faults.push_back(fmt::format("{}: rule {} is {}, but `{}` is {}", at(one, result), finding.rule.value, ir::name_of(finding.verdict), words,
                                   !allowed ? "no access" : *allowed ? "allowed" : "refused"));
    }
  }
  return faults;
}

using Check = Faults (*)(const property::Compiled&, Tally&);

Faults faults_of(const target::Backend& backend, std::uint64_t seed, const ir::Policy& policy, Check check, Tally& tally) {
  Faults faults;
  property::compile_drawn(backend, seed, policy, [&](const property::Compiled& one) { faults = check(one, tally); });
  return faults;
}

void check_drawn(const target::Backend& backend, std::uint64_t seed, Check check, Tally& tally) {
  const ir::Policy policy = property::Generator(seed, backend.systems.front()).policy_with_words();
  if (faults_of(backend, seed, policy, check, tally).empty()) return;
  Tally ignored;
  const ir::Policy smallest = property::shrunk(policy, [&](const ir::Policy& less) { return !faults_of(backend, seed, less, check, ignored).empty(); });
  for (const std::string& fault : faults_of(backend, seed, smallest, check, ignored)) FAIL_CHECK(fault << "\n" << format::dump(smallest));
}

void check_all(std::string_view name, std::uint64_t drawn, Check check) {
  const target::Backend* const backend = backends::find(name);
  REQUIRE(backend != nullptr);
  Tally tally;
  property::for_each_file(*backend, [&](const property::Compiled& one) {
    for (const std::string& fault : check(one, tally)) FAIL_CHECK(fault);
  });
  for (std::uint64_t seed = 1; seed <= drawn; ++seed) check_drawn(*backend, seed, check, tally);
  MESSAGE(name << ": " << tally.results << " artefacts, " << tally.findings << " findings");
  CHECK(tally.too_complex == 0);
  CHECK(tally.results > drawn / 2);
}

}  // namespace

TEST_CASE("nothing is silent, and every witness shows its verdict") {
  for (const target::Backend* backend : backends::all()) {
    const char* const only = std::getenv("POLC_BACKEND");
    if (only == nullptr || only == backend->name) check_all(backend->name, drawn_policies(300), silence);
  }
}

TEST_CASE("query, asked with the words of a witness, answers as the verdict says") {
  for (const target::Backend* backend : backends::all()) {
    const char* const only = std::getenv("POLC_BACKEND");
    if (only == nullptr || only == backend->name) check_all(backend->name, drawn_policies(100), queries);
  }
}
