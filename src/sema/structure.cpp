#include "sema/structure.hpp"

#include <algorithm>
#include <array>

#include "diag/catalogue.hpp"
#include "sema/configuration.hpp"
#include "sema/guards.hpp"
#include "support/overloaded.hpp"

namespace polc::sema {
namespace {

enum class Holder : std::uint8_t { policy, abstraction, overlay };
constexpr std::array<std::string_view, 3> holder_names{"a policy", "an abstraction", "an overlay"};

bool is_number(std::string_view digits) {
  return std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// 2027-01-31. How many days a month has is left to the author.
bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const std::string_view month = text.substr(5, 2), day = text.substr(8, 2);
  return is_number(text.substr(0, 4)) && is_number(month) && is_number(day) && month >= "01" && month <= "12" &&
         day >= "01" && day <= "31";
}

class StructureCheck {
 public:
  StructureCheck(std::vector<std::string_view> variants, diag::Sink& sink)
      : variants_(std::move(variants)), sink_(sink) {}

  void check(const ast::Item& item) {
    const bool takes_accept =
        std::holds_alternative<ast::Policy>(item.value) || std::holds_alternative<ast::Overlay>(item.value);
    check(item.annotations, takes_accept);
    std::visit(Overloaded{[](const ast::Import&) {}, [](const ast::Variant&) {}, [](const ast::Let&) {},
                          [&](const ast::Abstraction& a) { check(a.block, Holder::abstraction); },
                          [&](const ast::Policy& p) { check(p.block, Holder::policy); },
                          [&](const ast::Overlay& o) { check(o.block, Holder::overlay); }},
               item.value);
  }

 private:
  void check(const ast::Block& block, Holder holder) {
    for (const ast::Statement& statement : block.statements) check(statement, holder);
  }

  void check(const ast::Statement& statement, Holder holder) {
    bool takes_accept = false;
    std::visit(Overloaded{[](const ast::Let&) {},
                          [&](const ast::Program&) {
                            if (holder != Holder::policy) misplaced(statement.range, holder, "program");
                          },
                          [&](const ast::Default& d) { check(d, statement.range, holder); },
                          [&](const ast::Use&) { takes_accept = true; },
                          [&](const ast::When& when) {
                            takes_accept = true;
                            check(when, holder);
                          },
                          [&](const ast::Target& target) {
                            takes_accept = true;  // for its raw text
                            for (const ast::TargetEntry& entry : target.entries)
                              if (const auto* d = std::get_if<ast::Default>(&entry.value))
                                check(*d, entry.range, holder);
                          },
                          [&](const ast::Deploy&) {
                            if (holder == Holder::abstraction) misplaced(statement.range, holder, "deploy");
                          },
                          [&](const ast::Limit&) { takes_accept = true; }, [&](const ast::Expect& expect) { check(expect); },
                          [&](const ast::Rule&) { takes_accept = true; }},
               statement.value);
    check(statement.annotations, takes_accept);
  }

  void check(const ast::When& when, Holder holder) {
    check_guard(when.guard, variants_, sink_);
    check(when.then, holder);
    if (when.otherwise) check(*when.otherwise, holder);
  }

  void check(const ast::Default& d, diag::SourceRange range, Holder holder) {
    if (holder == Holder::overlay) misplaced(range, holder, "default");
    if (holder == Holder::abstraction && d.scope.empty()) misplaced(range, holder, "default` without `for");
  }

  void check(const ast::Expect& expect) {
    if (expect.guard) check_guard(*expect.guard, variants_, sink_);
    for (const ast::ExpectedRule& rule : expect.rules) check(rule.annotations, false);
  }

  // The parser knows every annotation and its shape already.
  void check(const ast::Annotations& annotations, bool takes_accept) {
    for (const ast::Annotation& annotation : annotations) {
      if (annotation.name.text == "accept" && !takes_accept) sink_.add(diag::misplaced_accept, annotation.range);
      if (annotation.name.text == "until") check_date(annotation);
    }
  }

  void check_date(const ast::Annotation& annotation) {
    if (annotation.notes.empty()) return;
    const auto* text = std::get_if<ast::String>(&annotation.notes.front().first);
    if (text != nullptr && !is_date(text->raw)) sink_.add(diag::malformed_date, text->range, text->raw);
  }

  void misplaced(diag::SourceRange range, Holder holder, std::string_view what) {
    sink_.add(diag::misplaced_statement, range, holder_names[static_cast<std::size_t>(holder)], what);
  }

  std::vector<std::string_view> variants_;
  diag::Sink& sink_;
};

}  // namespace

void check_structure(const Program& program, diag::Sink& sink) {
  std::vector<std::string_view> variants;
  for (const ast::Variant* variant : variants_of(program)) variants.push_back(variant->name.text);
  std::sort(variants.begin(), variants.end());
  StructureCheck structure(std::move(variants), sink);
  for (const Unit& unit : program.units)
    for (const ast::Item& item : unit.file.items) structure.check(item);
}

}  // namespace polc::sema
