// "did you mean": the one word that a misspelt one was probably meant to be.
#pragma once

#include <span>
#include <string_view>

namespace polc::syntax {

/// The nearest of `words`, if it is near enough to be meant; empty when none is. Of equally near ones, the first.
std::string_view nearest_to(std::string_view word, std::span<const std::string_view> words);

}  // namespace polc::syntax
