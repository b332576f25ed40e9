// What an artefact on disk permits, asked without a policy: `polc query --artefact`, `polc explain --artefact`.
//   auto artefact = ArtefactAsked::open(file, request, backends, sink);
//   artefact->ask(boxes, sink).kind == ArtefactAnswer::Kind::allow
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "diag/source.hpp"
#include "driver/asked.hpp"
#include "driver/foreign.hpp"
#include "driver/questions.hpp"
#include "eval/lookup.hpp"

namespace polc::driver {

struct ArtefactAnswer {
  /// unknown: it is possible and not sure, for what the reader cannot know. in_part: of calls, with the one and the other.
  enum class Kind : std::uint8_t { allow, deny, in_part, unknown } kind = Kind::deny;
  std::optional<ir::Point> point;    // the access that is shown; none: no access is named
  std::optional<ir::Point> refused;  // in_part: that is permitted, this is not
  unsigned line = 0;                 // of the artefact, that decides `point`; 0: none does
  bool is_only_told = false;         // it would be refused, but the artefact only has it logged
};
std::string_view name_of(ArtefactAnswer::Kind kind);

class ArtefactAsked {
 public:
  /// nullopt: it cannot be read; reported.
  static std::optional<ArtefactAsked> open(ArtefactFile file, const CompileRequest& request, Backends backends, diag::Sink& sink);

  ArtefactAnswer ask(const AccessBoxes& boxes, diag::Sink& sink);
  /// The access in the policy language's words, as a set. nullopt: reported.
  std::optional<AccessBoxes> boxes_of(const ast::Access& access, diag::Sink& sink) const;

  /// For people: the answer, the line, and with `all` what else speaks of it and what the artefact says that shows in no access.
  Answer told(const ArtefactAnswer& answer, bool all) const;
  /// What it permits and refuses, line by line, what no line decides, and what shows in no access.
  std::string overview() const;
  /// A line's number, with the name of the file where it is another one's; `-`: none.
  std::string place_in_words(unsigned line) const;

 private:
  ArtefactAsked(ArtefactFile file, ForeignTarget target, target::Reading reading);
  std::optional<ArtefactAnswer> ask_points(const AccessBoxes& boxes);
  ArtefactAnswer ask_sets(const AccessBoxes& boxes, diag::Sink& sink) const;
  ArtefactAnswer finished(ArtefactAnswer answer);
  std::string line_text(unsigned line) const;
  std::string directives_in_words() const;
  /// Of the parts that name it, whatever they say; sorted.
  std::vector<unsigned> lines_naming(const ir::Point& point) const;

  ArtefactFile file_;
  ForeignTarget target_;
  target::Reading reading_;
  bool is_certain_;
  eval::Meaning at_most_, at_least_;
  eval::Lookup possible_, sure_, lines_;
};

/// An access a line, an answer a line in the same order: the answer's word, a tab, and the line that decides (`-`: none). What is no
/// access is answered `?`, a tab and what is wrong with it. False: there was such a line.
class ArtefactBatch {
 public:
  explicit ArtefactBatch(ArtefactAsked artefact) : artefact_(std::move(artefact)) {}
  std::string answer(std::string_view access);
  bool understood_all() const { return understood_all_; }

 private:
  ArtefactAsked artefact_;
  bool understood_all_ = true;
};

}  // namespace polc::driver
