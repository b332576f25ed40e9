#include <nlohmann/json.hpp>

#include "diag/fixes.hpp"
#include "diag/render.hpp"

namespace polc::diag {
namespace {

// Keys in the order in which they are written: the output is read by people too, and compared byte by byte.
using Json = nlohmann::ordered_json;

void add_place(Json& to, const SourceMap& sources, SourceRange range) {
  const auto begin = sources.position_of(range.file, range.begin);
  const auto end = sources.position_of(range.file, range.end);
  to["file"] = sources.name_of(range.file);
  to["line"] = begin.line;
  to["column"] = begin.column;
  to["endLine"] = end.line;
  to["endColumn"] = end.column;
}

Json json_of(const SourceMap& sources, const Diagnostic& diagnostic) {
  Json result;
  result["id"] = diagnostic.id;
  result["name"] = diagnostic.name;
  result["severity"] = name_of(diagnostic.severity);
  result["message"] = diagnostic.message;
  if (diagnostic.located) add_place(result, sources, diagnostic.range);
  auto& notes = result["notes"] = Json::array();
  for (const auto& note : diagnostic.notes) {
    Json one;
    one["kind"] = name_of(note.kind);
    one["message"] = note.text;
    if (note.located) add_place(one, sources, note.range);
    notes.push_back(std::move(one));
  }
  auto& fixes = result["fixes"] = Json::array();
  const bool safe = safety_of(sources, diagnostic) == Safety::safe;
  for (const auto& fix : edits_of(sources, diagnostic)) {
    Json one;
    one["text"] = fix.text;
    one["safe"] = safe;
    add_place(one, sources, fix.range);
    fixes.push_back(std::move(one));
  }
  return result;
}

}  // namespace

std::string render_json(const SourceMap& sources, std::span<const Diagnostic> diagnostics) {
  Json document;
  document["version"] = 1;
  auto& list = document["diagnostics"] = Json::array();
  for (const auto& diagnostic : diagnostics) list.push_back(json_of(sources, diagnostic));
  constexpr int indentation = 2;
  // Invalid UTF-8 from a policy becomes U+FFFD; it must not make the whole document unreadable.
  return document.dump(indentation, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace polc::diag
