// `any` of a class that grows: the next kernel's capability, namespace or signal is allowed before anyone has read of it.
#include <algorithm>

#include "diag/lint_catalogue.hpp"
#include "lint/text_checks.hpp"
#include "lint/walk.hpp"

namespace polc::lint {

void find_open_ended_words(const ast::File& file, diag::Sink& sink) {
  for_each_statement(file, [&](const ast::Statement& statement) {
    const auto* rule = std::get_if<ast::Rule>(&statement.value);
    if (rule == nullptr || !rule->allow) return;
    const auto* access = std::get_if<ast::ClassAccess>(&rule->access.value);
    if (access == nullptr) return;
    const bool any = std::any_of(access->members.begin(), access->members.end(), [](const ast::Name& member) { return member.text == "any"; });
    if (any) sink.add(diag::open_ended_word, rule->range, access->verb.text + " any");
  });
}

}  // namespace polc::lint
