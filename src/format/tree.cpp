#include "format/tree.hpp"

#include <fmt/format.h>

#include "support/overloaded.hpp"

namespace polc::format {
namespace {

std::string names_of(const std::vector<ast::Name>& names) {
  std::vector<std::string_view> texts;
  for (const ast::Name& name : names) texts.push_back(name.text);
  return fmt::format("{}", fmt::join(texts, ", "));
}

class Outline {
 public:
  explicit Outline(const diag::SourceMap& sources) : sources_(sources) {}

  void add(const ast::Item& item) {
    add(item.annotations);
    std::visit(Overloaded{
                   [&](const ast::Import& i) { line(item.range, fmt::format("import \"{}\"", i.path.raw)); },
                   [&](const ast::Variant& v) {
                     line(item.range, fmt::format("variant {}{}", v.name.text, v.systems.empty() ? "" : " on " + names_of(v.systems)));
                     for (const ast::Let& let : v.lets) below([&] { add(let); });
                   },
                   [&](const ast::Let& let) { add(let); },
                   [&](const ast::Abstraction& a) {
                     line(item.range, fmt::format("abstraction {}({})", a.name.text, names_of(a.parameters)));
                     add(a.block);
                   },
                   [&](const ast::Policy& p) {
                     line(item.range, "policy " + p.name.text);
                     add(p.block);
                   },
                   [&](const ast::Overlay& o) {
                     line(item.range, fmt::format("overlay {} for {}", o.name.text, o.of.text));
                     add(o.block);
                   },
               },
               item.value);
  }

  std::string take() { return std::move(out_); }

 private:
  void line(diag::SourceRange range, std::string_view text) {
    const auto at = sources_.position_of(range.file, range.begin);
    out_ += fmt::format("{:{}}{}  {}:{}\n", "", indent_, text, at.line, at.column);
  }
  template <class Write>
  void below(Write&& write) {
    indent_ += 2;
    write();
    indent_ -= 2;
  }
  // What was written, in one line.
  std::string words(diag::SourceRange range) const {
    std::string text;
    for (const char c : sources_.text_of(range)) {
      const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
      if (!blank) text += c;
      else if (!text.empty() && text.back() != ' ') text += ' ';
    }
    return text;
  }

  void add(const ast::Annotations& annotations) {
    for (const ast::Annotation& annotation : annotations) line(annotation.range, "annotation " + words(annotation.range));
  }
  void add(const ast::Let& let) { line(let.name.range, fmt::format("let {} = {}", let.name.text, words(let.value.range))); }
  void add(const ast::Block& block) {
    below([&] {
      for (const ast::Statement& statement : block.statements) add(statement);
    });
  }
  void add(const ast::Rule& rule) {
    static constexpr std::string_view kinds[] = {"file", "net", "call", "identity", "class", "peer", "process"};
    line(rule.access.range, fmt::format("{} {}: {}", rule.allow ? "allow" : "deny", kinds[rule.access.value.index()], words(rule.access.range)));
  }
  void add(const ast::When& when, diag::SourceRange range) {
    line(range, "when " + words(when.guard.range));
    add(when.then);
    if (!when.otherwise) return;
    line(when.otherwise->range, "else");
    add(*when.otherwise);
  }
  void add(const ast::Target& target, diag::SourceRange range) {
    line(range, "target " + target.name.text);
    for (const ast::TargetEntry& entry : target.entries)
      below([&] { line(entry.range, words(entry.range)); });
  }
  void add(const ast::Expect& expect, diag::SourceRange range) {
    line(range, "expect" + (expect.guard ? " when " + words(expect.guard->range) : std::string()));
    below([&] {
      for (const ast::ExpectedRule& rule : expect.rules) {
        add(rule.annotations);
        add(rule.rule);
      }
    });
  }

  void add(const ast::Statement& statement) {
    add(statement.annotations);
    std::visit(Overloaded{
                   [&](const ast::Let& let) { add(let); },
                   [&](const ast::When& when) { add(when, statement.range); },
                   [&](const ast::Target& target) { add(target, statement.range); },
                   [&](const ast::Expect& expect) { add(expect, statement.range); },
                   [&](const ast::Rule& rule) { add(rule); },
                   [&](const auto&) { line(statement.range, words(statement.range)); },
               },
               statement.value);
  }

  const diag::SourceMap& sources_;
  std::size_t indent_ = 0;
  std::string out_;
};

}  // namespace

std::string tree_of(const ast::File& file, const diag::SourceMap& sources) {
  Outline outline(sources);
  for (const ast::Item& item : file.items) outline.add(item);
  return outline.take();
}

}  // namespace polc::format
