#include "apparmor/read_places.hpp"

#include <algorithm>
#include <bitset>

#include "apparmor/read_pattern.hpp"
#include "sets/glob.hpp"

namespace polc::apparmor {
namespace {

using sets::Component;
using sets::GlobStep;
using sets::NumberSet;
using sets::PathPattern;
using Bytes = std::bitset<256>;

struct Atom {
  enum class Kind : std::uint8_t { byte, bytes, not_slash, characters, star, stars, any } kind{};  // any: of `/{,**/}`
  unsigned char byte = 0;
  Bytes bytes = {};           // of a class
  NumberSet characters = {};  // of an alternation of characters
  bool whole = false;         // of stars, as in Stars
  bool is(Kind k) const { return kind == k; }
  bool is_byte(char c) const { return kind == Kind::byte && byte == static_cast<unsigned char>(c); }
};
using Atoms = std::vector<Atom>;
using Choices = std::vector<Atoms>;

constexpr std::size_t choices_at_most = 4096;

/// Multiplies alternations out. `failed`: not one of the forms that can be said.
class Expander {
 public:
  explicit Expander(Symbols text) : text_(std::move(text)) {}
  std::optional<Choices> run() {
    Choices choices = sequence(0);
    return failed_ || !at_end() ? std::nullopt : std::optional(std::move(choices));
  }

 private:
  Choices sequence(int depth) {
    Choices choices{{}};
    while (!at_end() && !failed_) {
      if (is_at('}') || (depth > 0 && is_at(','))) break;
      if (is_at('{')) {
        times(choices, group(depth + 1));
      } else {
        const Atom next = atom();
        for (Atoms& choice : choices) choice.push_back(next);
      }
    }
    return choices;
  }

  void times(Choices& choices, const Choices& more) {
    if (choices.size() * more.size() > choices_at_most) failed_ = true;
    if (failed_) return;
    Choices product;
    for (const Atoms& left : choices)
      for (const Atoms& right : more) {
        product.push_back(left);
        product.back().insert(product.back().end(), right.begin(), right.end());
      }
    choices = std::move(product);
  }

  Choices group(int depth) {
    Choices choices;
    const bool behind_slash = at_ > 0 && text_[at_ - 1].is_slash();
    if (depth > 8) failed_ = true;
    do {
      ++at_;
      Choices term = sequence(depth);
      choices.insert(choices.end(), term.begin(), term.end());
    } while (!failed_ && is_at(','));
    if (at_end() || choices.size() < 2) failed_ = true;
    ++at_;
    if (behind_slash && is_any(choices)) return {{Atom{.kind = Atom::Kind::any}}};
    if (const auto characters = as_characters(choices)) return {{*characters}};
    return choices;
  }

  // `{,**/}`: any number of whole components, for no name holds two slashes.
  static bool is_any(const Choices& choices) {
    return choices.size() == 2 && choices[0].empty() && choices[1].size() == 2 && choices[1][0].is(Atom::Kind::stars) &&
           choices[1][1].is_byte('/');
  }

  bool at_end() const { return at_ >= text_.size(); }
  bool is_at(char c) const { return !at_end() && text_[at_].is(c); }

  Atom atom() {
    Atom atom;
    if (is_at('*')) return star();
    if (is_at('?')) {
      ++at_;
      atom.kind = Atom::Kind::not_slash;
    } else if (is_at('[')) {
      ++at_;
      failed_ |= !read_class(text_, at_, atom.bytes).empty();
      atom.kind = is_all_but_slash(atom.bytes) ? Atom::Kind::not_slash : Atom::Kind::bytes;
    } else {
      atom.byte = text_[at_++].byte;
    }
    return atom;
  }

  static bool is_all_but_slash(const Bytes& bytes) { return bytes.count() == 254 && !bytes[0] && !bytes['/']; }

  Atom star() {
    Atom atom;
    const Stars stars = read_stars(text_, at_);
    atom.kind = stars.several ? Atom::Kind::stars : Atom::Kind::star;
    atom.whole = stars.whole;
    return atom;
  }

  // ---- alternatives that are one character each

  static std::optional<Atom> as_characters(const Choices& choices) {
    std::vector<sets::Interval<std::uint32_t>> ranges;
    for (const Atoms& choice : choices) {
      std::vector<Bytes> sequence;
      for (const Atom& atom : choice) {
        if (!atom.is(Atom::Kind::byte) && !atom.is(Atom::Kind::bytes)) return std::nullopt;
        sequence.push_back(atom.is(Atom::Kind::bytes) ? atom.bytes : Bytes().set(atom.byte));
        if (sequence.back()['/'] || sequence.back().none()) return std::nullopt;
      }
      if (!add_characters(sequence, 0, 0, ranges)) return std::nullopt;
    }
    Atom atom;
    atom.kind = Atom::Kind::characters;
    atom.characters = NumberSet::from(std::move(ranges));
    if (!sets::all_characters().includes(atom.characters)) return std::nullopt;
    return atom;
  }

