// Findings that hold only if they hold wherever a statement ends up: a rule may be idle in one configuration or policy and
// needed in another. Each instance is counted, and so is each that the finding is true of.
#pragma once

#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/sink.hpp"

namespace polc::lint {

class Everywhere {
 public:
  using Origin = std::vector<diag::SourceRange>;  // of an ir::Rule: where it stands, then where it is used from
  using Statements = std::map<diag::SourceRange, diag::SourceRange>;  // of a rule with annotations, these included

  /// `whens`: the blocks of all `when` statements. `judged`: the files whose statements may be found; what others share is
  /// written for more than one policy.
  Everywhere(std::vector<diag::SourceRange> whens, Statements annotated, std::set<diag::SourceId> judged)
      : whens_(std::move(whens)), annotated_(std::move(annotated)), judged_(std::move(judged)) {}

  void saw(const Origin& rule) { ++counts_[rule.front()].seen; }
  void found(const Origin& rule, diag::Diagnostic finding);
  bool is_judged(const Origin& rule) const { return judged_.count(rule.front().file) > 0; }

  /// Whenever `inner` is in force, `outer` is: no `when` stands around outer alone.
  bool is_in_force_with(const Origin& outer, const Origin& inner) const;

  /// What goes when the rule goes: its annotations, too.
  diag::SourceRange statement_of(const Origin& rule) const;

  void report(diag::Sink& sink) const;

 private:
  struct Count {
    unsigned seen = 0;
    std::map<std::string_view, std::pair<unsigned, diag::Diagnostic>> found;  // by id
  };
  std::vector<diag::SourceRange> whens_;
  Statements annotated_;
  std::set<diag::SourceId> judged_;
  std::map<diag::SourceRange, Count> counts_;
};

}  // namespace polc::lint
