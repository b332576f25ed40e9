#include "cli/completion.hpp"

#include <fmt/format.h>

namespace polc::cli {
namespace {

enum class Takes : std::uint8_t { nothing_known, words, policies, files, directories };

Takes takes(const OptionText& option) {
  if (!option.words.empty()) return Takes::words;
  if (option.value == "DIR") return Takes::directories;
  if (option.is_positional && (option.value == "FILE" || option.value == "OLD" || option.value == "NEW")) return Takes::policies;
  if (option.value == "FILE" || option.value == "OUT" || option.value == "ARTEFACT") return Takes::files;
  return Takes::nothing_known;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) { return fmt::format("{}", fmt::join(words, between)); }

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += by.size()) text.replace(at, what.size(), by);
  return text;
}

std::string quoted(const std::string& text) { return "'" + replaced(text, "'", "'\\''") + "'"; }

std::vector<std::string> names_of(const std::vector<VerbText>& verbs) {
  std::vector<std::string> names;
  for (const VerbText& verb : verbs)
    if (!verb.name.empty()) names.push_back(verb.name);
  return names;
}

std::vector<std::string> option_names(const VerbText& verb) {
  std::vector<std::string> names;
  for (const OptionText& option : verb.options) names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

// ---- bash

std::string bash_action(const OptionText& option) {
  switch (takes(option)) {
    case Takes::words: return "words=" + quoted(joined(option.words, " "));
    case Takes::policies: return "kind=policies";
    case Takes::files: return "kind=files";
    case Takes::directories: return "kind=directories";
    case Takes::nothing_known: break;
  }
  return "kind=nothing";
}

std::string bash_values(const std::vector<VerbText>& verbs) {
  std::string cases;
  for (const VerbText& verb : verbs)
    for (const OptionText& option : verb.options) {
      if (option.is_positional || option.value.empty()) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names) patterns.push_back(quoted(verb.name + " " + name));
      cases += fmt::format("    {}) {} ;;\n", joined(patterns, " | "), bash_action(option));
    }
  return cases;
}

std::string bash_arguments(const std::vector<VerbText>& verbs) {
  std::string cases;
  for (const VerbText& verb : verbs) {
    std::string action = "kind=nothing";
    for (const OptionText& option : verb.options)
      if (option.is_positional) {
        action = bash_action(option);
        if (takes(option) != Takes::nothing_known) break;
      }
    cases += fmt::format("    {}) options={}; [ -n \"$words$kind\" ] || {} ;;\n", quoted(verb.name), quoted(joined(option_names(verb), " ")), action);
  }
  return cases;
}

std::string bash(const CommandLineText& text) {
  std::string script = R"(# bash completion for polc, made by `polc completion bash`
_polc() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} verb='' words='' kind='' options='' head=''
  # bash takes --target=x apart at the `=`
  if [ "$current" = = ]; then
    current=''
  elif [ "$previous" = = ]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if [ "$COMP_CWORD" -gt 1 ]; then
    case ${COMP_WORDS[1]} in
      @VERBS@) verb=${COMP_WORDS[1]} ;;
    esac
  fi
  case "$verb $previous" in
@VALUES@  esac
  case $verb in
@ARGUMENTS@  esac
  COMPREPLY=()
  case $current in
    -*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current"); return ;;
    *,*) head=${current%,*}, ;;
  esac
  if [ -n "$words" ]; then
    mapfile -t COMPREPLY < <(compgen -P "$head" -W "$words" -- "${current##*,}")
    return
  fi
  case $kind in
    policies) mapfile -t COMPREPLY < <(compgen -f -X '!*.pol' -- "$current"; compgen -d -- "$current") ;;
    files) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    directories) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
  esac
  compopt -o filenames 2> /dev/null
  if [ "$COMP_CWORD" -eq 1 ]; then mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "@NAMES@" -- "$current"); fi
}
complete -F _polc polc
)";
  const auto names = names_of(text.verbs);
  script = replaced(std::move(script), "@VERBS@", joined(names, " | "));
  script = replaced(std::move(script), "@NAMES@", joined(names, " "));
  script = replaced(std::move(script), "@VALUES@", bash_values(text.verbs));
  return replaced(std::move(script), "@ARGUMENTS@", bash_arguments(text.verbs));
}

// ---- zsh

std::string zsh_action(const OptionText& option) {
  switch (takes(option)) {
    case Takes::words: return option.is_list ? "_values -s , value " + joined(option.words, " ") : "(" + joined(option.words, " ") + ")";
    case Takes::policies: return "_files -g \"*.pol\"";
    case Takes::files: return "_files";
    case Takes::directories: return "_directories";
    case Takes::nothing_known: break;
  }
  return " ";
}

