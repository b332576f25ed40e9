#include "driver/fix.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <span>

#include "diag/fixes.hpp"
#include "driver/accept_words.hpp"
#include "driver/lint.hpp"
#include "driver/load.hpp"
#include "driver/same_meaning.hpp"
#include "support/file_system.hpp"
#include "syntax/parse.hpp"

namespace polc::driver {
namespace {

// Each round makes the files smaller, or takes a mistake away; the bound is for hints that would chase each other.
constexpr unsigned most_rounds = 100;

// A program as it stands with some texts, and what is found in it: mistakes, or else what lint finds.
struct Look {
  diag::SourceMap sources;
  diag::Sink mistakes;
  Loaded loaded;
  std::vector<diag::Diagnostic> found;

  bool is_sound() const { return !loaded.unreadable && !mistakes.has_errors(); }
};

void look(const Mending& mending, const Texts& texts, Look& seen) {
  seen.loaded = load(mending.paths, mending.directories, seen.sources, seen.mistakes, texts);
  if (!seen.is_sound()) {
    seen.found = seen.mistakes.sorted();
    return;
  }
  const auto findings = lint(seen.loaded.program, mending.request, mending.chosen, seen.sources, seen.mistakes).left.sorted();
  seen.found = seen.is_sound() ? findings : seen.mistakes.sorted();
}

Texts with_fixes(const Look& seen, Texts texts, const std::vector<diag::Diagnostic>& chosen) {
  for (const sema::Unit& unit : seen.loaded.program.units) {
    if (!unit.is_main) continue;
    const diag::SourceId file = unit.file.source;
    std::string fixed = diag::with_fixes(seen.sources, file, chosen);
    if (fixed != seen.sources.text_of(file)) texts[seen.sources.name_of(file)] = std::move(fixed);
  }
  return texts;
}

std::vector<diag::Diagnostic> of_safety(const Look& seen, diag::Safety wanted) {
  std::vector<diag::Diagnostic> chosen;
  for (const diag::Diagnostic& found : seen.found)
    if (found.located && diag::safety_of(seen.sources, found) == wanted) chosen.push_back(found);
  return chosen;
}

// Whether the program is still sound with these texts, and (`alike`) means what it meant.
bool holds_with(const Mending& mending, const Look& seen, const Texts& texts, bool alike) {
  Look after;
  look(mending, texts, after);
  return after.is_sound() && (!alike || mean_the_same(seen.loaded.program, after.loaded.program));
}

// Those of the hints that can be followed together: all at once if that can be, else half by half, each beside those that could.
class Choosing {
 public:
  Choosing(const Mending& mending, const Look& seen, const Texts& texts, bool alike)
      : mending_(mending), seen_(seen), texts_(texts), alike_(alike) {}

  Texts run(std::span<const diag::Diagnostic> hints) {
    add(hints);
    return with_fixes(seen_, texts_, good_);
  }

 private:
  void add(std::span<const diag::Diagnostic> hints) {
    if (hints.empty() || tries_left_ == 0) return;
    --tries_left_;
    const std::size_t before = good_.size();
    good_.insert(good_.end(), hints.begin(), hints.end());
    if (holds_with(mending_, seen_, with_fixes(seen_, texts_, good_), alike_)) return;
    good_.erase(good_.begin() + static_cast<std::ptrdiff_t>(before), good_.end());
    if (hints.size() == 1) return;
    add(hints.first(hints.size() / 2));
    add(hints.subspan(hints.size() / 2));
  }

  const Mending& mending_;
  const Look& seen_;
  const Texts& texts_;
  bool alike_;
  std::vector<diag::Diagnostic> good_;
  unsigned tries_left_ = 100;  // each lints the whole program; what is not tried is left to the user
};

Texts followed(const Mending& mending, const Look& seen, const Texts& texts, diag::Safety safety) {
  const auto chosen = of_safety(seen, safety);
  const Texts all = with_fixes(seen, texts, chosen);
  if (all == texts || !seen.is_sound()) return all;
  return Choosing(mending, seen, texts, safety == diag::Safety::safe).run(chosen);
}

Texts next(const Mending& mending, const Texts& texts) {
  Look seen;
  look(mending, texts, seen);
  if (seen.is_sound())
    for (diag::Diagnostic& hint : wrong_accept_words(seen.loaded.program, mending.request, mending.backends, seen.sources))
      seen.found.push_back(std::move(hint));
  Texts result = followed(mending, seen, texts, diag::Safety::safe);
  return result == texts && mending.guesses ? followed(mending, seen, texts, diag::Safety::unsafe) : result;
}

}  // namespace

Texts read_once(const std::vector<std::string>& paths) {
  Texts texts;
  for (const std::string& path : paths) {
    if (!find_open_descriptor(path) || texts.contains(path)) continue;
    if (auto text = read_file(path, syntax::largest_file + 1)) texts.emplace(path, *std::move(text));
  }
  return texts;
}

std::vector<Mended> mend(const Mending& mending) {
  Texts texts = mending.given;
  for (unsigned round = 0; round < most_rounds; ++round) {
    Texts changed = next(mending, texts);
    if (changed == texts) break;
    texts = std::move(changed);
  }
  Look untouched;
  look(mending, mending.given, untouched);
  std::vector<Mended> mended;
  for (const sema::Unit& unit : untouched.loaded.program.units) {
    const std::string& name = untouched.sources.name_of(unit.file.source);
    const auto changed = texts.find(name);
    const bool differs = changed != texts.end() && changed->second != untouched.sources.text_of(unit.file.source);
    if (differs) mended.push_back({name, std::string(untouched.sources.text_of(unit.file.source)), changed->second});
  }
  return mended;
}

}  // namespace polc::driver
