#include "sema/guards.hpp"

#include <algorithm>

#include "diag/catalogue.hpp"
#include "sema/configuration.hpp"
#include "sema/other_names.hpp"
#include "sema/suggest.hpp"

namespace polc::sema {
namespace {

template <class Kind, class Words, class IsKnown>
void check_names(const Kind& kind, const std::vector<ast::Name>& names, const Words& known, IsKnown is_known,
                 diag::Sink& sink) {
  for (const ast::Name& name : names)
    if (!is_known(name.text)) suggest_or_list(sink.add(kind, name.range, name.text), name, known, sink);
}

void check_architectures(const std::vector<ast::Name>& names, diag::Sink& sink) {
  for (const ast::Name& name : names) {
    if (find_arch(name.text)) continue;
    const auto added = sink.add(diag::unknown_architecture, name.range, name.text);
    if (const auto known = arch_called(name.text)) suggest(added, name.range, known);
    else suggest_or_list(added, name, arch_names, sink);
  }
}

bool is_so(const ast::GuardTerm& term, const ast::Name& name, const ir::Configuration& configuration) {
  if (term.subject.text == "os") return name.text == name_of(configuration.os);
  if (term.subject.text == "arch") return name.text == name_of(configuration.arch);
  return is_in_force(configuration, name.text);
}

}  // namespace

void check_guard(const ast::Guard& guard, std::span<const std::string_view> variants, diag::Sink& sink) {
  const auto is_os = [](const std::string& name) { return find_os(name).has_value(); };
  const auto is_variant = [&](std::string_view name) {
    return std::binary_search(variants.begin(), variants.end(), name);
  };
  for (const ast::GuardTerm& term : guard.terms) {
    if (term.subject.text == "os") check_names(diag::unknown_system, term.names, os_names, is_os, sink);
    else if (term.subject.text == "arch") check_architectures(term.names, sink);
    else check_names(diag::unknown_variant, term.names, variants, is_variant, sink);
  }
}

bool holds(const ast::Guard& guard, const ir::Configuration& configuration) {
  return std::all_of(guard.terms.begin(), guard.terms.end(), [&](const ast::GuardTerm& term) {
    const bool one_of = std::any_of(term.names.begin(), term.names.end(),
                                    [&](const ast::Name& name) { return is_so(term, name, configuration); });
    return one_of == term.equal;
  });
}

}  // namespace polc::sema
