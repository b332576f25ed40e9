// A policy in one configuration: a set of accesses by its rules, and what else an artefact needs to know.
// Plain values; every node keeps the source ranges it came from. The meaning is decided in src/eval:
// [[P]] = C(A - D) - D, with A the allow rules, D the deny rules and C the implied accesses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "diag/source.hpp"
#include "ir/access.hpp"
#include "support/platform.hpp"
#include "support/strong_id.hpp"

namespace polc::ir {

using diag::SourceRange;

struct RuleTag;
using RuleId = StrongId<RuleTag>;  // the rule's place in Policy::rules

enum class Effect : std::uint8_t { allow, deny };
constexpr std::string_view name_of(Effect effect) { return effect == Effect::allow ? "allow" : "deny"; }

enum class Verdict : std::uint8_t { exact, wider, unmediated, narrower, refused };
inline constexpr std::array<std::string_view, 5> verdict_names{"exact", "wider", "unmediated", "narrower", "refused"};
constexpr std::string_view name_of(Verdict v) { return verdict_names[static_cast<std::size_t>(v)]; }

/// @accept(wider: systrace, "why"): one verdict on one target, for every rule inside what it annotates.
struct Accept {
  Verdict verdict{};  // wider, unmediated or narrower
  std::string target;
  std::string reason;
  SourceRange range;
};

/// What only calls do (docs/language.md, section 1): "namespace" and "user", "fork" and "".
struct Act {
  std::string name;
  std::string member;
};

struct Rule {
  Effect effect{};
  std::vector<Box> boxes;              // their union
  std::vector<SourceRange> origin;     // the statement in the policy first, then where it was used from; never empty
  std::string reason;                  // @reason
  std::vector<std::uint32_t> accepts;  // places in Policy::accepts
  std::vector<Act> acts = {};          // whose calls its boxes are; of a deny the sure ways to do them: blind ones may be left
};

/// What happens to accesses outside the policy. It never changes which those are.
struct Reaction {
  enum class Kind : std::uint8_t { deny, kill, hidden, log };  // log: let it happen and log it
  Kind kind = Kind::deny;
  std::string error_name;  // deny with errno; empty: the target's own refusal
  bool log = false;
  bool operator==(const Reaction&) const = default;
};
struct Default {
  Reaction reaction;
  std::optional<AccessClass> klass;  // `for file`
  std::optional<CallId> call;        // `for socket`; neither: bare
  std::string target;                // inside `target NAME {}`; empty: outside
  SourceRange range;
};

struct Limit {
  std::uint64_t resource = 0;  // knowledge::limits_of
  std::uint64_t bound = 0;
  SourceRange range;
  std::vector<std::uint32_t> accepts = {};  // places in Policy::accepts
};

struct Raw {
  std::string target;
  std::string text;
  SourceRange range;
  std::vector<std::uint32_t> accepts;  // places in Policy::accepts
};
struct Option {
  std::string target;
  std::string key;
  std::vector<std::string> words;
  SourceRange range;
};

/// Which dimensions an expectation leaves out: there `allow` asks for some value, `deny` for all.
struct LeftOut {
  bool type = false, owner = false, mode = false, request = false, successor = false;
  bool address = false, port = false, arguments = false;
};
struct Expectation {
  Effect effect{};
  std::vector<std::pair<Box, LeftOut>> boxes;
  SourceRange range;
};

/// One OS, one architecture, the chosen variants: nothing else changes a policy's meaning.
struct Configuration {
  Os os = Os::linux_os;
  Arch arch = Arch::x86_64;
  std::vector<std::string> variants;  // the platform in force (if the policy has any) and the features; sorted
  bool operator==(const Configuration&) const = default;
};

struct Policy {
  std::string name;
  SourceRange range;
  Configuration configuration;
  std::vector<std::string> programs;  // absolute paths, as written
  std::vector<Rule> rules;
  std::vector<Default> defaults;
  std::vector<Limit> limits;          // one a resource, the smallest
  std::vector<Raw> raws;
  std::vector<Option> options;
  std::vector<std::string> deploy;    // targets, sorted, unique
  std::vector<Expectation> expectations;
  std::vector<Accept> accepts;
};

/// The reaction in force for a class or call on a target: in a target block over outside, call over class over bare.
Reaction reaction_for(const Policy& policy, std::string_view target, std::optional<AccessClass> klass, std::optional<CallId> call);

}  // namespace polc::ir
