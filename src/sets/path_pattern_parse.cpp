// The second half of reading a pattern: braces are multiplied out over the tokens, then each sequence is cut at its
// slashes.
#include <algorithm>
#include <optional>

#include "sets/path_pattern.hpp"
#include "sets/pattern_scanner.hpp"

namespace polc::sets {
namespace {

using Code = PatternError::Code;
using Kind = PatternToken::Kind;
using Tokens = std::vector<PatternToken>;

constexpr std::size_t most_plain_patterns = 4096;
constexpr std::size_t longest_component = 2048;

/// Indices of tokens; `gap` stands where an empty alternative was taken of braces that hold a `/`.
using Sequence = std::vector<std::uint32_t>;
constexpr std::uint32_t gap = ~std::uint32_t{0};

PatternError error_at(Code code, const PatternToken& token) { return {code, token.offset, token.length, {}}; }

class BraceExpansion {
 public:
  explicit BraceExpansion(const Tokens& tokens) : tokens_(tokens) {}

  tl::expected<std::vector<Sequence>, PatternError> run() {
    auto sequences = alternative(false);
    if (too_many_at_) return tl::unexpected(error_at(Code::too_many_alternatives, tokens_[*too_many_at_]));
    return sequences;
  }

 private:
  /// All ways through the tokens up to the `,` or `}` that ends this alternative, or up to the end.
  std::vector<Sequence> alternative(bool holds_slash) {
    std::vector<Sequence> ways(1);
    while (at_ < tokens_.size() && tokens_[at_].kind != Kind::comma && tokens_[at_].kind != Kind::close_brace) {
      if (tokens_[at_].kind == Kind::open_brace) {
        ways = product(ways, braces(holds_slash));
      } else {
        for (auto& way : ways) way.push_back(static_cast<std::uint32_t>(at_));
        ++at_;
      }
      if (too_many_at_) return {};
    }
    return ways;
  }

  std::vector<Sequence> braces(bool around_holds_slash) {
    open_ = at_;
    const std::size_t open = at_;
    const bool holds_slash = around_holds_slash || tokens_[open].holds_slash;
    std::vector<Sequence> ways;
    do {
      ++at_;  // behind the `{` or `,`
      const std::size_t start = at_;
      auto more = alternative(holds_slash);
      if (at_ == start && holds_slash) more = {{gap}};
      ways.insert(ways.end(), more.begin(), more.end());
      if (ways.size() > most_plain_patterns) too_many_at_ = open;
      if (too_many_at_) return {};
    } while (tokens_[at_].kind == Kind::comma);
    ++at_;  // behind the `}`
    open_ = open;
    return ways;
  }

  std::vector<Sequence> product(const std::vector<Sequence>& heads, const std::vector<Sequence>& tails) {
    if (heads.size() * tails.size() > most_plain_patterns) {
      if (!too_many_at_) too_many_at_ = open_;
      return {};
    }
    std::vector<Sequence> ways;
    ways.reserve(heads.size() * tails.size());
    for (const auto& head : heads) {
      for (const auto& tail : tails) {
        ways.push_back(head);
        ways.back().insert(ways.back().end(), tail.begin(), tail.end());
      }
    }
    return ways;
  }

