// Links by the letter `l`: the new name has it, and no permission that the old one lacks (aa_path_link in apparmor/file.c). So for
// each letter the new name lacks it or the old one has it: 64 products of planes, in texts that have such links. This test is sure,
// but it is possible that there is none: apparmor_parser 3.0.8 asks for it in the owner's half of the automaton alone.
#include "apparmor/permits.hpp"
#include "apparmor/permits_places.hpp"

namespace polc::apparmor {
namespace {

constexpr std::uint8_t letter_of_certain = 4, letter_of_uncertain = 8;

struct Letter {
  Permission permission;
  std::uint8_t has, lacks;  // the planes of the old name that has it, and of the new one that lacks it
};
constexpr Letter letters[] = {{may_read, 1, 9}, {may_write, 2, 10}, {may_append, 5, 11}, {may_lock, 6, 12}, {may_map, 7, 13}, {may_exec, 8, 14}};

}  // namespace

std::uint8_t Permits::plane_of_letter() const { return is_uncertain_ ? letter_of_uncertain : letter_of_certain; }

// A deny of the letter takes every link to the name, those of `link` rules as well.
void Permits::subset_link(const ReadPath& rule) {
  const At at = of(rule, !rule.places);
  const Places below{sets::PathPattern{}.with_below()};  // the parser's `/[^/].*`: of anything but the root
  const ir::PairBox box = pairs({FileVerb::link}, below, rule.places ? link_ends(*rule.places) : every_name(), FileTypes::all(), rule);
  if (has_subset_links_) add(box, at, plane_of_letter());
  if (rule.deny) add(box, at);
}

void Permits::subset_letters() {
  for (const Letter& letter : letters)
    add_at(pairs({FileVerb::link}, every_name(), every_name(), FileTypes::all(), {}), {ir::Effect::allow}, letter.lacks, 0);
  for (const ReadPath& rule : profile_.paths) {
    const Places names = link_ends(*rule.places);
    for (const Letter& letter : letters) {
      if ((rule.permissions & letter.permission) == 0) continue;
      const bool is_told = letter.permission == may_read || letter.permission == may_write;  // what a rename asks, too
      if (!is_told) add(pairs({FileVerb::link}, names, every_name(), FileTypes::all(), rule), of(rule), letter.has);
      const At lacks{rule.deny ? ir::Effect::allow : ir::Effect::deny, rule.line};
      add_at(pairs({FileVerb::link}, every_name(), names, FileTypes::all(), rule), lacks, letter.lacks, rule.deny ? 2 : 1);
    }
  }
}

// What a program becomes must agree as well; where both names may be run it is not looked up, so such links are not sure.
void Permits::add_subset_links(eval::Formula& formula, bool is_sure) const {
  if (!has_subset_links_) return;
  if (!is_sure) return formula.push_back({plane_of_letter()});
  if (is_uncertain_) return;
  constexpr unsigned ways = 1u << std::size(letters);
  for (unsigned way = 0; way < ways; ++way) {
    std::vector<std::uint8_t> product{letter_of_certain};
    bool counts = true;
    for (std::size_t i = 0; i < std::size(letters); ++i) {
      const bool has = ((way >> i) & 1u) != 0;
      counts &= !has || letters[i].permission != may_exec;
      product.push_back(has ? letters[i].has : letters[i].lacks);
    }
    if (counts) formula.push_back(std::move(product));
  }
}

}  // namespace polc::apparmor
