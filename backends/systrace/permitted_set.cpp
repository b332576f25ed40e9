#include "systrace/permitted_set.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "systrace/layers.hpp"
#include "systrace/text_sets.hpp"

namespace polc::systrace::syntax {
namespace {

// Stands for any path or address in the events below; no rule's text is like it.
const std::string some_text = "/\x01";

/// What systrace puts before a name that does not resolve (intercept.c). No set of paths speaks of those; a file of that
/// very name is refused with them.
constexpr std::string_view unresolved = "<non-existent filename>";

/// What a test takes, in both worlds: a bind of a unix socket makes a file.
struct TextSet {
  std::optional<std::vector<sets::PathPattern>> paths;
  std::optional<std::vector<ir::NetBox>> addresses;
};

/// Two literals or a literal and a pattern are told apart; of two patterns nothing is known.
bool are_disjoint(const sets::PathPattern& a, const sets::PathPattern& b) {
  if (a.is_literal()) return !b.matches(a.literal());
  if (b.is_literal()) return !a.matches(b.literal());
  return false;
}

/// Both file names of rename and link.
struct PairEntry {
  bool permits = false;
  Sum from, to;
};

class Folder {
 public:
  Folder(const File& file, const Dialect& dialect, const Accounts& accounts) : file_(file), dialect_(dialect), accounts_(accounts) {
    for (const PolicyText& policy : file.policies) rules_.push_back(by_call(policy));
  }

  PermittedSet run() {
    PermittedSet result;
    std::vector<eval::Part> parts;
    result.files = !detached() && !permits_unresolved() && add_files(parts) && add_pairs(FileVerb::rename, parts) && add_pairs(FileVerb::link, parts);
    if (!result.files) parts.clear();
    const std::size_t files = parts.size();
    result.networks = !detached() && add_networks(parts);
    if (!result.networks) parts.resize(files);
    result.meaning = eval::make_meaning(std::move(parts), dialect_.os, false);
    return result;
  }

 private:
  using Rules = std::unordered_map<std::string_view, std::vector<const Rule*>>;
  using Events = std::vector<Event>;

  static Rules by_call(const PolicyText& policy) {
    Rules rules;
    for (const Rule& rule : policy.rules) rules[rule.call].push_back(&rule);
    return rules;
  }

  bool detached() const {
    return std::any_of(file_.policies.begin(), file_.policies.end(), [](const PolicyText& policy) { return policy.detached; });
  }

  static bool names_unresolved(const Expression& condition) {
    return condition.text.find(unresolved) != std::string::npos ||
           std::any_of(condition.terms.begin(), condition.terms.end(), names_unresolved);
  }

  // A permit of such names is a permit of the file that is called so.
  bool permits_unresolved() const {
    return std::any_of(file_.policies.begin(), file_.policies.end(), [](const PolicyText& policy) {
      return std::any_of(policy.rules.begin(), policy.rules.end(),
                         [](const Rule& rule) { return rule.action == Action::permit && names_unresolved(rule.condition); });
    });
  }

  // ---- one test, one condition

  SetId intern(const Expression& test) {
    const auto [place, is_new] = id_of_test_.emplace(&test, 0);
    if (is_new) place->second = id_of_text(test);
    return place->second;
  }

  SetId id_of_text(const Expression& test) {
    const std::string key = std::string(1, static_cast<char>('0' + static_cast<int>(test.op))) + test.text;
    const auto [place, is_new] = ids_.emplace(key, static_cast<SetId>(sets_.size()));
    if (is_new) {
      const bool is_unresolved = test.text.find(unresolved) != std::string::npos;
      sets_.push_back(is_unresolved ? TextSet{std::vector<sets::PathPattern>{}, std::nullopt}
                                    : TextSet{paths_of(test), addresses_of(test)});
    }
    return place->second;
  }

  static const Argument* argument_of(const Expression& test, const Event& event) {
    unsigned seen = 0;
    for (const Argument& argument : event.arguments)
      if (argument.name == test.argument && seen++ == test.index) return &argument;
    return nullptr;
  }

