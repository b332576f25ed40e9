#include "learn/write.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "format/words.hpp"
#include "learn/evidence_text.hpp"

namespace polc::learn {
namespace {

// What stands in a comment: no line end, and nothing that a terminal would obey.
std::string shown(const std::string& name) { return field_of(name); }

class Writer {
 public:
  Writer(const std::vector<Source>& sources, const std::string& base) : sources_(sources), base_(base) {}

  std::string file(const std::vector<Named>& policies) {
    for (const Source& source : sources_)
      if (!source.is_complete) text_ += fmt::format("# Incomplete: {} says itself that it lost records, so that rules may be missing.\n", shown(source.name));
    text_ += "# Learned by polc. A line says where its rule was seen first; review them all before use.\n";
    for (const Source& source : sources_) text_ += fmt::format("#   {}: {}, {} lines, {} events\n", shown(source.name), source.kind, source.lines, source.events);
    text_ += "language 1;\n\nimport \"std/linux.pol\";\n";
    if (!base_.empty()) text_ += fmt::format("import {};\n", format::quoted(base_));
    for (const Named& policy : policies) add(policy);
    return std::move(text_);
  }

 private:
  void add(const Named& policy) {
    if (!base_.empty()) return add_overlay(policy);
    text_ += fmt::format("\npolicy {} {{\nprogram {};\ndeploy apparmor, seccomp;\n", policy.name, format::quoted_path(policy.program));
    text_ += "default kill;\ndefault deny errno EACCES for file, net;\n";
    for (const auto& [error, calls] : policy.draft.answers) text_ += fmt::format("default deny errno {} for {};\n", error, fmt::join(calls, ", "));
    rules(policy);
    expectations(policy);
    text_ += "}\n";
  }

  // What fences later edits is the base's own.
  void add_overlay(const Named& policy) {
    text_ += fmt::format("\noverlay learned for {} {{\n", policy.name);
    rules(policy);
    text_ += "}\n";
  }

  void rules(const Named& policy) {
    std::vector<std::string> uses;
    for (const Use& use : policy.draft.uses)
      if (base_.empty() || !use.is_fence) uses.push_back(use.text);
    if (!uses.empty()) text_ += fmt::format("use {};\n", fmt::join(uses, ", "));
    block("files", policy.draft.files, policy.runs);
    block("the network", policy.draft.nets, policy.runs);
    block("calls", policy.draft.calls, policy.runs);
    block("processes", policy.draft.processes, policy.runs);
  }

  void block(std::string_view title, const std::vector<Statement>& statements, std::size_t runs) {
    if (statements.empty()) return;
    text_ += fmt::format("\n# {}\n", title);
    for (const Statement& statement : statements)
      text_ += fmt::format("@learned({})\nallow {};\n", format::quoted(place_text(statement, sources_, runs)), statement.access);
  }

  void expectations(const Named& policy) {
    if (policy.allowed.empty() && policy.denied.empty()) return;
    text_ += "\nexpect {\n";
    for (const std::string& access : policy.allowed) text_ += fmt::format("allow {};\n", access);
    for (const std::string& access : policy.denied) text_ += fmt::format("deny {};\n", access);
    text_ += "}\n";
  }

  const std::vector<Source>& sources_;
  const std::string& base_;
  std::string text_;
};

}  // namespace

std::size_t runs_of(const std::vector<Place>& places, const std::vector<Source>& sources) {
  std::set<std::string> runs;
  for (const Place& place : places) runs.insert(sources[place.source].run);
  return runs.size();
}

std::string place_text(const Statement& statement, const std::vector<Source>& sources, std::size_t runs) {
  const Place first = first_of(statement.places);
  const std::uint64_t count = count_of(statement.places);
  const std::string of = statement.rewrite.empty() ? "" : fmt::format("; {} of {} names", statement.rewrite, statement.names);
  return fmt::format("{}:{} ({} time{}, {} of {} runs{})", shown(sources[first.source].name), first.first_line, count, count == 1 ? "" : "s",
                     runs_of(statement.places, sources), runs, of);
}

std::string write(const std::vector<Named>& policies, const std::vector<Source>& sources, const std::string& base) { return Writer(sources, base).file(policies); }

std::string policy_name(const std::string& program) {
  std::string name = program.substr(program.rfind('/') + 1);
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) name.insert(0, "p_");
  static const std::set<std::string> reserved{"and", "or", "not", "in", "any", "self", "children", "unconfined"};
  return reserved.contains(name) ? name + "_" : name;
}

}  // namespace polc::learn
