#include "driver/edits.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "driver/lint.hpp"
#include "eval/meaning.hpp"
#include "format/words.hpp"
#include "learn/abstractions.hpp"
#include "lint/walk.hpp"
#include "target/rule_text.hpp"

namespace polc::driver {
namespace {

std::set<std::string> finding_texts(const lint::Findings& findings) {
  std::set<std::string> texts;
  for (const diag::Diagnostic& one : findings.left.all()) texts.insert(fmt::format("{}: {}", one.id, one.message));
  return texts;
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text)
    if (c != '\n' && c != ' ' && c != '\t' && c != '\r') line += c;
    else if (!line.empty() && line.back() != ' ') line += ' ';
  return line;
}

}  // namespace

Editor::Editor(const std::vector<std::string>& files, const sema::Program& program, const CompileRequest& request, const std::vector<std::string>& directories,
               const diag::SourceMap& sources)
    : files_(files), program_(program), request_(request), directories_(directories), sources_(sources) {}

const ast::Rule* Editor::rule_at(diag::SourceRange range) const {
  const ast::Rule* found = nullptr;
  for (const sema::Unit& unit : program_.units)
    if (unit.is_main && unit.file.source == range.file)
      lint::for_each_statement(unit.file, [&](const ast::Statement& statement) {
        if (const auto* rule = std::get_if<ast::Rule>(&statement.value); rule != nullptr && rule->range == range) found = rule;
      });
  return found;
}

// Where only the path is missing, a name more in the list; not where the rule's verbs would come with it.
std::optional<Editor::Insertion> Editor::into_rule(const ir::Rule& rule, const learn::Boxes& boxes) const {
  const ast::Rule* written = rule_at(rule.origin.front());
  const auto* wanted = boxes.size() == 1 ? std::get_if<ir::FileBox>(&boxes.front().first) : nullptr;
  const auto* given = rule.boxes.size() == 1 ? std::get_if<ir::FileBox>(&rule.boxes.front()) : nullptr;
  if (written == nullptr || wanted == nullptr || given == nullptr || wanted->places.size() != 1 || given->verbs != wanted->verbs || !given->types.includes(wanted->types) || !given->owners.any) return std::nullopt;
  const auto* access = std::get_if<ast::FileAccess>(&written->access.value);
  if (access == nullptr || access->places.empty()) return std::nullopt;
  const std::size_t at = access->places.back().range.end;
  const std::string more = ", " + format::quoted(wanted->places.front());
  const diag::SourceRange range = written->range;
  const std::string_view all = sources_.text_of(range.file);
  const std::string changed = std::string(all.substr(range.begin, at - range.begin)) + more + std::string(all.substr(at, range.end - at));
  return Insertion{range.file, at, more, fmt::format("{}: {}", diag::place_of(sources_, {range.file, range.begin, range.begin}), one_line(changed))};
}

// At the end of the policy's block.
std::optional<Editor::Insertion> Editor::own_rule(const ir::Policy& policy, const std::string& access) const {
  for (const sema::Unit& unit : program_.units)
    for (const ast::Item& item : unit.file.items) {
      const auto* one = std::get_if<ast::Policy>(&item.value);
      if (one == nullptr || one->name.text != policy.name || !unit.is_main) continue;
      return Insertion{unit.file.source, one->block.range.end - 1, fmt::format("  allow {};\n", access), fmt::format("add: allow {};", access)};
    }
  return std::nullopt;
}

// The files as they were read: one that came over a descriptor is gone by now.
Texts Editor::read_texts() const {
  Texts texts;
  for (const sema::Unit& unit : program_.units)
    if (unit.is_main) texts[sources_.name_of(unit.file.source)] = std::string(sources_.text_of(unit.file.source));
  return texts;
}

// What lint asks about the changed file and not about the one at hand.
std::vector<std::string> Editor::new_findings(const sema::Program& changed, diag::SourceMap& sources) {
  diag::Sink ignored;
  if (!before_) {
    diag::SourceMap own = sources_;
    before_ = finding_texts(lint(program_, request_, {}, own, ignored));
  }
  std::vector<std::string> added;
  for (const std::string& text : finding_texts(lint(changed, request_, {}, sources, ignored)))
    if (!before_->contains(text)) added.push_back(text);
  return added;
}

std::optional<Edit> Editor::tried(const ir::Policy& policy, const Insertion& insertion, const learn::Boxes& boxes) {
  const std::string& name = sources_.name_of(insertion.file);
  Edit edit{insertion.words, {}, name, std::string(sources_.text_of(insertion.file))};
  edit.text.insert(insertion.at, insertion.text);
  diag::SourceMap sources;
  diag::Sink mistakes;
  Texts texts = read_texts();
  texts[name] = edit.text;
  const Loaded loaded = load(files_, directories_, sources, mistakes, texts);
  if (mistakes.has_errors()) return std::nullopt;
  const auto policies = sema::lower(loaded.program, {policy.configuration.os, policy.configuration.arch, request_.variants}, mistakes);
  if (!policies) return std::nullopt;
  const auto same = std::ranges::find(*policies, policy.name, &ir::Policy::name);
  if (same == policies->end() || !learn::allows(eval::meaning_of(*same), boxes)) return std::nullopt;
  edit.findings = new_findings(loaded.program, sources);
  return edit;
}

std::optional<Edit> Editor::find_edit(const ir::Policy& policy, std::optional<ir::RuleId> nearest, const std::string& access, const learn::Boxes& boxes) {
  if (nearest)
    if (const auto insertion = into_rule(policy.rules[nearest->value], boxes))
      if (auto edit = tried(policy, *insertion, boxes)) return edit;
  if (const auto insertion = own_rule(policy, access)) return tried(policy, *insertion, boxes);
  return std::nullopt;
}

}  // namespace polc::driver
