// An `import` or `use` that stands twice. What it brings is there once, and whoever takes one of the two away believes to have
// taken it away. (Of rules the meaning tells: check_covered.cpp.)
#include <map>
#include <string>

#include "diag/lint_catalogue.hpp"
#include "lint/text_checks.hpp"
#include "lint/walk.hpp"

namespace polc::lint {
namespace {

using Seen = std::map<std::string, diag::SourceRange, std::less<>>;  // what a statement says, and where it stood first

void find_repeated_imports(const TextUnit& unit, diag::Sink& sink) {
  std::map<std::size_t, diag::SourceRange> seen;  // by the file that is found
  std::size_t import = 0;
  for (const ast::Item& item : unit.file->items) {
    const auto* one = std::get_if<ast::Import>(&item.value);
    if (one == nullptr || import >= unit.imports.size()) continue;
    const auto [first, is_new] = seen.emplace(unit.imports[import++], item.range);
    if (is_new) continue;
    auto added = sink.add(diag::repeated_statement, item.range, "import \"" + one->path.raw + "\"");
    added.note(first->second, "here");
    if (item.annotations.empty()) added.fix(item.range, "");
  }
}

class Uses {
 public:
  Uses(const diag::SourceMap& sources, diag::Sink& sink) : sources_(sources), sink_(sink) {}

  // What stands around a `when` is in force inside it, too; by value, since what stands inside is not in force behind it.
  void in(const ast::Block& block, Seen seen) const {
    for (const ast::Statement& statement : block.statements)
      if (const auto* use = std::get_if<ast::Use>(&statement.value)) add(*use, statement, seen);
    for (const ast::Statement& statement : block.statements) {
      const auto* when = std::get_if<ast::When>(&statement.value);
      if (when == nullptr) continue;
      in(when->then, seen);
      if (when->otherwise) in(*when->otherwise, seen);
    }
  }

 private:
  void add(const ast::Use& use, const ast::Statement& statement, Seen& seen) const {
    for (std::size_t i = 0; i < use.usages.size(); ++i) {
      const ast::Usage& usage = use.usages[i];
      const auto [first, is_new] = seen.emplace(sources_.text_of(usage.range), usage.range);
      if (is_new) continue;
      auto added = sink_.add(diag::repeated_statement, usage.range, "use " + first->first);
      added.note(first->second, "here");
      if (!statement.annotations.empty()) continue;  // they may say something of this one alone
      if (use.usages.size() == 1) added.fix(statement.range, "");
      else if (i > 0) added.fix({usage.range.file, use.usages[i - 1].range.end, usage.range.end}, "");
    }
  }

  const diag::SourceMap& sources_;
  diag::Sink& sink_;
};

}  // namespace

void find_repeated_statements(const TextUnit& unit, const diag::SourceMap& sources, diag::Sink& sink) {
  find_repeated_imports(unit, sink);
  const Uses uses(sources, sink);
  for (const ast::Item& item : unit.file->items)
    if (const ast::Block* block = block_of(item)) uses.in(*block, {});
}

}  // namespace polc::lint
