#include <algorithm>

#include <fmt/format.h>

#include "cli/completion.hpp"

namespace polc::cli {
namespace {

// A line's text: a backslash, a dash and what would be a command at a line's start are said so.
std::string roff(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\') result += "\\e";
    else if (c == '-') result += "\\-";
    else if (c == '\n') result += ' ';
    else result += c;
  }
  return !result.empty() && (result.front() == '.' || result.front() == '\'') ? "\\&" + result : result;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

std::string page_of(const VerbText& verb) { return verb.name.empty() ? "polc" : "polc-" + verb.name; }

std::string synopsis(const VerbText& verb) {
  std::string line = ".B polc" + (verb.name.empty() ? "" : " " + verb.name) + "\n";
  bool has_options = false;
  for (const OptionText& option : verb.options) has_options |= !option.is_positional;
  if (has_options) line += ".RI [ options ]\n";
  for (const OptionText& option : verb.options)
    if (option.is_positional) line += option.is_required ? ".I " + roff(option.value) + "\n" : ".RI [ " + roff(option.value) + " ]\n";
  return line;
}

std::string described(const OptionText& option) {
  std::string term;
  for (const std::string& name : option.names) {
    term += (term.empty() ? "\\fB" : ", \\fB") + roff(name) + "\\fR";
    if (!option.value.empty()) term += (name.starts_with("--") ? "=\\fI" : " \\fI") + roff(option.value) + "\\fR";
  }
  if (option.is_positional) term = "\\fI" + roff(option.value) + "\\fR";
  std::string help = roff(option.help);
  if (!option.words.empty() && option.words.size() < 40) help += fmt::format("\n.br\nOne of: {}.", roff(fmt::format("{}", fmt::join(option.words, ", "))));
  return ".TP\n" + term + "\n" + help + "\n";
}

std::string section(std::string_view title, const VerbText& verb, bool positional) {
  std::string lines;
  for (const OptionText& option : verb.options)
    if (option.is_positional == positional) lines += described(option);
  return lines.empty() ? "" : fmt::format(".SH {}\n{}", title, lines);
}

}  // namespace

std::string manual(const CommandLineText& text, std::string_view name, std::string_view version) {
  const auto found = std::find_if(text.verbs.begin(), text.verbs.end(), [&](const VerbText& verb) { return verb.name == name; });
  const VerbText& verb = found == text.verbs.end() ? text.verbs.front() : *found;
  const bool is_main = verb.name.empty();
  std::string page = fmt::format(".TH {} 1 \"\" \"polc {}\" \"polc\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n{}", upper(roff(page_of(verb))), version,
                                 roff(page_of(verb)), is_main ? "sandbox policy compiler" : roff(verb.summary), synopsis(verb));
  page += ".SH DESCRIPTION\n" + roff(is_main ? text.about : "polc " + verb.name + " " + verb.summary + ".") + "\n";
  if (is_main) {
    page += ".PP\nWithout a verb\n.B polc\ncompiles\n.IR FILE .\n.SH VERBS\n";
    for (const VerbText& other : text.verbs)
      if (!other.name.empty()) page += fmt::format(".TP\n.BR polc\\-{} (1)\n{}\n", roff(other.name), roff(other.summary));
  }
  page += section("ARGUMENTS", verb, true) + section("OPTIONS", verb, false);
  page += ".SH EXIT STATUS\n" + roff(text.statuses) + "\n.SH SEE ALSO\n";
  return page + (is_main ? ".BR apparmor (7),\n.BR seccomp (2)\n" : ".BR polc (1)\n");
}

}  // namespace polc::cli
