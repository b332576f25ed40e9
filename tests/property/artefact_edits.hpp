// Edits of an artefact as a hand, or an attacker, might make them, whatever its language: nothing here knows a target.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace polc::property {

struct Edit {
  std::string what;  // "line 7 without `deny`: deny /etc/shadow r,"
  std::string text;  // the whole artefact
};

/// Every line left out, put behind the next, and changed: each word left out, put in the place of another one of the text, with a letter or
/// digit changed; each sign left out. Comments are left alone, and no edit is the text itself. The same for the same seed.
std::vector<Edit> edits_of(const std::string& text, std::uint64_t seed);

/// Is the line a comment in some target's language, or blank?
bool is_comment(const std::string& line);

}  // namespace polc::property
