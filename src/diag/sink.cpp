#include "diag/sink.hpp"

#include <algorithm>
#include <tuple>

namespace polc::diag {
namespace {

// A file of a million mistakes must not become a million messages; the renderer shows far fewer.
constexpr std::size_t kept_at_most = 10'000;

}  // namespace

Added& Added::note(SourceRange range, std::string text, NoteKind kind) {
  if (all_ != nullptr) (*all_)[place_].notes.push_back({range, std::move(text), true, kind});
  return *this;
}

Added& Added::note(std::string text, NoteKind kind) {
  if (all_ != nullptr) (*all_)[place_].notes.push_back({{}, std::move(text), false, kind});
  return *this;
}

Added& Added::fix(SourceRange range, std::string text) {
  if (all_ != nullptr) (*all_)[place_].fixes.push_back({range, std::move(text)});
  return *this;
}

Added Sink::add_text(std::string_view id, std::string_view name, Severity severity, SourceRange range, bool located,
                     std::string message) {
  if (severity == Severity::error) ++errors_;
  if (diagnostics_.size() >= kept_at_most) return {};
  diagnostics_.push_back({id, name, severity, range, located, std::move(message), {}, {}});
  return {diagnostics_, diagnostics_.size() - 1};
}

void Sink::add_diagnostic(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error) ++errors_;
  if (diagnostics_.size() < kept_at_most) diagnostics_.push_back(std::move(diagnostic));
}

std::vector<Diagnostic> Sink::sorted() const {
  std::vector<Diagnostic> result = diagnostics_;
  const auto place = [](const Diagnostic& d) {
    return std::tuple(!d.located, d.range.file, d.range.begin, d.range.end, d.id);
  };
  std::stable_sort(result.begin(), result.end(), [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
  const auto same = [&](const Diagnostic& a, const Diagnostic& b) {
    return place(a) == place(b) && (a.located || a.message == b.message);
  };
  result.erase(std::unique(result.begin(), result.end(), same), result.end());
  return result;
}

}  // namespace polc::diag
