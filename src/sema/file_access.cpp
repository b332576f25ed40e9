// read, write, exec ... of places: one FileBox for the verbs of each set of types, one PairBox for rename and link.
#include <algorithm>
#include <map>

#include "diag/catalogue.hpp"
#include "knowledge/verb_words.hpp"
#include "sema/access.hpp"
#include "sema/numbers.hpp"
#include "sema/paths.hpp"
#include "sema/suggest.hpp"
#include "sema/text.hpp"
#include "sema/values.hpp"
#include "support/check.hpp"
#include "support/overloaded.hpp"

namespace polc::sema {
namespace {

/// A verb of the language: one of the IR's, some for certain types only.
struct VerbWord {
  FileVerb verb{};
  FileTypes types = FileTypes::all();
};

template <class Enum, std::size_t size>
std::optional<Enum> find_word(const std::array<std::string_view, size>& words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

std::vector<VerbWord> every_one(FileVerbs verbs) {
  std::vector<VerbWord> words;
  verbs.for_each([&](FileVerb verb) { words.push_back({verb}); });
  return words;
}

std::vector<VerbWord> verbs_of(std::string_view word) {
  if (word == "any") return every_one(FileVerbs::all());
  if (word == "modify") return every_one(knowledge::modifying_verbs);
  if (word == "list") return {{FileVerb::read, {FileType::dir}}};
  if (word == "mkdir") return {{FileVerb::create, {FileType::dir}}};
  if (word == "symlink") return {{FileVerb::create, {FileType::symlink}}};
  if (word == "mknod")
    return {{FileVerb::create, {FileType::socket, FileType::fifo, FileType::chardev, FileType::blockdev}}};
  const auto verb = find_word<FileVerb>(file_verb_names, word);
  POLC_CHECK(verb, "the grammar knows the verbs");
  return {{*verb}};
}

bool is_pair(FileVerb verb) { return verb == FileVerb::rename || verb == FileVerb::link; }
bool has_mode(const VerbWord& word) {
  const bool makes_link = word.types == FileTypes{FileType::symlink};  // links have no bits of their own
  return (word.verb == FileVerb::create && !makes_link) || word.verb == FileVerb::chmod;
}

/// What stands behind the places.
struct Qualifiers {
  const ast::TypeQualifier* type_clause = nullptr;
  FileTypes types = FileTypes::all();
  ir::OwnerSet owners;
  std::uint16_t mode = ir::all_mode_bits;
  sets::NumberSet requests = sets::NumberSet::all();
  std::optional<diag::SourceRange> owner_range, mode_range, request_range;
};

class FileLowering {
 public:
  FileLowering(const ast::FileAccess& access, const Context& context, Boxes& boxes)
      : access_(access), context_(context), boxes_(boxes) {}

  void run() {
    for (const ast::Qualifier& qualifier : access_.qualifiers) std::visit([&](const auto& q) { read(q); }, qualifier);
    for (const ast::Place& place : access_.places) add_patterns(place.path, place.tree, context_, places_);
    sets::sort_unique(places_);
    read_target();
    check_uses();
    std::map<std::uint32_t, FileVerbs> verbs_by_types;
    FileVerbs pairs;
    bool has_any = false;
    for (const ast::Name& name : access_.verbs) {
      has_any = has_any || name.text == "any";
      for (const VerbWord& word : verbs_of(name.text)) {
        if (is_pair(word.verb)) {
          pairs.insert(word.verb);
          continue;
        }
        const FileTypes types = word.types & qualifiers_.types;
        if (types.empty()) return report_contradiction(name);
        verbs_by_types[types.bits()].insert(word.verb);
      }
    }
    for (const auto& [types, verbs] : verbs_by_types) add_box(verbs, FileTypes::from_bits(types));
    if (pairs.empty()) return;
    if (has_any && context_.effect == ir::Effect::deny) add_touching_pairs(pairs);
    else add_pairs(pairs);
  }

 private:
  diag::Sink& sink() const { return context_.sink; }

  void check_once(bool given, diag::SourceRange range, std::string_view word) {
    if (given) sink().add(diag::qualifier_twice, range, word);
  }

  void read(const ast::OwnerQualifier& owner) {
    check_once(qualifiers_.owner_range.has_value(), owner.range, "owner");
    qualifiers_.owner_range = owner.range;
    qualifiers_.owners.any = false;
    std::visit(Overloaded{[&](std::monostate) { qualifiers_.owners.self = true; },
                          [&](const ast::String& name) { add_owner(name, context_.scope); },
                          [&](const ast::Variable& variable) {
                            for (const Leaf& leaf : leaves_of(variable, context_.scope, sink())) add_owner(leaf);
                          }},
               owner.who);
    auto& names = qualifiers_.owners.names;
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
  }

  void add_owner(const ast::String& name, const Scope& scope) {
    if (auto text = plain_text_of(name, scope, sink())) qualifiers_.owners.names.push_back(std::move(*text));
  }

  void add_owner(const Leaf& leaf) {
    const auto* account = std::get_if<const ast::Account*>(&leaf.value);
    if (const auto* string = std::get_if<const ast::String*>(&leaf.value)) add_owner(**string, *leaf.scope);
    else if (account != nullptr && !(*account)->is_group) add_owner((*account)->name, *leaf.scope);
    else report_wrong_kind(leaf, "an owner", sink());
  }

  void read(const ast::ModeQualifier& mode) {
    check_once(qualifiers_.mode_range.has_value(), mode.range, "mode");
    qualifiers_.mode_range = mode.range;
    if (mode.mode.value > ir::all_mode_bits) sink().add(diag::mode_too_large, mode.mode.range);
    qualifiers_.mode = static_cast<std::uint16_t>(mode.mode.value & ir::all_mode_bits);
  }

  void read(const ast::TypeQualifier& types) {
    check_once(qualifiers_.type_clause != nullptr, types.range, "type");
    qualifiers_.type_clause = &types;
    qualifiers_.types = {};
    for (const ast::Name& name : types.types) {
      const auto type = find_word<FileType>(file_type_names, name.text);
      POLC_CHECK(type, "the grammar knows the types");
      qualifiers_.types.insert(*type);
    }
    if (types.inverted) qualifiers_.types = FileTypes::all() - qualifiers_.types;
  }

  void read(const ast::RequestQualifier& requests) {
    check_once(qualifiers_.request_range.has_value(), requests.range, "request");
    qualifiers_.request_range = requests.range;
    std::vector<sets::Interval<std::uint32_t>> numbers;
    for (const ast::Name& name : requests.requests) {
      // The kernel reads a request as an unsigned int; some headers have it as a negative one.
      if (const auto value = constant_named(name, context_)) {
        const auto number = static_cast<std::uint32_t>(*value);
        numbers.push_back({number, number});
      }
    }
    qualifiers_.requests = sets::NumberSet::from(std::move(numbers));
  }

  template <class Question>
  bool has_verb(Question question) const {
    return std::any_of(access_.verbs.begin(), access_.verbs.end(), [&](const ast::Name& name) {
      const auto words = verbs_of(name.text);
      return std::any_of(words.begin(), words.end(), question);
    });
  }

  // `-> Q` behind exec, `-> "path"` behind rename and link.
  void read_target() {
    if (!access_.target) return;
    const bool has_other = has_verb([](const VerbWord& word) { return !is_pair(word.verb); });
    const bool has_more = has_verb([](const VerbWord& word) { return word.verb != FileVerb::exec; });
    const auto* policy = std::get_if<ast::Name>(&*access_.target);
    if (!has_more) {
      if (policy != nullptr) read_successor(*policy);
      else sink().add(diag::wrong_arrow, target_range(), "a path", "exec");
    } else if (has_other) {
      sink().add(diag::misplaced_arrow, target_range());
    } else if (policy != nullptr) {
      sink().add(diag::wrong_arrow, target_range(), "a policy", access_.verbs.front().text);
    } else {
      const auto* string = std::get_if<ast::String>(&*access_.target);
      const ast::Path path = string != nullptr ? ast::Path(*string) : std::get<ast::Variable>(*access_.target);
      add_patterns(path, false, context_, to_);
      sets::sort_unique(to_);
    }
  }

  void read_successor(const ast::Name& name) {
    if (name.text == "unconfined") {
      successor_ = {ir::Successor::Kind::unconfined, ""};
    } else if (context_.names.has_policy(name.text)) {
      successor_ = {ir::Successor::Kind::policy, name.text};
    } else {
      auto known = context_.names.policies();
      known.push_back("unconfined");
      suggest(sink().add(diag::undeclared_policy, name.range, name.text), name.range,
              nearest_of(name.text, known, sink()));
    }
  }

  diag::SourceRange target_range() const {
    return std::visit([](const auto& target) { return target.range; }, *access_.target);
  }

  // A qualifier that no verb of the rule takes was meant for something.
  void check_uses() {
    if (qualifiers_.mode_range && !has_verb(has_mode))
      sink().add(diag::qualifier_without_verb, *qualifiers_.mode_range, "mode", "create or chmod");
    if (qualifiers_.request_range && !has_verb([](const VerbWord& word) { return word.verb == FileVerb::ioctl; }))
      sink().add(diag::qualifier_without_verb, *qualifiers_.request_range, "request", "ioctl");
  }

  void report_contradiction(const ast::Name& verb) {
    sink().add(diag::type_contradiction, qualifiers_.type_clause->range, verb.text);
  }

  ir::LeftOut left_out(FileTypes types) const {
    ir::LeftOut result;
    const bool single_type = types.bits() != 0 && (types.bits() & (types.bits() - 1)) == 0;
    result.type = qualifiers_.type_clause == nullptr && !single_type;  // `list` names its type itself
    result.owner = !qualifiers_.owner_range;
    return result;
  }

  void add_box(FileVerbs verbs, FileTypes types) {
    ir::FileBox box;
    box.verbs = verbs;
    box.places = places_;
    box.types = types;
    box.owners = qualifiers_.owners;
    box.mode = qualifiers_.mode;
    box.requests = qualifiers_.requests;
    box.successors = {successor_.value_or(ir::Successor{})};
    ir::LeftOut unnamed = left_out(types);
    unnamed.mode = !qualifiers_.mode_range;
    unnamed.request = !qualifiers_.request_range;
    unnamed.successor = verbs.contains(FileVerb::exec) && !successor_;
    boxes_.emplace_back(std::move(box), unnamed);
  }

  void add_pairs(FileVerbs verbs) {
    const auto& to = access_.target ? to_ : places_;
    boxes_.emplace_back(ir::PairBox{verbs, places_, to, qualifiers_.types, qualifiers_.owners},
                        left_out(FileTypes::all()));
  }

  // What `deny any` takes: every pair with the one name or the other in the places. (`allow any` gives those with both.)
  void add_touching_pairs(FileVerbs verbs) {
    const std::vector<sets::PathPattern> everywhere = sets::every_path();
    for (const auto& [from, to] : {std::pair(places_, everywhere), std::pair(everywhere, places_)})
      boxes_.emplace_back(ir::PairBox{verbs, from, to, qualifiers_.types, qualifiers_.owners}, left_out(FileTypes::all()));
  }

  const ast::FileAccess& access_;
  const Context& context_;
  Boxes& boxes_;
  Qualifiers qualifiers_;
  std::vector<sets::PathPattern> places_, to_;
  std::optional<ir::Successor> successor_;
};

}  // namespace

void lower(const ast::FileAccess& access, const Context& context, Boxes& boxes) {
  FileLowering(access, context, boxes).run();
}

}  // namespace polc::sema
