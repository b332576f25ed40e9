#include <algorithm>
#include <iterator>

#include "cli/options.hpp"

namespace polc::cli {
namespace {

// Of all verbs together, since the verb is known only when the words are told apart. Written down, because making every verb's
// table for it takes as long as a tenth of a compile; a test holds the list to the tables.
constexpr std::string_view options_with_values[] = {
    "--abi", "--arch", "--base", "--depfile", "--diagnostics", "--disable-pass", "--distro", "--dump", "--dump-after", "--fail-level",
    "--fail-on", "--fidelity", "--fidelity-out", "--format", "--frame", "--ignore", "--include-dir", "--keep", "--keep-fd", "--learn", "--let", "--mode", "--name", "--no", "--option", "--out",
    "--package", "--policy", "--profile", "--program", "--rare", "--report-out", "--runs", "--select", "--stop-after", "--style", "--target", "--today", "--unit", "--use", "--user",
    "--variant", "--without", "-I", "-o", "-t"};

}  // namespace

bool takes_value(std::string_view option) { return std::ranges::find(options_with_values, option) != std::end(options_with_values); }

}  // namespace polc::cli
