#include "diag/fixes.hpp"

#include <algorithm>
#include <string_view>

namespace polc::diag {
namespace {

struct SafeFix {
  std::string_view id;
  std::string_view why;
};
// Every other hint is a guess, and followed only when the user asks for guesses.
constexpr SafeFix safe_fixes[] = {
    {"P1006", "a byte order mark says nothing"},
    {"P1010", "there is one language"},
    {"P1029", "`&&` and `||` are `and` and `or` wherever they are written"},
    {"P1030", "a comment stays a comment"},
    {"P2041", "`/./` is `/`"},
    {"P2043", "`//` is `/`"},
    {"P2044", "POSIX resolves a directory's name with `/` behind it to the directory"},
    {"P4065", "the same numbers"},
    {"P4081", "another rule allows or denies all of it"},
    {"P4083", "what it brings is there once, however often it is named"},
    {"P4085", "nothing asks for the name"},
    {"P5005", "the other word for what is open is the verdict's, and this one accepts nothing"},
    {"P4090", "there is nothing that it suppresses"},
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

bool is_deletion(const FixIt& fix) { return fix.text.empty() && fix.range.begin != fix.range.end; }

// Whoever wrote a comment, or the reason of a rule, wants to see what becomes of it.
bool loses_words(std::string_view id, std::string_view replaced, std::string_view text) {
  if (replaced.find('#') != replaced.npos && text.find('#') == text.npos) return true;
  return id == "P4081" && replaced.starts_with('@');
}

FixIt tidied(const SourceMap& sources, const FixIt& fix) {
  if (!is_deletion(fix)) return fix;
  const std::string_view text = sources.text_of(fix.range.file);
  std::uint32_t before = fix.range.begin, after = fix.range.end;
  while (before > 0 && is_blank(text[before - 1])) --before;
  while (after < text.size() && is_blank(text[after])) ++after;
  const bool begins_line = before == 0 || text[before - 1] == '\n';
  // A comment behind what stands alone on its line is about it, and would be read as being about the next line.
  if (begins_line && after < text.size() && text[after] == '#') after = static_cast<std::uint32_t>(std::min(text.find('\n', after), text.size()));
  const bool ends_line = after == text.size() || text[after] == '\n';
  FixIt wide = fix;
  if (begins_line && ends_line) wide.range = {fix.range.file, before, after + (after < text.size() ? 1u : 0u)};
  else if (ends_line) wide.range.begin = before;
  else wide.range.end = after;
  return wide;
}

// Two deletions side by side, with nothing of interest between.
bool are_one(const SourceMap& sources, const FixIt& first, const FixIt& second) {
  if (!is_deletion(first) || !is_deletion(second) || first.range.file != second.range.file || first.range.end > second.range.begin) return false;
  const std::string_view between = sources.text_of({first.range.file, first.range.end, second.range.begin});
  return std::all_of(between.begin(), between.end(), is_blank);
}

bool overlap(const FixIt& a, const FixIt& b) {
  return (a.range.begin < b.range.end && b.range.begin < a.range.end) || a.range.begin == b.range.begin;
}

}  // namespace

Safety safety_of(const SourceMap& sources, const Diagnostic& diagnostic) {
  if (diagnostic.fixes.empty()) return Safety::no_fix;
  const bool listed = std::any_of(std::begin(safe_fixes), std::end(safe_fixes), [&](const SafeFix& safe) { return safe.id == diagnostic.id; });
  if (!listed) return Safety::unsafe;
  for (const FixIt& fix : diagnostic.fixes)
    if (loses_words(diagnostic.id, sources.text_of(fix.range), fix.text)) return Safety::unsafe;
  return Safety::safe;
}

std::vector<FixIt> edits_of(const SourceMap& sources, const Diagnostic& diagnostic) {
  std::vector<FixIt> fixes = diagnostic.fixes;
  std::sort(fixes.begin(), fixes.end(), [](const FixIt& a, const FixIt& b) { return a.range < b.range; });
  std::vector<FixIt> edits;
  for (const FixIt& fix : fixes) {
    if (!edits.empty() && are_one(sources, edits.back(), fix)) edits.back().range.end = fix.range.end;
    else edits.push_back(fix);
  }
  for (FixIt& edit : edits) edit = tidied(sources, edit);
  return edits;
}

std::string with_fixes(const SourceMap& sources, SourceId file, std::span<const Diagnostic> diagnostics) {
  std::vector<FixIt> taken;
  for (const Diagnostic& diagnostic : diagnostics) {
    const std::vector<FixIt> own = edits_of(sources, diagnostic);
    const bool fits = std::all_of(own.begin(), own.end(), [&](const FixIt& fix) {
      return fix.range.file == file && std::none_of(taken.begin(), taken.end(), [&](const FixIt& other) { return overlap(fix, other); });
    });
    if (fits) taken.insert(taken.end(), own.begin(), own.end());
  }
  std::sort(taken.begin(), taken.end(), [](const FixIt& a, const FixIt& b) { return a.range.begin > b.range.begin; });
  std::string text(sources.text_of(file));
  for (const FixIt& fix : taken) text.replace(fix.range.begin, fix.range.end - fix.range.begin, fix.text);
  return text;
}

}  // namespace polc::diag
