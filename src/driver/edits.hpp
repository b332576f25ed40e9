// The edit of a policy that would allow an access: compiled and tried before it is shown.
//   const auto edit = editor.find_edit(rule, "syscall pwritev", boxes)
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "driver/compile.hpp"
#include "driver/load.hpp"
#include "learn/observed.hpp"

namespace polc::driver {

struct Edit {
  std::string words;                     // "add: allow syscall pwritev;", "policies/a.pol:12: allow read "/a", "/b";"
  std::vector<std::string> findings;     // what lint asks about it: "P4042: ..."
  std::string file, text;                // the whole file with it
};

class Editor {
 public:
  Editor(const std::vector<std::string>& files, const sema::Program& program, const CompileRequest& request, const std::vector<std::string>& directories,
         const diag::SourceMap& sources);

  /// First a name more in the nearest rule's list, if that stands in a file of the user's; else a rule of its own. nullopt: neither
  /// allows it.
  std::optional<Edit> find_edit(const ir::Policy& policy, std::optional<ir::RuleId> nearest, const std::string& access, const learn::Boxes& boxes);

 private:
  struct Insertion {
    diag::SourceId file;
    std::size_t at = 0;
    std::string text;
    std::string words;
  };
  std::optional<Insertion> into_rule(const ir::Rule& rule, const learn::Boxes& boxes) const;
  std::optional<Insertion> own_rule(const ir::Policy& policy, const std::string& access) const;
  std::optional<Edit> tried(const ir::Policy& policy, const Insertion& insertion, const learn::Boxes& boxes);
  Texts read_texts() const;
  std::vector<std::string> new_findings(const sema::Program& changed, diag::SourceMap& sources);
  const ast::Rule* rule_at(diag::SourceRange range) const;

  const std::vector<std::string>& files_;
  const sema::Program& program_;
  const CompileRequest& request_;
  const std::vector<std::string>& directories_;
  const diag::SourceMap& sources_;
  std::optional<std::set<std::string>> before_;  // what lint asks about the policy as it is
};

}  // namespace polc::driver
