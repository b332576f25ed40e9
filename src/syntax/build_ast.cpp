// Items, statements and annotations of the tree.
#include "syntax/build_ast.hpp"

#include "PolicyParser.h"
#include "syntax/annotations.hpp"
#include "syntax/literals.hpp"

namespace polc::syntax {
namespace {

using Parser = grammar::PolicyParser;

bool has(const antlr4::tree::TerminalNode* token) { return token != nullptr; }

ast::Note note_of(const Reading& reading, Parser::NoteContext& note) {
  if (auto* string = note.STRING()) return {string_of(reading, *string->getSymbol()), {}};
  ast::Note result{name_of(reading, *note.name(0)), {}};
  if (auto* second = note.name(1)) result.second = name_of(reading, *second);
  return result;
}

ast::Annotations annotations_of(const Reading& reading, const std::vector<Parser::AnnotationContext*>& contexts) {
  ast::Annotations annotations;
  for (auto* context : contexts) {
    ast::Annotation annotation{name_of(reading, *context->name()), {}, range_of(reading, *context)};
    for (auto* note : context->note()) annotation.notes.push_back(note_of(reading, *note));
    check_annotation(annotation, reading.sink);
    annotations.push_back(std::move(annotation));
  }
  return annotations;
}

ast::Reaction reaction_of(const Reading& reading, Parser::ReactionContext& reaction) {
  using Kind = ast::Reaction::Kind;
  ast::Reaction result;
  result.log = has(reaction.LOG_());
  switch (reaction.start->getType()) {
    case Parser::DENY_: result.kind = Kind::deny; break;
    case Parser::KILL_: result.kind = Kind::kill; break;
    case Parser::HIDDEN_: result.kind = Kind::hidden; break;
    default: result.kind = Kind::log; break;
  }
  if (auto* error = reaction.name()) result.error_name = name_of(reading, *error);
  return result;
}

ast::Default default_of(const Reading& reading, Parser::DefaultsContext& defaults) {
  ast::Default result{reaction_of(reading, *defaults.reaction()), {}};
  if (auto* names = defaults.names()) result.scope = names_of(reading, *names);
  return result;
}

ast::Use use_of(const Reading& reading, Parser::UsesContext& uses) {
  ast::Use result;
  for (auto* usage : uses.usage()) {
    ast::Usage one{name_of(reading, *usage->name()), {}, range_of(reading, *usage)};
    for (auto* value : usage->value()) one.arguments.push_back(value_of(reading, *value));
    result.usages.push_back(std::move(one));
  }
  return result;
}

ast::Program program_of(const Reading& reading, Parser::ProgramContext& program) {
  ast::Program result;
  for (auto* path : program.path()) result.paths.push_back(path_of(reading, *path));
  return result;
}

ast::Deploy deploy_of(const Reading& reading, Parser::DeployContext& deploy) {
  return {names_of(reading, *deploy.names())};
}

ast::Limit limit_of(const Reading& reading, Parser::LimitContext& limit) {
  ast::Limit result{name_of(reading, *limit.name()), {}};
  if (auto* number = limit.INT()) {
    result.bound = integer_of(reading, *number->getSymbol());
    return result;
  }
  const auto range = range_of(reading, *limit.SIZE()->getSymbol());
  result.bound = size_of(reading.sources.text_of(range), range, reading.sink);
  return result;
}

ast::Guard guard_of(const Reading& reading, Parser::GuardContext& guard) {
  ast::Guard result{{}, range_of(reading, guard)};
  for (auto* term : guard.gterm())
    result.terms.push_back(
        {name_of(reading, *term->start), has(term->EQ()), names_of(reading, *term->names()), range_of(reading, *term)});
  return result;
}

ast::When when_of(const Reading& reading, Parser::WhenHeadContext& head) {
  return {guard_of(reading, *head.guard()), {}, {}};
}

ast::Option option_of(const Reading& reading, Parser::TargetEntryContext& entry) {
  ast::Option option{name_of(reading, *entry.name()), {}};
  for (auto* word : entry.word()) {
    switch (word->start->getType()) {
      case Parser::INT: option.words.emplace_back(integer_of(reading, *word->start)); break;
      case Parser::STRING: option.words.emplace_back(string_of(reading, *word->start)); break;
      default: option.words.emplace_back(name_of(reading, *word->start)); break;
    }
  }
  return option;
}

ast::Rule rule_of(const Reading& reading, Parser::RulesContext& rules) {
  return {rules.start->getType() == Parser::ALLOW_, access_of(reading, *rules.access()), range_of(reading, rules)};
}

using StatementValue = decltype(ast::Statement::value);

StatementValue simple_of(const Reading& reading, Parser::SimpleContext& simple) {
  auto& statement = static_cast<Context&>(*simple.children.front());
  switch (statement.getRuleIndex()) {
    case Parser::RuleRules: return rule_of(reading, static_cast<Parser::RulesContext&>(statement));
    case Parser::RuleLet: return let_of(reading, statement);
    case Parser::RuleProgram: return program_of(reading, static_cast<Parser::ProgramContext&>(statement));
    case Parser::RuleDefaults: return default_of(reading, static_cast<Parser::DefaultsContext&>(statement));
    case Parser::RuleUses: return use_of(reading, static_cast<Parser::UsesContext&>(statement));
    case Parser::RuleDeploy: return deploy_of(reading, static_cast<Parser::DeployContext&>(statement));
    default: return limit_of(reading, static_cast<Parser::LimitContext&>(statement));
  }
}

StatementValue opened_of(const Reading& reading, Parser::StmtOpeningContext& opening) {
  if (auto* simple = opening.simple()) return simple_of(reading, *simple);
  if (auto* when = opening.whenHead()) return when_of(reading, *when);
  if (auto* target = opening.targetHead()) return ast::Target{name_of(reading, *target->name()), {}};
  ast::Expect expect;
  if (auto* guard = opening.expectHead()->guard()) expect.guard = guard_of(reading, *guard);
  return expect;
}

using ItemValue = decltype(ast::Item::value);

ItemValue variant_of(const Reading& reading, Parser::VariantHeadContext& head) {
  ast::Variant variant{name_of(reading, *head.name()), {}, {}};
  if (auto* systems = head.names()) variant.systems = names_of(reading, *systems);
  return variant;
}

ItemValue abstraction_of(const Reading& reading, Parser::AbstractionHeadContext& head) {
  ast::Abstraction abstraction{name_of(reading, *head.name()), {}, {}};
  if (auto* parameters = head.names()) abstraction.parameters = names_of(reading, *parameters);
  return abstraction;
}

ItemValue opened_of(const Reading& reading, Parser::ItemOpeningContext& opening) {
  if (auto* imports = opening.imports()) return ast::Import{string_of(reading, *imports->STRING()->getSymbol())};
  if (auto* let = opening.let()) return let_of(reading, *let);
  if (auto* variant = opening.variantHead()) return variant_of(reading, *variant);
  if (auto* abstraction = opening.abstractionHead()) return abstraction_of(reading, *abstraction);
  if (auto* policy = opening.policyHead()) return ast::Policy{name_of(reading, *policy->name()), {}};
  auto& overlay = *opening.overlayHead();
  return ast::Overlay{name_of(reading, *overlay.name(0)), name_of(reading, *overlay.name(1)), {}};
}

}  // namespace

ast::Let let_of(const Reading& reading, Context& context) {
  auto& let = static_cast<Parser::LetContext&>(context);
  return {name_of(reading, *let.name()), value_of(reading, *let.value())};
}

ast::Access question_of(const Reading& reading, Context& question) {
  auto& asked = static_cast<Parser::QuestionContext&>(question);
  return asked.numbered() != nullptr ? numbered_access_of(reading, *asked.numbered()) : access_of(reading, *asked.access());
}

ast::When else_when_of(const Reading& reading, Context& else_opening) {
  return when_of(reading, *static_cast<Parser::ElseOpeningContext&>(else_opening).whenHead());
}

ast::TargetEntry target_entry_of(const Reading& reading, Context& context) {
  auto& entry = static_cast<Parser::TargetEntryContext&>(context);
  const auto range = range_of(reading, entry);
  if (auto* defaults = entry.defaults()) return {default_of(reading, *defaults), range};
  if (auto* raw = entry.STRING()) return {ast::Raw{string_of(reading, *raw->getSymbol())}, range};
  return {option_of(reading, entry), range};
}

ast::ExpectedRule expected_rule_of(const Reading& reading, Context& context) {
  auto& rule = static_cast<Parser::ExpectedRuleContext&>(context);
  return {annotations_of(reading, rule.annotation()), rule_of(reading, *rule.rules()), range_of(reading, rule)};
}

ast::Statement statement_of(const Reading& reading, Context& context) {
  auto& opening = static_cast<Parser::StmtOpeningContext&>(context);
  return {annotations_of(reading, opening.annotation()), opened_of(reading, opening), range_of(reading, opening)};
}

ast::Item item_of(const Reading& reading, Context& context) {
  auto& opening = static_cast<Parser::ItemOpeningContext&>(context);
  return {annotations_of(reading, opening.annotation()), opened_of(reading, opening), range_of(reading, opening)};
}

}  // namespace polc::syntax
