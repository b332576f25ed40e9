// An artefact as a policy: what its lines say in the language's words, compiled again for the same target and compared with what was read.
//   auto imported = import_artefact({"tor.systrace", text}, "tor", request, true, backends, sink);
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/compile.hpp"
#include "driver/verify.hpp"

namespace polc::driver {

/// What became of a line of the artefact.
struct ImportedLine {
  enum class Outcome : std::uint8_t {
    said,     // in statements, or by what others bring
    raw,      // kept as raw text
    neutral,  // it shows in no access
    dropped,  // neither the language nor raw text can say it
    unknown,  // the reader cannot know what it permits
  };
  unsigned line = 0;  // 1-based; of what is included the line of the include
  std::string file;   // that it was included from; empty: the artefact itself
  std::string text;
  Outcome outcome = Outcome::said;
  std::string why = {};
  bool is_in_file = false;  // the line is one of `file`, a drop-in
  unsigned written = 0;  // the first line of the policy that says it; 0: none
};
std::string_view name_of(ImportedLine::Outcome outcome);

struct Imported {
  std::string name;    // the policy's
  std::string policy;  // as polc fmt lays it out
  std::vector<ImportedLine> lines;
  bool is_checked = false;               // it was compiled again:
  bool compiles = false;                 // without an error
  bool is_equal = false;                 // it then permits the same, and says the same beside
  std::vector<std::string> differences;  // else how not, in the words of `polc verify`
};

/// The targets whose artefacts can be imported.
std::vector<std::string_view> importable(Backends backends);

/// `name`: of the policy; empty: after the file. `request` has the one target, its options, format and architecture; `is_checked`: it is
/// compiled again. nullopt: it cannot be read; reported.
std::optional<Imported> import_artefact(const ArtefactFile& file, std::string_view name, const CompileRequest& request, bool is_checked,
                                        Backends backends, diag::Sink& sink);

/// For machines: the counts, and an entry for each line of the artefact that says something.
std::string json_of(const Imported& imported, std::string_view target);
/// For people, in one line: "tor: 78 lines: 78 said; compiled again: equal".
std::string summary_of(const Imported& imported);

}  // namespace polc::driver
