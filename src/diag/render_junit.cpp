#include <fmt/format.h>

#include "diag/display.hpp"
#include "diag/render_review.hpp"

namespace polc::diag {
namespace {

// printable() leaves valid UTF-8 without control characters; of that XML 1.0 forbids U+FFFE and U+FFFF alone.
std::string escaped(std::string_view text) {
  std::string result;
  const std::string shown = printable(text);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const std::string_view rest = std::string_view(shown).substr(i);
    if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
      result += rest[2] == '\xBE' ? "\\u{FFFE}" : "\\u{FFFF}";
      i += 2;
    } else if (shown[i] == '<') result += "&lt;";
    else if (shown[i] == '>') result += "&gt;";
    else if (shown[i] == '&') result += "&amp;";
    else if (shown[i] == '"') result += "&quot;";
    else result += shown[i];
  }
  return result;
}

}  // namespace

std::string render_junit(const SourceMap& sources, std::span<const Diagnostic> findings) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  text += fmt::format("<testsuite name=\"polc lint\" tests=\"{0}\" failures=\"{0}\">\n", findings.size());
  for (const Diagnostic& finding : findings) {
    const std::string place = finding.located ? escaped(place_of(sources, finding.range)) : "polc";
    text += fmt::format("  <testcase classname=\"{}\" name=\"{}\">\n", finding.id, place);
    text += fmt::format("    <failure type=\"{}\" message=\"{}\"/>\n  </testcase>\n", name_of(finding.severity), escaped(finding.message));
  }
  return text + "</testsuite>\n";
}

}  // namespace polc::diag
