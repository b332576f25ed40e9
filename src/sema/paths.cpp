#include "sema/paths.hpp"

#include "diag/catalogue.hpp"
#include "sema/text.hpp"
#include "sema/values.hpp"

namespace polc::sema {
namespace {

using Code = sets::PatternError::Code;

diag::Added add_error(Code code, diag::SourceRange range, diag::Sink& sink) {
  switch (code) {
    case Code::relative: return sink.add(diag::relative_path, range);
    case Code::dot: return sink.add(diag::dot_in_path, range);
    case Code::dot_dot: return sink.add(diag::dot_dot_in_path, range);
    case Code::double_slash: return sink.add(diag::double_slash, range);
    case Code::trailing_slash: return sink.add(diag::trailing_slash, range);
    case Code::glued_double_star: return sink.add(diag::glued_double_star, range);
    case Code::unclosed_bracket: return sink.add(diag::unclosed_bracket, range);
    case Code::unclosed_brace: return sink.add(diag::unclosed_pattern_brace, range);
    case Code::stray_brace: return sink.add(diag::stray_pattern_brace, range);
    case Code::empty_class: return sink.add(diag::empty_class, range);
    case Code::reversed_class: return sink.add(diag::reversed_class, range);
    case Code::nul_byte: return sink.add(diag::nul_in_path, range);
    case Code::bad_utf8: return sink.add(diag::class_not_utf8, range);
    case Code::too_many_alternatives: return sink.add(diag::too_many_alternatives, range);
    case Code::too_long: return sink.add(diag::path_too_long, range);
    case Code::too_deep: return sink.add(diag::path_too_deep, range);
  }
  return {};
}

void report(const sets::PatternError& error, const Text& text, diag::SourceRange used, diag::Sink& sink) {
  auto added = add_error(error.code, text.range_of(error.offset, error.length), sink);
  if (const Binding* variable = text.variable_at(error.offset))
    added.note(variable->range, "`" + std::string(variable->name) + "` is defined here");
  if (error.code == Code::relative && text.pattern.bytes.starts_with('~'))
    added.note("`~` stands for no home directory here: write the directory's path");
  if (used != text.string->range) added.note(used, "used here");
  if (error.fix.empty() || text.has_variables()) return;
  const diag::SourceRange quoted = text.string->range;
  added.fix({quoted.file, quoted.begin + 1, quoted.end - 1}, error.fix);
}

void add_string(const ast::String& string, const Scope& scope, diag::SourceRange used, bool tree, diag::Sink& sink,
                std::vector<sets::PathPattern>& patterns) {
  const auto text = text_of(string, scope, sink);
  if (!text) return;
  auto parsed = sets::parse_path_pattern(text->pattern, tree);
  if (!parsed) return report(parsed.error(), *text, used, sink);
  patterns.insert(patterns.end(), std::make_move_iterator(parsed->begin()), std::make_move_iterator(parsed->end()));
}

}  // namespace

void add_patterns(const ast::Path& path, bool tree, const Context& context, std::vector<sets::PathPattern>& patterns) {
  if (const auto* string = std::get_if<ast::String>(&path))
    return add_string(*string, context.scope, string->range, tree, context.sink, patterns);
  for (const Leaf& leaf : leaves_of(std::get<ast::Variable>(path), context.scope, context.sink)) {
    if (const auto* string = std::get_if<const ast::String*>(&leaf.value))
      add_string(**string, *leaf.scope, leaf.used, tree, context.sink, patterns);
    else report_wrong_kind(leaf, "a path", context.sink);
  }
}

std::vector<sets::PathPattern> abstract_names_of(const ast::String& string, const Context& context) {
  const auto text = text_of(string, context.scope, context.sink);
  if (!text) return {};
  auto parsed = sets::parse_name_pattern(text->pattern);
  if (parsed) return std::move(*parsed);
  report(parsed.error(), *text, string.range, context.sink);
  return {};
}

}  // namespace polc::sema
