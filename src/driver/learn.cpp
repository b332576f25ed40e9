#include "driver/learn.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "diag/catalogue.hpp"
#include "driver/learn_report.hpp"
#include "driver/learn_words.hpp"
#include "driver/lint.hpp"
#include "driver/load.hpp"
#include "driver/questions.hpp"
#include "eval/assertions.hpp"
#include "eval/compare.hpp"
#include "format/words.hpp"
#include "knowledge/calls.hpp"
#include "syntax/layout.hpp"

namespace polc::driver {
namespace {

// What no program should be able to do by itself. Each is written where it holds, and keeps later edits from opening it.
constexpr std::string_view standing_denials[] = {
    R"(write, create "/etc/**")", R"(write, create "/usr/**")", R"(write, create "/root/**")", R"(read "/etc/shadow" type file)",
    "namespace any", "mount any", "ptrace trace to any", "socket packet", R"(exec "/**")",
};

constexpr const char* result_name = "<learned>";

std::string quoted_program(const std::string& path) { return format::quoted_path(path); }

class Learner {
 public:
  Learner(const learn::Evidence& evidence, const LearnRequest& request, Backends backends, diag::SourceMap& sources, diag::Sink& sink)
      : evidence_(evidence), request_(request), backends_(backends), sources_(sources), sink_(sink), facts_(evidence.facts),
        words_((name_programs(), names()), request.directories, sources) {}

  std::optional<Learned> run() {
    if (!understood()) return std::nullopt;
    if (seen_.empty()) {
      sink_.add_unlocated(diag::nothing_to_learn);
      return std::nullopt;
    }
    if (request_.inlines) inline_children();
    choices_.off = request_.off, choices_.wanted = request_.wanted;
    if (request_.exact) choices_.off = {"G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10"};
    for (auto& [program, seen] : seen_) policies_.push_back(named(program, std::move(seen)));
    check_children();
    if (sink_.has_errors()) return std::nullopt;
    Learned result;
    result.policy = repaired(syntax::laid_out(learn::write(policies_, evidence_.sources, request_.base)));
    result.report = learn_report(evidence_, policies_, observed_, repaired_, unknown_, request_.rare);
    result.summary = learn_summary(policies_, observed_, repaired_, unknown_);
    result.policies = std::move(policies_);
    return result;
  }

 private:
  // Each program that did something has a policy of its own, named after its file; of equal names the later has a number.
  void name_programs() {
    std::map<std::string, unsigned> taken;
    std::set<std::string> programs;
    for (const learn::Event& event : evidence_.events)
      if (!event.program.empty()) programs.insert(event.program);
    for (const std::string& program : programs) {
      if (const auto given = request_.names.find(program); given != request_.names.end()) {
        names_[program] = given->second;
        continue;
      }
      const std::string name = programs.size() == 1 && !request_.name.empty() ? request_.name : learn::policy_name(program);
      const unsigned number = ++taken[name];
      names_[program] = number == 1 ? name : fmt::format("{}_{}", name, number);
    }
  }

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& [program, name] : names_) all.push_back(name);
    return all;
  }

  bool understood() {
    bool all = true;
    for (const learn::Event& event : evidence_.events) {
      if (event.program.empty()) {
        unknown_ += learn::count_of(event.places);
        continue;
      }
      const std::string access = with_successor(event.access);
      const auto& boxes = words_.find_boxes(access);
      if (!boxes) sink_.add_unlocated(diag::no_access_in_evidence, event.access);
      all = all && boxes;
      if (boxes) seen_[event.program].push_back({access, *boxes, event.outcome, event.places});
    }
    return all;
  }

  // A program that was seen at work is under its own policy from its `exec` on.
  std::string with_successor(const std::string& access) const {
    if (request_.inlines || !access.starts_with("exec ")) return access;
    for (const auto& [program, name] : names_)
      if (access == "exec " + quoted_program(program)) return access + " -> " + name;
    return access;
  }

  std::set<std::string> children_of(const std::vector<learn::Seen>& seen) const {
    std::set<std::string> children;
    for (const learn::Seen& one : seen)
      for (const auto& [program, name] : names_)
        if (one.access == "exec " + quoted_program(program) || one.access == "exec " + quoted_program(program) + " -> " + name) children.insert(program);
    return children;
  }

  // What is executed joins its caller, and theirs in turn; a program that nobody executed keeps its policy.
  void inline_children() {
    std::map<std::string, std::vector<learn::Seen>> all = seen_;
    std::set<std::string> executed;
    for (const auto& [program, seen] : seen_)
      for (const std::string& child : children_of(seen))
        if (child != program) executed.insert(child);
    for (auto& [program, seen] : all) {
      std::set<std::string> done{program};
      for (std::vector<std::string> left{program}; !left.empty();) {
        const std::string one = left.back();
        left.pop_back();
        for (const std::string& child : children_of(seen_[one])) {
          if (!done.insert(child).second) continue;
          seen.insert(seen.end(), seen_[child].begin(), seen_[child].end());
          left.push_back(child);
        }
      }
    }
    if (executed.size() < all.size()) std::erase_if(all, [&](const auto& row) { return executed.contains(row.first); });
    seen_ = std::move(all);
  }

  learn::Named named(const std::string& program, std::vector<learn::Seen> seen) {
    std::vector<learn::Place> places;
    for (const learn::Seen& one : seen) places = learn::joined(std::move(places), one.places);
    learn::Observed observed = learn::sorted_by_outcome(program, std::move(seen));
    learn::Named policy{names_[program], program, learn::generalise(observed, facts_, words_.words(), words_.dangers(), choices_), {}, {},
                        learn::runs_of(places, evidence_.sources)};
    std::set<std::string> allowed;
    for (const learn::Seen& one : observed.happened)
      if (!learn::is_call(one)) allowed.insert(one.access);
    policy.allowed.assign(allowed.begin(), allowed.end());
    const eval::Meaning meaning = words_.words().meaning_of(learn::statements_of(policy.draft));
    meanings_.push_back(meaning);
    for (const std::string_view denial : standing_denials)
      if (denies(meaning, words_.words().boxes_of(denial))) policy.denied.emplace_back(denial);
    observed_.push_back(std::move(observed));
    return policy;
  }

  static bool denies(const eval::Meaning& meaning, const learn::Boxes& boxes) {
    ir::Expectation expectation{ir::Effect::deny, boxes, {}};
    sets::Budget budget;
    return eval::judge(meaning, expectation, budget).holds;
  }

  // A filter is inherited: a child under its own policy cannot make a call that its caller's filter refuses.
  void check_children() {
    for (std::size_t i = 0; i < policies_.size(); ++i)
      for (const std::string& child : children_of(observed_[i].happened)) {
        const auto at = std::ranges::find(policies_, child, &learn::Named::program);
        if (at == policies_.end() || child == policies_[i].program) continue;
        const auto missing = calls_beyond(meanings_[static_cast<std::size_t>(at - policies_.begin())], meanings_[i]);
        if (!missing.empty())
          sink_.add_unlocated(diag::child_needs_more, policies_[i].name, at->name, missing.size(), fmt::format("{}", fmt::join(missing, ", ")))
              .note("`--inline` gives the caller what its children need");
      }
  }

  static std::vector<std::string> calls_beyond(const eval::Meaning& child, const eval::Meaning& caller) {
    std::set<std::string> names;
    const eval::Meaning* const sides[] = {&child, &caller};
    const eval::Term beyond[] = {{.in = eval::side(0), .out = eval::side(1)}};
    sets::Budget budget;
    (void)eval::compare_all_but_paths(sides, beyond, budget, [&](const ir::Point& witness, eval::TermSet) {
      if (const auto* call = std::get_if<ir::CallPoint>(&witness)) names.emplace(knowledge::call_of(Os::linux_os, call->call).name);
      return true;
    });
    return {names.begin(), names.end()};
  }

  // What lint asks about a rule is answered by the place that shows it; nothing is answered without one.
  std::string repaired(const std::string& text) {
    const std::string file_name = request_.folder + result_name;
    CompileRequest request;
    diag::Sink mistakes;
    Loaded loaded = load({file_name}, request_.directories, sources_, mistakes, {{file_name, text}});
    if (!mistakes.has_errors()) (void)test(loaded.program, request, {}, backends_, sources_, mistakes);
    for (const diag::Diagnostic& mistake : mistakes.all()) sink_.add_diagnostic(mistake);
    if (mistakes.has_errors()) return text;
    const lint::Findings findings = lint(loaded.program, request, {}, sources_, sink_);
    std::map<std::size_t, std::set<std::string>, std::greater<>> at;  // from the end, so that places before stay right
    for (const diag::Diagnostic& finding : findings.left.all())
      if (finding.located && sources_.name_of(finding.range.file) == file_name) {
        const std::size_t place = text.rfind("@learned(", finding.range.begin);
        if (place != text.npos && is_of_statement(text, place, finding.range.begin)) at[place].emplace(finding.id);
      }
    std::string result = text;
    for (const auto& [place, ids] : at)
      for (const std::string& id : ids) {
        const std::size_t begin = place + std::string_view("@learned(\"").size(), end = std::min(text.find(" (", begin), text.find('"', begin));
        result.insert(place, fmt::format("@allow_lint({}, \"seen at {}\")\n", id, text.substr(begin, end - begin)));
        ++repaired_;
      }
    return syntax::laid_out(result);
  }

  static bool is_of_statement(const std::string& text, std::size_t annotation, std::size_t at) {
    return text.substr(annotation, at - annotation).find(";\n") == std::string::npos;
  }

  const learn::Evidence& evidence_;
  const LearnRequest& request_;
  Backends backends_;
  diag::SourceMap& sources_;
  diag::Sink& sink_;
  std::map<std::string, std::string> names_;  // of programs, the policies'
  learn::Facts facts_;
  LearnWords words_;
  learn::Choices choices_;
  std::map<std::string, std::vector<learn::Seen>> seen_;
  std::vector<learn::Named> policies_;
  std::vector<learn::Observed> observed_;
  std::vector<eval::Meaning> meanings_;
  std::size_t repaired_ = 0;
  std::uint64_t unknown_ = 0;  // events of no known program
};

}  // namespace

std::optional<Learned> learn_policy(const learn::Evidence& evidence, const LearnRequest& request, Backends backends, diag::SourceMap& sources, diag::Sink& sink) {
  return Learner(evidence, request, backends, sources, sink).run();
}

}  // namespace polc::driver