  const Tokens& tokens_;
  std::size_t at_ = 0;
  std::size_t open_ = 0;  // the last brace that was opened, for the error
  std::optional<std::size_t> too_many_at_;
};

/// The tokens between two slashes.
struct Piece {
  std::vector<const PatternToken*> tokens;
  const PatternToken* slash = nullptr;  // the one in front
  bool has_gap = false;
};

bool is_star(const GlobStep& step) { return step.kind == GlobStep::Kind::star; }

/// Stars that come together from different alternatives are one.
std::vector<GlobStep> steps_of(const Piece& piece) {
  std::vector<GlobStep> steps;
  for (const auto* token : piece.tokens)
    if (steps.empty() || !is_star(steps.back()) || !is_star(token->step)) steps.push_back(token->step);
  return steps;
}

tl::expected<Component, PatternError> component_of(const Piece& piece) {
  const auto& first = *piece.tokens.front();
  for (const auto* token : piece.tokens) {
    if (token->kind != Kind::double_star) continue;
    if (piece.tokens.size() > 1) return tl::unexpected(error_at(Code::glued_double_star, *token));
    return Component{Component::Kind::any, {}};
  }
  const auto steps = steps_of(piece);
  if (steps.size() > longest_component) return tl::unexpected(error_at(Code::too_long, first));
  std::string bytes;
  for (const auto& step : steps) {
    if (step.kind != GlobStep::Kind::byte) return Component{Component::Kind::glob, glob_text(steps)};
    bytes.push_back(step.byte);
  }
  auto dots = error_at(bytes == "." ? Code::dot : Code::dot_dot, first);
  dots.length = static_cast<std::uint32_t>(bytes.size());
  if (bytes == "." || bytes == "..") return tl::unexpected(dots);
  return Component{Component::Kind::literal, bytes};
}

std::vector<Piece> pieces_of(const Tokens& tokens, const Sequence& sequence) {
  std::vector<Piece> pieces(1);
  for (const auto index : sequence) {
    if (index == gap) {
      pieces.back().has_gap = true;
    } else if (tokens[index].kind == Kind::slash) {
      pieces.emplace_back();
      pieces.back().slash = &tokens[index];
    } else {
      pieces.back().tokens.push_back(&tokens[index]);
    }
  }
  return pieces;
}

/// `/**` was read as `any` everywhere: the last one is `below`, and neighbours say no more than one of them.
void settle_double_stars(std::vector<Component>& components) {
  const auto is_any = [](const Component& c) { return c.kind == Component::Kind::any; };
  components.erase(std::unique(components.begin(), components.end(),
                               [&](const auto& a, const auto& b) { return is_any(a) && is_any(b); }),
                   components.end());
  if (!components.empty() && is_any(components.back())) components.back().kind = Component::Kind::below;
}

/// A plain pattern, or what is wrong with it; `drop`: it is wrong only because of an empty alternative.
struct Assembled {
  tl::expected<PathPattern, PatternError> pattern;
  bool drop = false;
};

Assembled assemble(const Tokens& tokens, const Sequence& sequence) {
  const auto pieces = pieces_of(tokens, sequence);
  PatternError relative{Code::relative, 0, 0, {}};
  if (!pieces[0].tokens.empty()) relative = error_at(Code::relative, *pieces[0].tokens[0]);
  if (pieces.size() == 1 || !pieces[0].tokens.empty())
    return {tl::unexpected(relative), pieces[0].tokens.empty() && pieces[0].has_gap};
  if (pieces.size() == 2 && pieces[1].tokens.empty()) return {PathPattern{}};
  std::vector<Component> components;
  components.reserve(pieces.size());  // and one for `tree`
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const auto& piece = pieces[i];
    if (piece.tokens.empty()) {
      const bool is_last = i + 1 == pieces.size();
      const auto& slash = is_last ? *piece.slash : *pieces[i + 1].slash;
      return {tl::unexpected(error_at(is_last ? Code::trailing_slash : Code::double_slash, slash)), piece.has_gap};
    }
    auto component = component_of(piece);
    if (!component) return {tl::unexpected(component.error())};
    components.push_back(std::move(*component));
  }
  settle_double_stars(components);
  return {PathPattern{std::move(components)}};
}

using Patterns = std::vector<PathPattern>;

Patterns sorted_unique(Patterns patterns) {
  sort_unique(patterns);
  return patterns;
}

/// Most patterns are a plain name, perhaps with `/**` behind it: no tokens are needed for those. nullopt: it is none, or is
/// wrong. (Measured: a fifth of the time that a large policy took.)
std::optional<PathPattern> simple_path(const PatternText& text) {
  std::string_view rest = text.bytes;
  const bool is_escaped = std::find(text.literal.begin(), text.literal.end(), true) != text.literal.end();
  if (is_escaped || rest.size() > longest_component || rest.substr(0, 1) != "/") return std::nullopt;
  constexpr std::string_view below = "/**";
  const bool ends_in_below = rest.size() >= below.size() && rest.substr(rest.size() - below.size()) == below;
  if (ends_in_below) rest.remove_suffix(below.size());
  if (rest.find_first_of(std::string_view("*?[{}\0", 6)) != rest.npos) return std::nullopt;
  std::vector<Component> components;
  components.reserve(static_cast<std::size_t>(std::count(rest.begin(), rest.end(), '/')) + 1);
  while (rest.size() > 1) {
    const std::size_t end = std::min(rest.find('/', 1), rest.size());
    const std::string_view name = rest.substr(1, end - 1);
    if (name.empty() || name == "." || name == "..") return std::nullopt;
    components.push_back({Component::Kind::literal, std::string(name)});
    rest.remove_prefix(end);
  }
  if (rest == "/" && (ends_in_below || !components.empty())) return std::nullopt;
  if (ends_in_below) components.push_back({Component::Kind::below, {}});
  return PathPattern{std::move(components)};
}

tl::expected<Patterns, PatternError> parse_path(const PatternText& text, bool tree) {
  if (auto simple = simple_path(text)) {
    Patterns patterns{*std::move(simple)};
    if (tree && !patterns.front().ends_in_below()) patterns.push_back(patterns.front().with_below());
    return patterns;
  }
  const auto tokens = scan_pattern(text, PatternFlavour::path);
  if (!tokens) return tl::unexpected(tokens.error());
  const auto sequences = BraceExpansion(*tokens).run();
  if (!sequences) return tl::unexpected(sequences.error());
  Patterns patterns;
  std::optional<PatternError> dropped;
  for (const auto& sequence : *sequences) {
    auto assembled = assemble(*tokens, sequence);
    if (!assembled.pattern) {
      if (!assembled.drop) return tl::unexpected(assembled.pattern.error());
      dropped = assembled.pattern.error();
      continue;
    }
    if (tree) patterns.push_back(assembled.pattern->with_below());
    patterns.push_back(std::move(*assembled.pattern));
  }
  if (patterns.empty()) return tl::unexpected(*dropped);
  return sorted_unique(std::move(patterns));
}

tl::expected<Patterns, PatternError> parse_name(const PatternText& text) {
  const auto tokens = scan_pattern(text, PatternFlavour::name);
  if (!tokens) return tl::unexpected(tokens.error());
  const auto sequences = BraceExpansion(*tokens).run();
  if (!sequences) return tl::unexpected(sequences.error());
  Patterns patterns;
  for (const auto& sequence : *sequences) {
    auto pieces = pieces_of(*tokens, sequence);
    const auto steps = steps_of(pieces.front());
    if (steps.size() > longest_component)
      return tl::unexpected(error_at(Code::too_long, *pieces.front().tokens.front()));
    patterns.push_back({{{Component::Kind::name, glob_text(steps)}}});
  }
  return sorted_unique(std::move(patterns));
}

template <class Parse>
tl::expected<Patterns, PatternError> with_fix(const PatternText& text, Parse parse) {
  auto patterns = parse(text);
  if (patterns) return patterns;
  PatternError error = patterns.error();
  const std::string fix = mended_pattern(text, error);
  if (!fix.empty() && parse(decoded_pattern(fix))) error.fix = fix;
  return tl::unexpected(error);
}

}  // namespace

tl::expected<std::vector<PathPattern>, PatternError> parse_path_pattern(const PatternText& text, bool tree) {
  return with_fix(text, [&](const PatternText& t) { return parse_path(t, tree); });
}

tl::expected<std::vector<PathPattern>, PatternError> parse_name_pattern(const PatternText& text) {
  return with_fix(text, parse_name);
}

}  // namespace polc::sets
