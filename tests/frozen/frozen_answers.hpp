// What polc answers of one policy on every target, as rows of text.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace polc::frozen {

/// By "CASE TARGET KEY"; KEY is `artefact` (its digest, or that nothing is written) or `RULE:VERDICT` (the witness).
using Rows = std::map<std::string, std::string>;

/// A policy file, with the variants, options and architecture that its first line asks for.
void add_answers_of_file(const std::filesystem::path& path, const std::string& name, const std::string& text, Rows& rows);
/// The generated policy of this seed, on every target, with options drawn by the seed.
void add_answers_of_drawn(std::uint64_t seed, Rows& rows);

}  // namespace polc::frozen
