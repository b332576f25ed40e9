#include <algorithm>
#include <set>
#include <string>

#include "diag/lint_catalogue.hpp"
#include "lint/text_checks.hpp"
#include "lint/walk.hpp"
#include "syntax/scanner.hpp"
#include "syntax/string_text.hpp"

namespace polc::lint {
namespace {

// A name counts as used wherever it stands, in whatever scope: what is found is certain, what is not may still be unused.
struct Used {
  std::set<std::string, std::less<>> variables, abstractions;
};

void collect_variables(const diag::SourceMap& sources, diag::SourceId file, Used& used) {
  const std::string_view text = sources.text_of(file);
  syntax::Scanner scanner(text);
  for (syntax::Lexeme l = scanner.next(); l.kind != syntax::end_of_text; l = scanner.next()) {
    const std::string_view word = text.substr(l.begin, l.end - l.begin);
    if (word.front() == '$') used.variables.emplace(word.substr(1));
    if (word.front() != '"' || word.size() < 2) continue;
    const ast::String string{std::string(word.substr(1, word.size() - 2)), {file, l.begin, l.end}};
    for (const syntax::StringPart& part : syntax::parts_of(string))
      if (part.kind == syntax::StringPart::Kind::variable) used.variables.insert(part.name);
  }
}

void collect_abstractions(const ast::File& file, Used& used) {
  for_each_statement(file, [&](const ast::Statement& statement) {
    if (const auto* use = std::get_if<ast::Use>(&statement.value))
      for (const ast::Usage& usage : use->usages) used.abstractions.insert(usage.name.text);
  });
}

// Written to be imported by others, whom nobody sees here.
bool is_library(const ast::File& file) {
  return std::none_of(file.items.begin(), file.items.end(), [](const ast::Item& item) {
    return std::holds_alternative<ast::Policy>(item.value) || std::holds_alternative<ast::Overlay>(item.value);
  });
}

// Whether the file, or one that it imports, has something that the others use, or that works without being named.
bool offers_something(std::span<const TextUnit> units, std::size_t at, const Used& used) {
  for (const ast::Item& item : units[at].file->items) {
    if (const auto* let = std::get_if<ast::Let>(&item.value)) {
      if (used.variables.count(let->name.text) > 0) return true;
    } else if (const auto* abstraction = std::get_if<ast::Abstraction>(&item.value)) {
      if (used.abstractions.count(abstraction->name.text) > 0) return true;
    } else if (!std::holds_alternative<ast::Import>(item.value)) {
      return true;
    }
  }
  for (const std::size_t imported : units[at].imports)
    if (offers_something(units, imported, used)) return true;
  return false;
}

// What the main files alone use: a library is not used by its own abstractions.
Used used_by_main(std::span<const TextUnit> units, const diag::SourceMap& sources) {
  Used used;
  for (const TextUnit& unit : units) {
    if (!unit.is_main) continue;
    collect_variables(sources, unit.file->source, used);
    collect_abstractions(*unit.file, used);
  }
  return used;
}

}  // namespace

void find_unused_names(std::span<const TextUnit> units, const diag::SourceMap& sources, diag::Sink& sink) {
  Used used;
  for (const TextUnit& unit : units) {
    collect_variables(sources, unit.file->source, used);
    collect_abstractions(*unit.file, used);
  }
  const Used by_main = used_by_main(units, sources);
  for (const TextUnit& unit : units) {
    if (!unit.is_main || is_library(*unit.file)) continue;
    for_each_let(*unit.file, [&](const ast::Let& let, const diag::SourceRange* whole) {
      if (used.variables.count(let.name.text) > 0) return;
      auto added = sink.add(diag::unused_name, let.name.range, "$" + let.name.text);
      if (whole != nullptr) added.fix(*whole, "");
    });
    std::size_t import = 0;
    for (const ast::Item& item : unit.file->items) {
      const auto* abstraction = std::get_if<ast::Abstraction>(&item.value);
      if (abstraction != nullptr && used.abstractions.count(abstraction->name.text) == 0)
        sink.add(diag::unused_name, abstraction->name.range, abstraction->name.text);
      if (!std::holds_alternative<ast::Import>(item.value) || import >= unit.imports.size()) continue;
      if (offers_something(units, unit.imports[import++], by_main)) continue;
      auto added = sink.add(diag::unused_name, std::get<ast::Import>(item.value).path.range, std::get<ast::Import>(item.value).path.raw);
      if (item.annotations.empty()) added.fix(item.range, "");
    }
  }
}

}  // namespace polc::lint
