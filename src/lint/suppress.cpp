#include "lint/suppress.hpp"

#include <algorithm>

#include "diag/lint_catalogue.hpp"

namespace polc::lint {
namespace {

std::string first_text(const ast::Annotation& annotation) {
  if (annotation.notes.empty()) return {};
  const auto& first = annotation.notes.front().first;
  if (const auto* name = std::get_if<ast::Name>(&first)) return name->text;
  return std::get<ast::String>(first).raw;
}

std::string reason_of(const ast::Annotation& annotation) {
  if (annotation.notes.size() < 2) return {};
  const auto* text = std::get_if<ast::String>(&annotation.notes[1].first);
  return text != nullptr ? text->raw : "";
}

bool is_suppression(const ast::Annotation& annotation) { return annotation.name.text == "allow_lint"; }

class Collector {
 public:
  std::vector<Suppression> found;

  void collect(const ast::Annotations& annotations, diag::SourceRange scope) {
    const ast::Annotation* until = nullptr;
    for (const auto& annotation : annotations)
      if (annotation.name.text == "until") until = &annotation;
    const auto count = std::count_if(annotations.begin(), annotations.end(), is_suppression);
    for (const auto& annotation : annotations) {
      if (!is_suppression(annotation)) continue;
      Suppression suppression{first_text(annotation), until ? first_text(*until) : "", reason_of(annotation), annotation.range, scope, true, {annotation.range}};
      if (until != nullptr && count == 1) suppression.all.push_back(until->range);
      found.push_back(std::move(suppression));
    }
  }

  void collect(const ast::Block& block) {
    for (const ast::Statement& statement : block.statements) {
      collect(statement.annotations, statement.range);
      const auto* when = std::get_if<ast::When>(&statement.value);
      if (when == nullptr) continue;
      collect(when->then);
      if (when->otherwise) collect(*when->otherwise);
    }
  }

  void collect(const ast::Item& item) {
    collect(item.annotations, item.range);
    if (const auto* abstraction = std::get_if<ast::Abstraction>(&item.value)) collect(abstraction->block);
    if (const auto* policy = std::get_if<ast::Policy>(&item.value)) collect(policy->block);
    if (const auto* overlay = std::get_if<ast::Overlay>(&item.value)) collect(overlay->block);
  }
};

bool begins_with_one(std::string_view id, const std::vector<std::string>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](const std::string& beginning) { return id.starts_with(beginning); });
}

bool is_chosen(std::string_view id, const Chosen& chosen) {
  return (chosen.select.empty() || begins_with_one(id, chosen.select)) && !begins_with_one(id, chosen.ignore);
}

bool lies_in(diag::SourceRange inner, diag::SourceRange outer) {
  return inner.file == outer.file && outer.begin <= inner.begin && inner.end <= outer.end;
}

bool covers(const Suppression& suppression, const diag::Diagnostic& finding) {
  if (suppression.id != finding.id) return false;
  if (lies_in(finding.range, suppression.scope)) return true;
  return std::any_of(finding.notes.begin(), finding.notes.end(),
                     [&](const diag::Note& note) { return note.located && lies_in(note.range, suppression.scope); });
}

// Dates are YYYY-MM-DD, which sort as text.
bool is_expired(const Suppression& suppression, const std::string& today) {
  return !suppression.until.empty() && !today.empty() && suppression.until < today;
}

}  // namespace

std::vector<Suppression> suppressions_of(const ast::File& file) {
  Collector collector;
  for (const ast::Item& item : file.items) collector.collect(item);
  return std::move(collector.found);
}

namespace {

// A finding for each danger that is borne without having been tried.
std::vector<diag::Diagnostic> borne(std::span<const Untested> untested, std::span<const Suppression> suppressions, const std::string& today) {
  std::vector<diag::Diagnostic> result;
  for (const Untested& one : untested) {
    diag::Diagnostic danger = one.finding;
    danger.id = one.danger;
    const auto bears = [&](const Suppression& suppression) { return covers(suppression, danger) && !is_expired(suppression, today); };
    if (std::any_of(suppressions.begin(), suppressions.end(), bears)) result.push_back(one.finding);
  }
  return result;
}

}  // namespace

Findings remaining(std::span<const diag::Diagnostic> said, std::span<const Untested> untested, std::span<const Suppression> suppressions,
                   const Chosen& chosen) {
  std::vector<diag::Diagnostic> findings(said.begin(), said.end());
  for (diag::Diagnostic& finding : borne(untested, suppressions, chosen.today)) findings.push_back(std::move(finding));
  Findings result;
  std::vector<bool> used(suppressions.size());
  for (const diag::Diagnostic& finding : findings) {
    if (!is_chosen(finding.id, chosen)) continue;
    const Suppression* covering = nullptr;
    for (std::size_t i = 0; i < suppressions.size(); ++i) {
      if (!covers(suppressions[i], finding)) continue;
      used[i] = true;
      if (covering == nullptr && !is_expired(suppressions[i], chosen.today)) covering = &suppressions[i];
    }
    if (covering == nullptr) result.left.add_diagnostic(finding);
    else result.suppressed.push_back({finding, covering->reason});
  }
  for (std::size_t i = 0; i < suppressions.size(); ++i) {
    const Suppression& suppression = suppressions[i];
    if (!is_chosen(suppression.id, chosen)) continue;  // whether it is needed was not asked
    if (!used[i] && suppression.is_judged && is_chosen(diag::unused_suppression.id, chosen)) {
      auto added = result.left.add(diag::unused_suppression, suppression.range, suppression.id);
      if (chosen.is_all)
        for (const diag::SourceRange range : suppression.all) added.fix(range, "");
    }
    if (used[i] && is_expired(suppression, chosen.today) && is_chosen(diag::expired_suppression.id, chosen))
      result.left.add(diag::expired_suppression, suppression.range, suppression.until);
  }
  return result;
}

}  // namespace polc::lint
