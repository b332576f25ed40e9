// The passes of pipeline.cpp, one file each; its header comment says why no decision changes.
#pragma once

#include <vector>

#include "eval/meaning.hpp"

namespace polc::opt {

using Parts = std::vector<eval::Part>;

Parts drop_denied(Parts parts);
Parts drop_subsumed(Parts parts);
Parts merge_verbs(Parts parts);
Parts merge_places(Parts parts);
Parts unite_addresses(Parts parts);
Parts merge_process(Parts parts);
Parts merge_calls(Parts parts);
Parts factor_conditions(Parts parts);

}  // namespace polc::opt
