#include "driver/import_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "support/lines.hpp"

namespace polc::driver {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(blanks);
  return begin == text.npos ? std::string_view() : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool is_comment(std::string_view line) { return !line.empty() && line.data() == comment_of(line).data(); }

/// A comment that the language takes: of other bytes than UTF-8, or with a control character, it is left out.
bool is_plain(std::string_view comment) {
  for (const char c : comment)
    if (static_cast<unsigned char>(c) >= 0x7F || (static_cast<unsigned char>(c) < 0x20 && c != '\t')) return false;
  return true;
}

}  // namespace

std::string_view comment_of(std::string_view line) {
  bool inside = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') inside = !inside;
    const bool begins = line[i] == '#' && !inside && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t');
    if (begins && !line.substr(i).starts_with("#include")) return line.substr(i);
  }
  return {};
}

ScriptWriter::ScriptWriter(std::string_view artefact, std::string_view file_name, std::string_view target, std::string_view policy)
    : file_name_(file_name.substr(file_name.rfind('/') + 1)), target_(target), policy_(policy) {
  while (!artefact.empty()) lines_.push_back(trimmed(take_line(artefact)));
  while (heading_end_ < lines_.size() && is_comment(lines_[heading_end_])) ++heading_end_;
}

// What stands on top: a licence, who wrote it.
std::string ScriptWriter::heading() const {
  std::string out;
  for (unsigned line = 0; line < heading_end_; ++line)
    if (is_plain(lines_[line])) out += fmt::format("{}\n", lines_[line]);
  return out;
}

// Comments of lines that no statement says go with the next one.
std::string ScriptWriter::comments_between(unsigned after, unsigned before) const {
  std::string out;
  bool is_new_paragraph = false;
  for (unsigned line = std::max(after, heading_end_) + 1; line <= before && line <= lines_.size(); ++line) {
    const std::string_view text = lines_[line - 1], comment = comment_of(text);
    is_new_paragraph |= text.empty() || (is_comment(text) && line < before);
    if (!comment.empty() && is_plain(comment)) out += fmt::format("{}\n", comment);
  }
  return (is_new_paragraph ? "\n" : "") + out;
}

void ScriptWriter::add(ScriptText& written, const Statement& statement, const Accepted& accepted) const {
  if (const auto found = accepted.find(written.lines.size()); found != accepted.end())
    for (const std::string& verdict : found->second) written.text += fmt::format("@accept({}: {}, \"as imported\")\n", verdict, target_);
  const unsigned before = written.lines.empty() ? 1 : written.lines.back();
  const auto from = written.text.begin() + static_cast<std::ptrdiff_t>(written.counted);
  written.lines.push_back(before + static_cast<unsigned>(std::count(from, written.text.end(), '\n')));
  written.counted = written.text.size();
  written.statements.push_back(&statement);
  written.text += statement.text + (statement.is_raw() ? "\n" : ";\n");
}

ScriptText ScriptWriter::write(const Script& script, const Accepted& accepted) const {
  ScriptText written;
  std::string& text = written.text;
  // A name with a line break would end the comment.
  if (is_plain(file_name_)) text += fmt::format("# Made by polc import {} of {}.\n", target_, file_name_);
  text += heading() + "language 1;\n";
  for (const Block& block : script.blocks) {
    text += "\n" + (is_plain(block.file) ? fmt::format("# {}\n", block.file) : "") + fmt::format("abstraction {} {{\n", block.name);
    for (const Statement& statement : block.body) add(written, statement, accepted);
    text += "}\n";
  }
  text += fmt::format("\npolicy {} {{\n", policy_);
  for (const Statement& head : script.heads) text += head.text + ";\n";
  if (!script.options.empty()) {
    text += fmt::format("\ntarget {} {{\n", target_);
    for (const auto& [key, value] : script.options) text += fmt::format("option {} = {};\n", key, value);
    text += "}\n";
  }
  text += "\n";
  unsigned last = 0;
  for (const Statement& head : script.heads) last = std::max(last, head.last());
  for (const Statement& statement : script.body) {
    if (statement.last() > last) {
      text += comments_between(last, statement.last());
      last = statement.last();
    }
    add(written, statement, accepted);
  }
  text += comments_between(last, static_cast<unsigned>(lines_.size())) + "}\n";
  return written;
}

}  // namespace polc::driver