  // Bytes `i` and on of UTF-8 sequences whose first bytes make `code`.
  static bool add_characters(const std::vector<Bytes>& sequence, std::size_t i, std::uint32_t code,
                             std::vector<sets::Interval<std::uint32_t>>& out) {
    if (sequence.empty() || sequence.size() > 4) return false;
    const std::size_t left = sequence.size() - i;
    if (i > 0 &&
        std::all_of(sequence.begin() + static_cast<std::ptrdiff_t>(i), sequence.end(), is_every_continuation)) {
      constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
      out.push_back({code << (6 * left), ((code + 1) << (6 * left)) - 1});
      return out.back().low >= least[sequence.size()];  // no longer than it need be
    }
    constexpr std::uint32_t lead_from[] = {0, 0x01, 0xC2, 0xE0, 0xF0}, lead_to[] = {0, 0x7F, 0xDF, 0xEF, 0xF4};
    const std::uint32_t low = i > 0 ? 0x80 : lead_from[sequence.size()], high = i > 0 ? 0xBF : lead_to[sequence.size()];
    for (std::uint32_t b = 0; b < 256; ++b) {
      if (!sequence[i][b]) continue;
      if (b < low || b > high) return false;
      const std::uint32_t bits = i > 0 ? b & 0x3F : sequence.size() == 1 ? b : b & (0xFFu >> (sequence.size() + 1));
      if (!add_characters(sequence, i + 1, code << 6 | bits, out)) return false;
    }
    return true;
  }
  static bool is_every_continuation(const Bytes& bytes) {
    for (std::uint32_t b = 0; b < 256; ++b)
      if (bytes[b] != (b >= 0x80 && b <= 0xBF)) return false;
    return true;
  }

