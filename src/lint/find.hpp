// Findings in one policy, from its meaning: which rule allows a danger, whatever the spelling that leads there.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "diag/sink.hpp"
#include "eval/meaning.hpp"
#include "lint/dangers.hpp"

namespace polc::lint {

/// A row of dangers(), lowered to one configuration: is any of these allows, less the denies, in the policy?
struct Asked {
  const diag::Kind<std::string>* kind = nullptr;
  std::vector<eval::Part> parts;
};

using Spelling = std::function<std::string(const ir::Point&)>;

/// One finding for each check and rule, with the first access that shows it. False: too complex to see everything.
bool find(const ir::Policy& policy, const eval::Meaning& meaning, std::vector<Asked> asked, const Spelling& text_of, diag::Sink& sink);

}  // namespace polc::lint
