// What somebody's text says, rule by rule and in its order: what `polc import` makes a policy of.
//   tl::expected<SaidText, ReadError> said = backend.say(text, configuration, settings);
// A backend writes no language: it gives values, and src/format has the words for them. Nobody believes what is said here: the policy is
// compiled again, and its artefact is compared with the text by the target's reader.
#pragma once

#include <string>
#include <vector>

#include "ir/policy.hpp"

namespace polc::target {

/// Where a rule stands.
struct SaidPlace {
  unsigned line = 0;       // 1-based; of what is included the line of the include
  std::string file = {};   // that it was included from: its rules become an abstraction; empty: the text itself
  std::string text = {};   // the rule, where a line may hold several; empty: the line
};

struct SaidRule {
  SaidPlace at;
  ir::Effect effect{};
  std::vector<ir::Box> boxes;
};
/// A line that becomes no rule, and why.
struct SaidLine {
  SaidPlace at;
  std::string why;
};
/// A line for which the language has no words; `raw` goes into the artefact as it stands.
struct SaidRaw {
  SaidPlace at;
  std::string raw, why;
};
struct SaidOption {
  unsigned line = 0;  // 0: what the text leaves out says it
  std::string key, word;  // several words of one key: an option each
};
struct SaidLimit {
  unsigned line = 0;
  ir::Limit limit;
};

struct SaidText {
  std::string name = {};  // what the text calls itself; empty: it has no name
  std::vector<std::string> programs = {};
  unsigned head = 0;  // the line that names them
  std::vector<ir::Default> defaults = {};
  std::vector<SaidOption> options = {};
  std::vector<SaidLimit> limits = {};
  std::vector<SaidRule> rules = {};
  std::vector<SaidRaw> raws = {};
  std::vector<SaidLine> neutral = {};  // what no policy says, and need not
  std::vector<std::string> not_compared = {};  // directives (reader.hpp) that are none of the policy's, on either side; with `*` behind it: what begins so
  std::vector<SaidLine> implied = {};  // what is printed again without a word of the policy's
  std::vector<SaidLine> dropped = {};  // what neither the language nor raw text can say
};

}  // namespace polc::target
