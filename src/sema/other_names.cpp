#include "sema/other_names.hpp"

#include <algorithm>

namespace polc::sema {
namespace {

struct OtherName {
  std::string_view other, name;
};
// Of Debian, of uname -m, of Go and of the compilers.
constexpr OtherName architectures[] = {
    {"amd64", "x86_64"}, {"x86-64", "x86_64"}, {"i386", "x86"},   {"i486", "x86"},    {"i586", "x86"},        {"i686", "x86"},
    {"arm64", "aarch64"}, {"armhf", "arm"},    {"armel", "arm"},  {"armv7l", "arm"},  {"ppc64el", "ppc64le"}, {"powerpc64le", "ppc64le"},
};

}  // namespace

std::optional<std::string_view> arch_called(std::string_view name) {
  const auto found = std::find_if(std::begin(architectures), std::end(architectures), [&](const OtherName& one) { return one.other == name; });
  return found == std::end(architectures) ? std::nullopt : std::optional(found->name);
}

std::string upper_case(std::string_view name) {
  std::string text(name);
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::string folded(std::string_view name, std::string_view prefix) {
  std::string text(name);
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text.starts_with(prefix) && text.size() > prefix.size() ? text.substr(prefix.size()) : text;
}

}  // namespace polc::sema