  /// Which texts the condition takes where the event has some_text; nullopt: no sum of sets.
  std::optional<Sum> reduce(const Expression& condition, const Event& event) {
    using Kind = Expression::Kind;
    if (condition.kind == Kind::test) {
      const Argument* argument = argument_of(condition, event);
      if (argument == nullptr || argument->text != some_text) return Sum{holds(condition, event), {}};
      return Sum{false, {intern(condition)}};
    }
    if (condition.kind == Kind::always) return Sum{true, {}};
    auto left = reduce(condition.terms[0], event);
    if (!left) return std::nullopt;
    if (condition.kind == Kind::negation) {
      if (!left->sets.empty()) return std::nullopt;
      return Sum{!left->all, {}};
    }
    const bool both = condition.kind == Kind::both;
    if (left->empty() && both) return left;
    if (left->all && !both) return left;
    auto right = reduce(condition.terms[1], event);
    if (!right) return std::nullopt;
    if (!both) {
      left->add(*right);
      return left;
    }
    if (left->all || right->empty()) return right;
    return right->all ? left : std::nullopt;
  }

  /// The same few tests of flags stand in thousands of rules.
  bool holds(const Expression& test, const Event& event) {
    const Argument* argument = argument_of(test, event);
    if (argument == nullptr) return false;
    std::string key = std::string(1, static_cast<char>('0' + static_cast<int>(test.op))) + test.text + '\0' + argument->text;
    const auto known = held_.find(key);
    if (known != held_.end()) return known->second;
    const bool yes = evaluate(test, event) == Truth::yes;
    held_.emplace(std::move(key), yes);
    return yes;
  }

  // ---- one call

  /// The rules that an event meets, in order: the kernel's table alone, or the call's and then the alias's.
  std::vector<const Rule*> met_by(const Event& event, const Rules& rules) const {
    std::vector<const Rule*> result;
    const auto add = [&](std::string_view call) {
      const auto found = rules.find(call);
      if (found != rules.end()) result.insert(result.end(), found->second.begin(), found->second.end());
    };
    add(event.call);
    for (std::size_t i = result.size(); i-- > 0;)
      if (result[i]->simple && !result[i]->has_predicate) return {result[i]};
    add(alias_of(event, dialect_.year));
    // What asks for an account may not refuse.
    std::erase_if(result, [](const Rule* rule) { return rule->has_predicate && rule->action != Action::permit; });
    return result;
  }

  /// `goes_on`: the word that a permit of an exec must have to count as one; nullptr: any.
  std::optional<Layer> layer_of(const Event& event, const Rules& rules, const std::string* goes_on) {
    std::vector<Entry> entries;
    for (const Rule* rule : met_by(event, rules)) {
      const bool permits = rule->action == Action::permit;
      // An exec that may go on under another policy: which one is not said here.
      if (goes_on != nullptr && permits && rule->word.empty()) return std::nullopt;
      auto takes = rule->simple ? std::optional(Sum{true, {}}) : reduce(rule->condition, event);
      if (!takes) return std::nullopt;
      if (!takes->empty()) entries.push_back({permits && (goes_on == nullptr || rule->word == *goes_on), std::move(*takes)});
    }
    return first_match(entries, [this](SetId a, SetId b) { return have_nothing_in_common(a, b); });
  }

  bool have_nothing_in_common(SetId a, SetId b) const {
    if (!sets_[a].paths || !sets_[b].paths) return false;
    for (const auto& x : *sets_[a].paths)
      for (const auto& y : *sets_[b].paths)
        if (!are_disjoint(x, y)) return false;
    return true;
  }

  /// Many accesses are made by the same calls.
  const std::optional<Layer>& known_layer(const Event& event, const Rules& rules, const std::string* goes_on) {
    std::string key = std::to_string(&rules - rules_.data()) + event.call + '\0' + (goes_on != nullptr ? *goes_on : "");
    for (const Argument& argument : event.arguments) key += '\0' + argument.name + '\0' + argument.text;
    const auto [place, is_new] = layers_.try_emplace(std::move(key));
    if (is_new) place->second = layer_of(event, rules, goes_on);
    return place->second;
  }

