// Boxes by what they have in common, and the merging of those that have.
#pragma once

#include <functional>
#include <string>

#include "opt/passes.hpp"

namespace polc::opt {

enum class Without : std::uint8_t { nothing, verbs, places, ports, addresses, calls, condition };

/// Two parts have one key exactly when they are equal but for the dimension left out; the rules of a written part, not
/// those of an implied one, may differ too.
std::string key_of(const eval::Part& part, Without left_out);

/// Of parts that are equal but for the dimension left out, the first takes in every later one: `take(into, from)` unites the
/// boxes in that dimension, the rules are united here.
/// Parts for which `applies` is false stay as they are. The order of what remains is kept.
Parts merge_by_key(Parts parts, Without left_out, const std::function<bool(const ir::Box&)>& applies,
                   const std::function<void(ir::Box& into, ir::Box&& from)>& take);

}  // namespace polc::opt
