// "did you mean", as a note with a fix-it.
//   suggest(sink.add(diag::unknown_variant, name.range, name.text), name, nearest_of(name.text, known, sink));
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "diag/sink.hpp"
#include "knowledge/names.hpp"
#include "support/edit_distance.hpp"
#include "syntax/ast.hpp"

namespace polc::sema {

/// Past this many errors nobody reads suggestions, and a hostile file must not buy time with them.
inline constexpr std::size_t suggestions_at_most = 1000;

/// The nearest of `words` (anything that converts to string_view), if one is near; of equally near ones the first.
template <class Words>
std::optional<std::string_view> nearest_of(std::string_view misspelt, const Words& words, const diag::Sink& sink) {
  if (sink.error_count() > suggestions_at_most) return std::nullopt;
  return polc::nearest_of(misspelt, words);
}

/// The same for a table of knowledge.
inline std::optional<std::string_view> nearest_of(std::string_view misspelt,
                                                  std::span<const knowledge::NamedNumber> names,
                                                  const diag::Sink& sink) {
  if (sink.error_count() > suggestions_at_most) return std::nullopt;
  return knowledge::nearest_name(names, misspelt);
}

inline void suggest(diag::Added added, diag::SourceRange at, std::optional<std::string_view> word) {
  if (word) added.note(at, "did you mean `" + std::string(*word) + "`?").fix(at, std::string(*word));
}

/// Where there are few words, and none of them is near, all are listed.
template <class Words>
void suggest_or_list(diag::Added added, const ast::Name& misspelt, const Words& words, const diag::Sink& sink) {
  if (const auto near = nearest_of(misspelt.text, words, sink)) return suggest(added, misspelt.range, near);
  std::string list;
  for (const std::string_view word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  added.note(list.empty() ? "there is none" : "there is " + list);
}

}  // namespace polc::sema
