// The text of an imported policy: its statements, with the artefact's comments and paragraphs. Private to src/driver.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "driver/import_statements.hpp"

namespace polc::driver {

/// "wider", "narrower" ...: what has to be accepted of a statement, by its place in ScriptText::lines.
using Accepted = std::map<std::size_t, std::set<std::string>>;

struct ScriptText {
  std::string text;                                 // a statement a line, not laid out
  std::vector<unsigned> lines = {};                 // of each statement of the blocks and then of the body, in `text`
  std::vector<const Statement*> statements = {};    // the same statements
  std::size_t counted = 0;                          // the bytes before the last of them
};

class ScriptWriter {
 public:
  ScriptWriter(std::string_view artefact, std::string_view file_name, std::string_view target, std::string_view policy);

  ScriptText write(const Script& script, const Accepted& accepted) const;

 private:
  std::string heading() const;
  std::string comments_between(unsigned after, unsigned before) const;
  void add(ScriptText& written, const Statement& statement, const Accepted& accepted) const;

  std::string file_name_, target_, policy_;
  std::vector<std::string_view> lines_;
  unsigned heading_end_ = 0;  // the last line of the heading; 0: there is none
};

/// The comment of a line, from its `#` on; of systrace, gradm and apparmor_parser alike a `#` in quotes begins none. Empty: it has none.
std::string_view comment_of(std::string_view line);

}  // namespace polc::driver