  const Symbols text_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

std::optional<Component> component_of(const Atoms& atoms) {
  using Kind = Atom::Kind;
  const bool lone = (atoms.size() == 1 && atoms[0].is(Kind::star) && atoms[0].whole) ||
                    (atoms.size() == 2 && atoms[0].is(Kind::not_slash) && atoms[1].is(Kind::star));
  if (lone) return Component{Component::Kind::glob, "*"};
  std::vector<GlobStep> steps;
  bool wild = false, solid = false;
  for (const Atom& atom : atoms) {
    NumberSet characters = atom.characters;
    if (atom.is(Kind::bytes)) {
      std::vector<sets::Interval<std::uint32_t>> ranges;
      for (std::uint32_t b = 0; b < 256; ++b)
        if (atom.bytes[b]) ranges.push_back({b, b});
      characters = NumberSet::from(std::move(ranges));
      if (characters.empty() || characters.intervals().back().high > 0x7F || characters.contains('/'))
        return std::nullopt;
    }
    switch (atom.kind) {
      case Kind::byte: steps.push_back({GlobStep::Kind::byte, static_cast<char>(atom.byte), {}}); break;
      case Kind::star:
        if (steps.empty() || steps.back().kind != GlobStep::Kind::star) steps.push_back({GlobStep::Kind::star, 0, {}});
        break;
      case Kind::bytes:
      case Kind::characters:
        if (characters == sets::all_characters()) steps.push_back({GlobStep::Kind::one, 0, {}});
        else steps.push_back({GlobStep::Kind::set, 0, characters});
        break;
      case Kind::stars:
      case Kind::any:
      case Kind::not_slash: return std::nullopt;
    }
    wild |= !atom.is(Kind::byte);
    solid |= !atom.is(Kind::star);
  }
  if (!solid) return std::nullopt;  // it may match nothing
  constexpr std::size_t longest_text = 4'096, most_steps = 2'048;  // of our patterns: path_pattern.hpp
  if (wild) {
    std::string text = sets::glob_text(steps);
    if (text.size() > longest_text || steps.size() > most_steps) return std::nullopt;
    return Component{Component::Kind::glob, std::move(text)};
  }
  Component literal;
  for (const GlobStep& step : steps) literal.text += step.byte;
  return literal;
}

/// The part behind the last slash, where it ends in `**`: everything below, of which types?
std::optional<FileTypes> below_types(const Atoms& last) {
  using Kind = Atom::Kind;
  if (last.size() == 1 && last[0].is(Kind::stars)) return FileTypes::all();
  if (last.size() == 2 && last[0].is(Kind::not_slash) && last[1].is(Kind::stars)) return FileTypes::all();
  if (last.size() == 2 && last[0].is(Kind::stars) && last[1].is(Kind::not_slash)) return other_types;
  return std::nullopt;
}

/// The directory of that name; the root's says nothing of its type.
Place directory(const PathPattern& name) { return {name, name.components.empty() ? FileTypes::all() : dir_type}; }

bool add_places(const Atoms& atoms, std::vector<Place>& out) {
  if (atoms.empty() || !atoms[0].is_byte('/')) return false;
  std::vector<Atoms> parts;
  for (const Atom& atom : atoms) {
    if (!atom.is_byte('/')) parts.back().push_back(atom);
    if (atom.is_byte('/') || atom.is(Atom::Kind::any)) parts.emplace_back();
  }
  PathPattern pattern;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    const bool stars = parts[i].size() == 1 && parts[i][0].is(Atom::Kind::stars);
    const bool any = parts[i].size() == 1 && parts[i][0].is(Atom::Kind::any);
    if (last && parts[i].empty()) {
      out.push_back(directory(pattern));
    } else if ((stars || any) && i + 2 == parts.size() && parts.back().empty()) {
      out.push_back({pattern.with_below(), dir_type});
      if (any) out.push_back(directory(pattern));
      return true;
    } else if (any) {
      pattern.components.push_back({Component::Kind::any, ""});
    } else if (parts[i].empty()) {
      return true;                // no name holds two slashes
    } else if (stars && !last) {  // one component or more; an empty one would be `//`, which no name holds
      pattern.components.push_back({Component::Kind::glob, "*"});
      pattern.components.push_back({Component::Kind::any, ""});
    } else if (parts[i].size() == 1 && parts[i][0].is(Atom::Kind::star)) {  // an empty one is the directory's slash, or one too many
      if (last && !parts[i][0].whole) out.push_back(directory(pattern));
      pattern.components.push_back({Component::Kind::glob, "*"});
      if (last) out.push_back({pattern, other_types});
    } else if (const auto types = below_types(parts[i]); last && types) {
      out.push_back({pattern.with_below(), *types});
      if (stars && !parts[i][0].whole) out.push_back(directory(pattern));
    } else if (auto component = component_of(parts[i])) {
      pattern.components.push_back(*std::move(component));
      if (last) out.push_back({pattern, other_types});
    } else {
      return false;
    }
  }
  return true;
}

/// `**` beside other text is any text of one component, or the end of one, whole ones, and the beginning of one: x**y is x*y and
/// x*/**/*y. At the end of a name it takes the slash of a directory, too.
bool add_spread(const Atoms& atoms, std::vector<Place>& out, unsigned depth = 0) {
  constexpr unsigned deepest = 3;  // each doubles the names
  const auto is_slash = [&](std::size_t i) { return i >= atoms.size() || atoms[i].is_byte('/'); };
  std::size_t at = 1;
  while (at < atoms.size() && !(atoms[at].is(Atom::Kind::stars) && !(is_slash(at - 1) && is_slash(at + 1)))) ++at;
  // What ends so is told by its last atoms (below_types).
  const bool is_end = at + 2 >= atoms.size() && (is_slash(at - 1) || (at >= 2 && atoms[at - 1].is(Atom::Kind::not_slash) && is_slash(at - 2)));
  if (at >= atoms.size() || depth == deepest || is_end) return add_places(atoms, out);
  const Atoms before(atoms.begin(), atoms.begin() + static_cast<std::ptrdiff_t>(at)), behind(atoms.begin() + static_cast<std::ptrdiff_t>(at) + 1, atoms.end());
  const auto add = [&](std::initializer_list<Atom> between) {
    Atoms whole = before;
    if (whole.back().is(Atom::Kind::any)) return false;
    whole.insert(whole.end(), between);
    whole.insert(whole.end(), behind.begin(), behind.end());
    return add_spread(whole, out, depth + 1);
  };
  const Atom star{.kind = Atom::Kind::star}, slash{.byte = '/'}, any{.kind = Atom::Kind::any}, stars{.kind = Atom::Kind::stars, .whole = true};
  if (behind.empty()) return add({star}) && add({star, slash}) && add({star, slash, stars});
  return add({star}) && add({star, slash, any, star});
}

/// Component by component; nullopt: it does not go so.
std::optional<std::vector<Place>> by_components(const Symbols& symbols) {
  const auto choices = Expander(with_single_slashes(symbols)).run();
  if (!choices) return std::nullopt;
  std::vector<Place> places;
  for (const Atoms& choice : *choices)
    if (!add_spread(choice, places)) return std::nullopt;
  return places;
}

/// The name of a directory is its path and a slash, but for the root's.
std::optional<std::vector<Place>> by_bytes(const Symbols& symbols, std::string_view spelling) {
  const auto pattern = Pattern::parse(symbols);
  if (!pattern) return std::nullopt;
  const sets::Machine& machine = pattern->machine();
  const auto files = machine.paths(spelling), dirs = machine.before_slash().paths(spelling);
  if (!files || !dirs) return std::nullopt;
  std::vector<Place> places;
  for (const PathPattern& file : *files)
    places.push_back({file, file.components.empty() ? FileTypes::all() : other_types});
  for (const PathPattern& dir : *dirs)
    if (!dir.components.empty()) places.push_back({dir, dir_type});
  return places;
}

}  // namespace

std::optional<std::vector<Place>> places_of(std::string_view text) {
  const auto symbols = symbols_of(text);
  return symbols ? places_of(*symbols, text) : std::nullopt;
}

std::optional<std::vector<Place>> places_of(const Symbols& symbols, std::string_view spelling) {
  auto places = by_components(symbols);
  return places ? places : by_bytes(symbols, spelling);
}

}  // namespace polc::apparmor
