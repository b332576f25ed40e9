// The printed side: objects, network rules and the text. Takes what legalise left; cannot fail.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "grsecurity/model.hpp"

namespace polc::grsecurity {

target::Artifact emit(const target::LegalPolicy& policy, const diag::SourceMap& sources);

/// What a printer needs of a LegalPolicy.
struct Printed {
  const ir::Policy& policy;
  std::span<const target::LegalRule> rules;
  std::span<const std::string> notes;
  bool is_old = false;
  bool with_skeleton = false;  // format `policy`
};
std::string text_of(const Printed& printed);

/// "/lib rx": one line an object, `/` first, those that say what their parent says left out.
std::vector<std::string> object_lines(const Printed& printed, const std::string& subject);
/// The connect lines, the bind lines and the families.
std::vector<std::string> network_lines(const Printed& printed);

}  // namespace polc::grsecurity
