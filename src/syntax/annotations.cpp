#include "syntax/annotations.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "diag/catalogue.hpp"
#include "syntax/quoted.hpp"
#include "syntax/spelling.hpp"

namespace polc::syntax {
namespace {

bool is_text(const ast::Note& note) { return std::holds_alternative<ast::String>(note.first); }
bool is_plain_name(const ast::Note& note) { return !is_text(note) && !note.second; }
bool is_verdict(const ast::Note& note) {
  constexpr std::array<std::string_view, 3> verdicts{"wider", "narrower", "unmediated"};
  const auto* name = std::get_if<ast::Name>(&note.first);
  return name != nullptr && note.second && std::find(verdicts.begin(), verdicts.end(), name->text) != verdicts.end();
}

using Notes = std::vector<ast::Note>;
bool one_text(const Notes& notes) { return notes.size() == 1 && is_text(notes[0]); }
bool id_and_text(const Notes& notes) { return notes.size() == 2 && is_plain_name(notes[0]) && is_text(notes[1]); }
bool verdict_and_text(const Notes& notes) { return notes.size() == 2 && is_verdict(notes[0]) && is_text(notes[1]); }

struct Shape {
  std::string_view name;
  std::string_view written;
  bool (*fits)(const Notes&);
};
constexpr std::array shapes{
    Shape{"accept", "@accept(wider|narrower|unmediated: TARGET, \"reason\")", verdict_and_text},
    Shape{"reason", "@reason(\"text\")", one_text},
    Shape{"allow_lint", "@allow_lint(P4001, \"reason\")", id_and_text},
    Shape{"until", "@until(\"2027-01-01\")", one_text},
    Shape{"learned", "@learned(\"source:line\")", one_text},
    Shape{"title", "@title(\"text\")", one_text},
};

}  // namespace

void check_annotation(const ast::Annotation& annotation, diag::Sink& sink) {
  const auto& name = annotation.name;
  const auto shape = std::find_if(shapes.begin(), shapes.end(), [&](const Shape& s) { return s.name == name.text; });
  if (shape != shapes.end()) {
    if (!shape->fits(annotation.notes))
      sink.add(diag::malformed_annotation, annotation.range, name.text, shape->written);
    return;
  }
  auto added = sink.add(diag::unknown_annotation, name.range, clipped(name.text));
  std::vector<std::string_view> known;
  for (const auto& s : shapes) known.push_back(s.name);
  if (const auto near = nearest_to(name.text, known); !near.empty())
    added.note(name.range, "did you mean " + quoted(near) + "?").fix(name.range, std::string(near));
}

}  // namespace polc::syntax
