// Single edits of an artefact: each line left out, swapped with the next, and made to say more or less, as a hand might.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace polc::property {

struct Mutant {
  std::string what;  // "line 7: `deny` -> `allow`"
  std::string text;
};
/// Every mutant once; none equals the text.
std::vector<Mutant> mutants_of(std::string_view target, const std::string& text);

}  // namespace polc::property
