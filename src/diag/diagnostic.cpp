#include "diag/diagnostic.hpp"

namespace polc::diag {

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::info: return "info";
  }
  return "error";
}

std::string_view name_of(NoteKind kind) {
  switch (kind) {
    case NoteKind::note: return "note";
    case NoteKind::used_here: return "used_here";
    case NoteKind::opened_by: return "opened_by";
    case NoteKind::step: return "step";
    case NoteKind::help: return "help";
    case NoteKind::usage: return "usage";
  }
  return "note";
}

}  // namespace polc::diag