  std::optional<Layer> any_event(const Events& events, const std::string* goes_on = nullptr) {
    std::vector<Layer> layers;
    for (const Rules& rules : rules_)
      for (const Event& event : events) {
        const std::optional<Layer>& layer = known_layer(event, rules, goes_on);
        if (!layer) return std::nullopt;
        if (std::find(layers.begin(), layers.end(), *layer) == layers.end()) layers.push_back(*layer);
      }
    return any_of(std::move(layers));
  }

  // ---- files

  /// nullopt: a set of the sum is not made of paths.
  std::optional<std::vector<sets::PathPattern>> paths_of_sum(const Sum& sum) const {
    if (sum.all) return every_path();
    std::vector<sets::PathPattern> result;
    for (const SetId id : sum.sets) {
      if (sets_[id].paths) {
        result.insert(result.end(), sets_[id].paths->begin(), sets_[id].paths->end());
        continue;
      }
      if (!sets_[id].addresses) return std::nullopt;
      for (const ir::NetBox& box : *sets_[id].addresses) {
        if (box.family != Family::unix_family) continue;
        const auto paths = box.any_unix_address ? every_path() : box.paths;
        result.insert(result.end(), paths.begin(), paths.end());
      }
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
  }

  bool add_file_parts(const Layer& layer, ir::FileBox box, std::vector<eval::Part>& parts) const {
    for (const bool denies : {false, true}) {
      auto places = paths_of_sum(denies ? layer.deny : layer.allow);
      if (!places) return false;
      if (places->empty()) continue;
      box.places = std::move(*places);
      parts.push_back({denies ? ir::Effect::deny : ir::Effect::allow, box, {}, false});
    }
    return true;
  }

  bool add_files(std::vector<eval::Part>& parts) {
    bool understood = true;
    FileVerbs::all().for_each([&](FileVerb verb) {
      if (understood && verb != FileVerb::rename && verb != FileVerb::link) understood = add_verb(verb, parts);
    });
    return understood;
  }

  bool add_verb(FileVerb verb, std::vector<eval::Part>& parts) {
    ir::FileBox box;
    box.verbs = {verb};
    if (verb != FileVerb::exec) return add_types(box, nullptr, parts);
    for (const auto& [word, kind] : {std::pair<std::string, ir::Successor::Kind>{"inherit", ir::Successor::Kind::same},
                                     {"detach", ir::Successor::Kind::unconfined}}) {
      box.successors = {ir::Successor{kind, ""}};
      if (!add_types(box, &word, parts)) return false;
    }
    return true;
  }

  /// A part for all types that are the same to systrace.
  bool add_types(ir::FileBox box, const std::string* goes_on, std::vector<eval::Part>& parts) {
    std::vector<std::pair<Layer, FileTypes>> kinds;
    bool understood = true;
    FileTypes::all().for_each([&](FileType type) {
      ir::FilePoint point;
      point.verb = only_verb(box.verbs);
      point.type = type;
      point.path = some_text;
      const auto events = events_of(point, dialect_, accounts_);
      const auto layer = events ? any_event(*events, goes_on) : std::optional(Layer{{true, {}}, {}});
      if (!layer) return understood = false, void();
      const auto same = std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.first == *layer; });
      if (same == kinds.end()) kinds.emplace_back(*layer, FileTypes{type});
      else same->second.insert(type);
    });
    for (const auto& [layer, types] : kinds) {
      box.types = types;
      understood = understood && add_file_parts(layer, box, parts);
    }
    return understood;
  }

  static FileVerb only_verb(FileVerbs verbs) {
    FileVerb result{};
    verbs.for_each([&](FileVerb verb) { result = verb; });
    return result;
  }

  // ---- rename, link

