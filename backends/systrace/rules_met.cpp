#include "systrace/rules_met.hpp"

#include <algorithm>

#include "systrace/detours.hpp"
#include "systrace/machines.hpp"

namespace polc::systrace::syntax {
namespace {

using Products = std::vector<Product>;
using Kind = Argument::Kind;

const Products everything{Product{{true, {}}, {true, {}}}};

/// The argument that a test names, and the how-manieth it is of those that the access names.
struct Found {
  const Argument* argument = nullptr;
  std::size_t subject = 0;
};
Found find_argument(const Expression& test, const Event& event) {
  unsigned same = 0;
  std::size_t subjects = 0;
  for (const Argument& argument : event.arguments) {
    if (argument.name == test.argument && same++ == test.index) return {&argument, subjects};
    if (argument.kind == Kind::subject) ++subjects;
  }
  return {};
}

/// A test that takes all other texts of its argument, where there is one.
const Expression* opposite_of(const Expression& test, std::map<const Expression*, Expression>& made) {
  constexpr std::pair<Operator, Operator> pairs[] = {{Operator::eq, Operator::neq}, {Operator::neq, Operator::eq}, {Operator::sub, Operator::nsub}, {Operator::nsub, Operator::sub}};
  if (test.kind != Expression::Kind::test) return nullptr;
  for (const auto& [op, other] : pairs) {
    if (test.op != op) continue;
    const auto [place, is_new] = made.try_emplace(&test, test);
    place->second.op = other;
    return &place->second;
  }
  return nullptr;
}

bool say_the_same(const PolicyText& a, const PolicyText& b) {
  const auto same = [](const Rule& x, const Rule& y) { return x.call == y.call && x.text == y.text; };
  return (a.detached != 0) == (b.detached != 0) && std::equal(a.rules.begin(), a.rules.end(), b.rules.begin(), b.rules.end(), same);
}

}  // namespace

bool speaks_of_unresolved(const Expression& condition) {
  return condition.text.find("<non-existent filename>") != std::string::npos ||
         std::any_of(condition.terms.begin(), condition.terms.end(), speaks_of_unresolved);
}

// Programs that are confined alike are one.
RulesMet::RulesMet(const File& file, const Dialect& dialect) : dialect_(dialect) {
  std::vector<const PolicyText*> different;
  for (const PolicyText& policy : file.policies) {
    if (std::any_of(different.begin(), different.end(), [&](const PolicyText* other) { return say_the_same(*other, policy); })) continue;
    different.push_back(&policy);
    Policy& made = rules_.emplace_back();
    made.detached = policy.detached;
    for (const Rule& rule : policy.rules) made.rules[rule.call].push_back(&rule);
  }
}

const RulesMet::Rules& RulesMet::of_call(std::size_t policy, std::string_view call) const {
  static const Rules none;
  const auto found = rules_[policy].rules.find(call);
  return found == rules_[policy].rules.end() ? none : found->second;
}

bool RulesMet::speaks_of(std::string_view call) const {
  for (std::size_t policy = 0; policy < rules_.size(); ++policy) {
    if (rules_[policy].detached != 0 || !of_call(policy, call).empty()) return true;
    for (const bool only_reads : {false, true})
      if (!of_call(policy, alias_of(call, only_reads, dialect_.year)).empty()) return true;
  }
  return false;
}

LayerId RulesMet::intern(Layer layer) {
  for (LayerId i = 0; i < layers_.size(); ++i)
    if (are_one(layers_[i], layer)) return i;
  layers_.push_back(std::move(layer));
  return static_cast<LayerId>(layers_.size() - 1);
}

// Of all that the flags may be, each text that some rule tells from the others.
void RulesMet::add_layers(std::size_t policy, const Event& event, const Question& question, std::vector<LayerId>& out) {
  if (event.flags == 0) return add_one(policy, event, question, out);
  Event one = event;
  one.flags = 0;
  for (const Alike& alike : opens_of(policy, event.call)) {
    if ((alike.flags & event.flags) == 0) continue;
    one.arguments.back().text = open_texts()[alike.text];
    add_one(policy, one, question, out);
  }
}

const std::vector<RulesMet::Alike>& RulesMet::opens_of(std::size_t policy, std::string_view call) {
  const auto [place, is_new] = opens_.try_emplace(std::to_string(policy) + std::string(call));
  if (!is_new) return place->second;
  std::set<std::pair<Operator, std::string_view>> seen;
  std::vector<const Expression*> tests;
  const auto collect = [&](const Expression& condition, const auto& self) -> void {
    for (const Expression& term : condition.terms) self(term, self);
    if (condition.argument == "oflags" && seen.insert({condition.op, condition.text}).second) tests.push_back(&condition);
  };
  for (const Rule* rule : of_call(policy, call)) collect(rule->condition, collect);
  std::unordered_map<std::string, std::size_t> alike;
  for (std::size_t i = 0; i < open_texts().size(); ++i) {
    const std::string& text = open_texts()[i];
    std::string answers(alias_of(call, text.starts_with("ro"), dialect_.year));
    for (const Expression* test : tests) answers += holds(*test, text) ? '1' : '0';
    const auto [known, is_first] = alike.try_emplace(std::move(answers), place->second.size());
    if (is_first) place->second.push_back({i, 0});
    place->second[known->second].flags |= std::uint64_t{1} << i;
  }
  return place->second;
}

// Many accesses are made by the same events.
void RulesMet::add_one(std::size_t policy, const Event& event, const Question& question, std::vector<LayerId>& out) {
  std::string key = std::to_string(policy) + event.call + '\0' + question.successor.value_or("*") + '\0' + question.error;
  for (const Argument& argument : event.arguments) key += '\0' + argument.name + static_cast<char>('0' + static_cast<int>(argument.kind)) + argument.text;
  const auto widest = known_.find(key + '+');
  const bool as_widest = question.widest || (widest != known_.end() && widest->second.is_certain);
  key += as_widest ? '+' : '-';
  const auto [place, is_new] = known_.try_emplace(std::move(key));
  Known& known = place->second;
  if (is_new) {
    is_certain_ = true;
    for (Layer& layer : find_layers(policy, event, question)) known.layers.push_back(intern(std::move(layer)));
    known.is_certain = is_certain_;
  }
  out.insert(out.end(), known.layers.begin(), known.layers.end());
}

// A bare rule of the call beats all filters wherever it stands, and of several the last. `ask` is a refusal (nobody is there to
// answer), and leaves it to the alias if that permits.
std::vector<Layer> RulesMet::find_layers(std::size_t policy, const Event& event, const Question& question) {
  if (const unsigned line = rules_[policy].detached; line != 0)
    return question.error.empty() ? std::vector{first_match({{true, everything, line}})} : std::vector<Layer>{};
  const Rules& own = of_call(policy, event.call);
  for (std::size_t i = own.size(); i-- > 0;)
    if (own[i]->simple && !own[i]->has_predicate) return sum_of({first_match({entry_of(*own[i], event, question)})});
  const bool only_reads = !event.arguments.empty() && event.arguments.back().text.starts_with("ro");
  std::vector<Entry> of_alias;
  for (const Rule* rule : of_call(policy, alias_of(event.call, only_reads, dialect_.year))) of_alias.push_back(entry_of(*rule, event, question));
  const auto with_alias = [&](std::vector<Entry> entries) {
    entries.insert(entries.end(), of_alias.begin(), of_alias.end());
    return first_match(entries);
  };
  std::vector<Entry> entries;
  std::vector<Layer> layers;
  for (const Rule* rule : own) {
    Entry entry = entry_of(*rule, event, question);
    if (rule->action == Action::ask && !of_alias.empty() && !entry.takes.empty()) {
      // What is asked for goes on to the alias: possibly, where the rules between would refuse it, surely where none is.
      is_certain_ = false;
      const bool is_last = rule == own.back() || entry.takes.front().is_all();
      if (question.widest || is_last) layers.push_back(with_alias(entries));
      if (is_last) return sum_of(std::move(layers));
    }
    entries.push_back(std::move(entry));
  }
  layers.push_back(with_alias(std::move(entries)));
  return sum_of(std::move(layers));
}

Entry RulesMet::entry_of(const Rule& rule, const Event& event, const Question& question) {
  const bool is_permit = rule.action == Action::permit;
  bool counts = question.error.empty() ? is_permit : rule.action == Action::deny && rule.word == question.error;
  if (is_permit && question.successor && rule.word != *question.successor) counts = false;
  const bool widest = question.widest == counts;
  Entry entry{counts, {}, rule.line};
  if (rule.has_predicate) is_certain_ = false;
  if (rule.has_predicate && !widest) return entry;
  if (!is_permit && speaks_of_unresolved(rule.condition)) return entry;
  entry.takes = rule.simple ? everything : takes(rule, rule.condition, event, widest);
  return entry;
}

// ---- one condition

std::vector<Product> RulesMet::takes(const Rule& rule, const Expression& condition, const Event& event, bool widest) {
  switch (condition.kind) {
    case Expression::Kind::always: return everything;
    case Expression::Kind::test: return test_takes(rule, condition, event, widest);
    case Expression::Kind::negation: {
      const Products inner = takes(rule, condition.terms[0], event, !widest);
      if (inner.empty()) return everything;
      const bool is_all = std::any_of(inner.begin(), inner.end(), [](const Product& product) { return product.is_all(); });
      if (is_all) return {};
      if (const Expression* opposite = opposite_of(condition.terms[0], opposites_)) return takes(rule, *opposite, event, widest);
      is_certain_ = false;
      if (!widest) return {};
      note_unknown(rule, condition.terms[0]);
      return everything;
    }
    case Expression::Kind::both: {
      const Products left = takes(rule, condition.terms[0], event, widest);
      return left.empty() ? left : both_take(rule, left, takes(rule, condition.terms[1], event, widest), widest);
    }
    case Expression::Kind::either: {
      Products all = takes(rule, condition.terms[0], event, widest);
      const Products more = takes(rule, condition.terms[1], event, widest);
      all.insert(all.end(), more.begin(), more.end());
      return all;
    }
  }
  return {};
}

std::optional<Sum> RulesMet::common(const Sum& a, const Sum& b) {
  if (a.all) return b;
  if (b.all || a == b) return a;
  if (a.tests.size() != 1 || b.tests.size() != 1) return std::nullopt;
  const auto met = meet(a.tests[0], b.tests[0]);
  return met ? std::optional(Sum{false, {*met}}) : std::nullopt;
}

template <class Make>
TestId RulesMet::id_of_set(const std::string& key, const Make& make) {
  const auto [known, is_first] = ids_.emplace(key, static_cast<TestId>(sets_.size()));
  if (is_first) sets_.push_back(make());
  return known->second;
}

std::optional<TestId> RulesMet::meet(TestId a, TestId b) {
  const TestId id = id_of_set("&" + std::to_string(std::min(a, b)) + "&" + std::to_string(std::max(a, b)), [&] {
    TextSet both;
    const Expression *one = sets_[a].test, *other = sets_[b].test;
    const bool are_names = one != nullptr && other != nullptr && sets_[a].paths && sets_[b].paths;
    const auto machine = are_names ? machine_of_both(*one, *other, dialect_.year) : std::nullopt;
    if (machine) both.paths = machine->paths(words_of(*one) + " and " + words_of(*other));
    return both;
  });
  return sets_[id].paths ? std::optional(id) : std::nullopt;
}

std::vector<Product> RulesMet::both_take(const Rule& rule, const Products& a, const Products& b, bool widest) {
  Products result;
  for (const Product& left : a)
    for (const Product& right : b) {
      auto first = common(left.first, right.first), second = common(left.second, right.second);
      if (!first || !second) {
        is_certain_ = false;
        if (!widest) continue;
        unknown_.insert({rule.line, "where two tests of one name meet"});
      }
      result.push_back({first ? std::move(*first) : left.first, second ? std::move(*second) : left.second});
    }
  return result;
}

// Without the argument every test fails, the negative ones too.
std::vector<Product> RulesMet::test_takes(const Rule& rule, const Expression& test, const Event& event, bool widest) {
  const auto [argument, subject] = find_argument(test, event);
  if (argument == nullptr) return {};
  const auto if_true = [](bool yes) { return yes ? everything : Products{}; };
  if (argument->kind == Kind::text) return if_true(holds(test, argument->text));
  if (takes_every_text(test)) return everything;
  if (argument->kind != Kind::subject) is_certain_ = false;
  if (argument->kind == Kind::any) return if_true(widest);
  // That some spelling of a path is refused does not refuse the path.
  if (argument->kind == Kind::detour) return widest && takes_detours(test, dialect_.year) ? take_detours(rule, test) : Products{};
  const TestId id = intern(test);
  if (!sets_[id].is_known()) {
    note_unknown(rule, test);
    is_certain_ = false;
    return if_true(widest);
  }
  Product product = everything.front();
  (subject == 0 ? product.first : product.second) = Sum{false, {id}};
  return {product};
}

std::vector<Product> RulesMet::take_detours(const Rule& rule, const Expression& test) {
  const TestId id = id_of_set("~" + words_of(test), [&] {
    TextSet set;
    const auto machine = machine_of(test, dialect_.year);
    if (machine) set.detours = paths_spelled_otherwise(*machine, words_of(test));
    return set;
  });
  if (sets_[id].detours) return {Product{Sum{false, {id}}, Sum{true, {}}}};
  note_unknown(rule, test);
  return everything;
}

void RulesMet::note_unknown(const Rule& rule, const Expression& test) {
  if (test.kind != Expression::Kind::test) unknown_.insert({rule.line, "what `not` leaves"});
  else unknown_.insert({rule.line, "what `" + test.argument + " " + words_of(test) + "` takes"});
}

TestId RulesMet::intern(const Expression& test) {
  const auto [place, is_new] = id_of_test_.emplace(&test, 0);
  if (!is_new) return place->second;
  // The argument's name says which set it is.
  const std::string key = test.argument + static_cast<char>('0' + static_cast<int>(test.op)) + test.text;
  return place->second = id_of_set(key, [&] {
    TextSet set;
    set.test = &test;
    if (test.argument == "filename") set.paths = paths_of(test, dialect_.year);
    else if (test.argument == "sockaddr") set.addresses = addresses_of(test, dialect_.year);
    else if (test.argument == "uname") set.name = name_of(test);
    else set.number = number_of(test);
    return set;
  });
}

/// The same few tests of flags stand in thousands of rules.
bool RulesMet::holds(const Expression& test, const std::string& text) {
  std::string key = std::string(1, static_cast<char>('0' + static_cast<int>(test.op))) + test.text + '\0' + text;
  const auto known = held_.find(key);
  if (known != held_.end()) return known->second;
  const bool yes = test_holds(test, text);
  held_.emplace(std::move(key), yes);
  return yes;
}

}  // namespace polc::systrace::syntax
