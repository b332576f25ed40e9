// Random patterns over a small alphabet, with every construct of the language, and all short paths over it.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "sets/path_pattern.hpp"

namespace polc::sets {

/// The generator's numbers are fixed by the standard; std::uniform_int_distribution's are not.
class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(engine_() % n); }
  bool one_in(std::uint32_t n) { return below(n) == 0; }
  template <class T>
  const T& of(const std::vector<T>& choices) {
    return choices[below(static_cast<std::uint32_t>(choices.size()))];
  }

 private:
  std::mt19937 engine_;
};

inline const std::vector<std::string> short_names{"a",  "b",  "c",  "aa",       "ab",  "ba",
                                                  "bb", ".a", "ac", "\xC3\xA9", "aab", "\xFF"};

/// All paths of up to `depth` of the short names, shortest number of names first.
inline std::vector<std::string> all_paths(int depth) {
  std::vector<std::string> paths{"/"}, last{""};
  for (int i = 0; i < depth; ++i) {
    std::vector<std::string> next;
    for (const auto& path : last)
      for (const auto& name : short_names) next.push_back(path + "/" + name);
    paths.insert(paths.end(), next.begin(), next.end());
    last = std::move(next);
  }
  return paths;
}

struct SourcePattern {
  std::string text;
  bool tree = false;
  std::vector<PathPattern> plain;
};

inline std::string random_component(Random& random) {
  static const std::vector<std::string> literals{"a", "b", "ab", "aa", ".a", "c"};
  static const std::vector<std::string> globs{"*",     "a*", "*b",     "?",     "?*",  "*a*", "a?",  "[ab]", "[!a]",
                                              "[!b]*", "??", "[a-c]*", "*[!a]", "*.a", ".*",  "a*b", "*a?"};
  static const std::vector<std::string> braces{"{a,b}",  "a{,b}", "{a*,*b}", "{a,b{a,b}}",
                                               "{?,ab}", "{,a}*", "*{a,b}",  "{a,*}"};
  if (random.one_in(6)) return random.of(braces);
  return random.one_in(3) ? random.of(globs) : random.of(literals);
}

inline std::string random_pattern_text(Random& random) {
  static const std::vector<std::string> with_slashes{"/{a,b/a}", "{/a,/b}", "/{a,b/**}",
                                                     "/{*,a/?}", "/a{,/b}", "/{,a/}b"};
  if (random.one_in(40)) return "/";
  std::string text;
  const auto components = 1 + random.below(3);
  for (std::uint32_t i = 0; i < components; ++i) {
    if (random.one_in(7)) text += "/**";
    if (random.one_in(10)) text += random.of(with_slashes);
    else text += "/" + random_component(random);
  }
  if (random.one_in(6)) text += "/**";
  else if (random.one_in(12)) text += "{,/**}";
  return text;
}

/// nullopt when a draw is no pattern.
inline SourcePattern random_pattern(Random& random) {
  for (;;) {
    SourcePattern pattern{random_pattern_text(random), random.one_in(6), {}};
    auto plain = parse_path_pattern({pattern.text, {}}, pattern.tree);
    if (!plain) continue;
    pattern.plain = std::move(*plain);
    return pattern;
  }
}

}  // namespace polc::sets