  /// A condition on both names is a product; nullopt: another shape.
  std::optional<PairEntry> pair_entry(const Rule& rule, const Event& event) {
    PairEntry entry{rule.action == Action::permit, {true, {}}, {true, {}}};
    if (rule.simple || rule.condition.kind == Expression::Kind::always) return entry;
    const bool both = rule.condition.kind == Expression::Kind::both;
    const std::vector<Expression> single{both ? Expression{} : rule.condition};
    for (const Expression& term : both ? rule.condition.terms : single) {
      if (term.kind != Expression::Kind::test || event.arguments.empty()) return std::nullopt;
      if (argument_of(term, event) == nullptr) return PairEntry{entry.permits, {}, {}};
      Sum& side = term.index == 0 ? entry.from : entry.to;
      if (!side.all) return std::nullopt;
      side = Sum{false, {intern(term)}};
    }
    return entry;
  }

  bool add_pairs(FileVerb verb, std::vector<eval::Part>& parts) {
    ir::PairPoint point;
    point.verb = verb;
    point.from = point.to = some_text;
    const auto events = events_of(point, dialect_, accounts_);
    bool denies = false, permits = false;
    for (const Rules& rules : rules_)
      for (const Event& event : *events)
        for (const Rule* rule : met_by(event, rules)) {
          const auto entry = pair_entry(*rule, event);
          if (!entry) return false;
          if (!add_pair(verb, *entry, parts)) return false;
          // Denies first, and those of one call only: then they hold for all permits.
          if (!entry->permits && permits) return false;
          (entry->permits ? permits : denies) = true;
        }
    return !denies || (rules_.size() == 1 && is_one_call(verb));
  }

  /// Only one of the calls that do it has rules that permit.
  bool is_one_call(FileVerb verb) const {
    const std::string_view at = verb == FileVerb::rename ? "renameat" : "linkat";
    const auto found = rules_.front().find(at);
    return found == rules_.front().end() ||
           std::none_of(found->second.begin(), found->second.end(), [](const Rule* rule) { return rule->action == Action::permit; });
  }

  bool add_pair(FileVerb verb, const PairEntry& entry, std::vector<eval::Part>& parts) const {
    auto from = paths_of_sum(entry.from), to = paths_of_sum(entry.to);
    if (!from || !to) return false;
    if (from->empty() || to->empty()) return true;
    ir::PairBox box;
    box.verbs = {verb};
    box.from = std::move(*from);
    box.to = std::move(*to);
    parts.push_back({entry.permits ? ir::Effect::allow : ir::Effect::deny, std::move(box), {}, false});
    return true;
  }

  // ---- network

  bool add_networks(std::vector<eval::Part>& parts) {
    bool understood = true;
    NetVerbs::all().for_each([&](NetVerb verb) {
      ir::NetPoint point;
      point.verb = verb;
      point.family = Family::unix_family;
      point.unix_address = {ir::UnixAddress::Kind::path, some_text};
      const auto layer = any_event(*events_of(point, dialect_, accounts_));
      understood = understood && layer && add_net_parts(verb, layer->allow, ir::Effect::allow, parts) &&
                   add_net_parts(verb, layer->deny, ir::Effect::deny, parts);
    });
    return understood;
  }

  bool add_net_parts(NetVerb verb, const Sum& sum, ir::Effect effect, std::vector<eval::Part>& parts) const {
    const auto add = [&](ir::NetBox box) {
      box.verbs = {verb};
      parts.push_back({effect, std::move(box), {}, false});
    };
    for (unsigned family = 0; sum.all && family < count_of(Family{}); ++family) {
      ir::NetBox box;
      box.family = static_cast<Family>(family);
      add(std::move(box));
    }
    for (const SetId id : sum.sets) {
      if (!sets_[id].addresses) return false;
      for (const ir::NetBox& box : *sets_[id].addresses) add(box);
    }
    return true;
  }

  const File& file_;
  const Dialect& dialect_;
  const Accounts& accounts_;
  std::vector<Rules> rules_;  // of each policy
  std::unordered_map<const Expression*, SetId> id_of_test_;
  std::unordered_map<std::string, SetId> ids_;
  std::unordered_map<std::string, std::optional<Layer>> layers_;
  std::vector<TextSet> sets_;
  std::unordered_map<std::string, bool> held_;
};

}  // namespace

PermittedSet permitted_set(const File& file, const Dialect& dialect, const Accounts& accounts) {
  return Folder(file, dialect, accounts).run();
}

}  // namespace polc::systrace::syntax
