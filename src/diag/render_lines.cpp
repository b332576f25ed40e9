#include <fmt/format.h>

#include "diag/display.hpp"
#include "diag/render_review.hpp"

namespace polc::diag {
namespace {

// In a workflow command these end a value or the command.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '%' || c == '\r' || c == '\n' || c == ':' || c == ',') result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else result += c;
  }
  return result;
}

std::string_view command_of(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::info: return "notice";
  }
  return "notice";
}

}  // namespace

std::string render_gcc(const SourceMap& sources, std::span<const Diagnostic> findings) {
  std::string text;
  for (const Diagnostic& finding : findings) {
    const auto place = finding.located ? printable(place_of(sources, finding.range)) : std::string("polc");
    const auto severity = finding.severity == Severity::info ? "note" : name_of(finding.severity);
    text += fmt::format("{}: {}: {} [{}]\n", place, severity, printable(finding.message), finding.id);
  }
  return text;
}

std::string render_github(const SourceMap& sources, std::span<const Diagnostic> findings) {
  std::string text;
  for (const Diagnostic& finding : findings) {
    std::string place;
    if (finding.located) {
      const auto at = sources.position_of(finding.range.file, finding.range.begin);
      place = fmt::format("file={},line={},col={},", escaped(printable(sources.name_of(finding.range.file))), at.line, at.column);
    }
    text += fmt::format("::{} {}title={}::{}\n", command_of(finding.severity), place, finding.id, escaped(printable(finding.message)));
  }
  return text;
}

}  // namespace polc::diag