std::string zsh_help(std::string help) {
  for (const std::string_view special : {"\\", ":", "[", "]"}) help = replaced(std::move(help), special, "\\" + std::string(special));
  return help;
}

std::string zsh_arguments(const VerbText& verb) {
  std::string lines;
  for (const OptionText& option : verb.options) {
    if (option.is_positional) {
      lines += " \\\n        " + quoted("*:" + zsh_help(option.value) + ":" + zsh_action(option));
      continue;
    }
    for (const std::string& name : option.names) {
      const bool is_long = name.starts_with("--");
      const std::string value = option.value.empty() ? "" : ":" + option.value + ":" + zsh_action(option);
      lines += " \\\n        " + quoted(name + (value.empty() ? "" : is_long ? "=" : "+") + "[" + zsh_help(option.help) + "]" + value);
    }
  }
  // One rest of the arguments is enough; the first says what they are.
  const std::size_t first = lines.find("'*:");
  for (std::size_t next; first != lines.npos && (next = lines.find(" \\\n        '*:", first + 1)) != lines.npos;)
    lines.erase(next, lines.find('\n', next + 3) - next - (lines.find('\n', next + 3) == lines.npos ? 0 : 2));
  return lines;
}

std::string zsh(const CommandLineText& text) {
  std::string script = "#compdef polc\n# zsh completion for polc, made by `polc completion zsh`\n_polc() {\n  local verb=''\n  case $words[2] in\n    " +
                       joined(names_of(text.verbs), " | ") + ") (( CURRENT > 2 )) && verb=$words[2] ;;\n  esac\n  if (( CURRENT == 2 )); then\n    local -a verbs=(";
  for (const VerbText& verb : text.verbs)
    if (!verb.name.empty()) script += "\n      " + quoted(verb.name + ":" + zsh_help(verb.summary));
  script += "\n    )\n    _describe verb verbs\n  fi\n  [[ -n $verb ]] && { shift words; (( CURRENT-- )) }\n  case $verb in\n";
  for (const VerbText& verb : text.verbs) script += "    " + quoted(verb.name) + ")\n      _arguments" + zsh_arguments(verb) + " ;;\n";
  return script + "  esac\n}\nif [ \"$funcstack[1]\" = _polc ]; then _polc \"$@\"; else compdef _polc polc; fi\n";
}

// ---- fish

std::string fish_option(const OptionText& option, const std::string& condition) {
  std::string line = "complete -c polc -n " + quoted(condition);
  for (const std::string& name : option.names) line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  switch (takes(option)) {
    case Takes::words:
      if (option.is_list) line += " -x -a " + quoted("(__fish_append , " + joined(option.words, " ") + ")");
      else line += " -x -a " + quoted(joined(option.words, " "));
      break;
    case Takes::directories: line += " -x -a '(__fish_complete_directories)'"; break;
    case Takes::policies:
    case Takes::files: line += " -r -F"; break;
    case Takes::nothing_known: line += option.value.empty() ? "" : " -x"; break;
  }
  return line + (option.is_positional ? "" : " -d " + quoted(option.help)) + "\n";
}

std::string fish(const CommandLineText& text) {
  const std::string names = joined(names_of(text.verbs), " ");
  std::string script = "# fish completion for polc, made by `polc completion fish`\ncomplete -c polc -f\n";
  for (const VerbText& verb : text.verbs)
    if (!verb.name.empty()) script += "complete -c polc -n __fish_is_first_arg -a " + verb.name + " -d " + quoted(verb.summary) + "\n";
  for (const VerbText& verb : text.verbs) {
    const std::string condition = verb.name.empty() ? "not __fish_seen_subcommand_from " + names : "__fish_seen_subcommand_from " + verb.name;
    for (const OptionText& option : verb.options) {
      const Takes kind = takes(option);
      if (!option.is_positional) script += fish_option(option, condition);
      else if (kind == Takes::policies) script += "complete -c polc -n " + quoted(condition) + " -k -a '(__fish_complete_suffix .pol)'\n";
      else if (kind == Takes::words) script += "complete -c polc -n " + quoted(condition) + " -a " + quoted(joined(option.words, " ")) + "\n";
      else if (kind == Takes::files) script += "complete -c polc -n " + quoted(condition) + " -F\n";
    }
  }
  return script;
}

}  // namespace

std::string completion(const CommandLineText& text, std::string_view shell) {
  if (shell == "bash") return bash(text);
  return shell == "zsh" ? zsh(text) : fish(text);
}

}  // namespace polc::cli
