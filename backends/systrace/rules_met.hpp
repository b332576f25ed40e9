// What a file's rules make of an event: the kernel's table, else the call's filters, then those of its alias.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "systrace/layers.hpp"
#include "systrace/text_sets.hpp"

namespace polc::systrace::syntax {

/// What is asked of the rules.
struct Question {
  /// Where it is not known whether a rule takes an event (a text that may be anything, `if user = root`): true counts it for
  /// permits and not for refusals, false the other way round.
  bool widest = true;
  std::optional<std::string> successor = {};  // of an exec: the word that a permit must have; none: any
  std::string error = {};                     // not empty: what is refused with this error, instead of what is permitted
};

/// What a test takes of what an access names. One of them, by the argument's name.
struct TextSet {
  const Expression* test = nullptr;
  std::optional<std::vector<sets::PathPattern>> paths;
  std::optional<std::vector<ir::NetBox>> addresses;
  std::optional<std::uint32_t> number;
  std::optional<std::string> name;
  std::optional<std::vector<sets::PathPattern>> detours;  // of unix sockets whose address it takes in another spelling
  bool is_known() const { return paths || addresses || number || name || detours; }
};

/// A place in the table of layers.
using LayerId = std::uint32_t;

class RulesMet {
 public:
  RulesMet(const File& file, const Dialect& dialect);

  std::size_t policies() const { return rules_.size(); }
  /// Has the call any rule, its own or its alias's?
  bool speaks_of(std::string_view call) const;
  /// Adds what one policy says: layers of which one must permit.
  void add_layers(std::size_t policy, const Event& event, const Question& question, std::vector<LayerId>& out);
  const Layer& layer(LayerId id) const { return layers_[id]; }
  LayerId intern(Layer layer);

  const TextSet& set(TestId test) const { return sets_[test]; }
  const Dialect& dialect() const { return dialect_; }
  /// The tests that no set was found for: line, words.
  const std::set<std::pair<unsigned, std::string>>& unknown() const { return unknown_; }

 private:
  using Rules = std::vector<const Rule*>;
  struct Policy {
    std::unordered_map<std::string_view, Rules> rules;
    unsigned detached = 0;
  };
  /// Texts of an open's flags that no rule tells apart: one of them, and all.
  struct Alike {
    std::size_t text = 0;
    std::uint64_t flags = 0;
  };
  struct Known {
    std::vector<LayerId> layers;
    bool is_certain = false;  // the same, widest or not
  };

  const Rules& of_call(std::size_t policy, std::string_view call) const;
  const std::vector<Alike>& opens_of(std::size_t policy, std::string_view call);
  void add_one(std::size_t policy, const Event& event, const Question& question, std::vector<LayerId>& out);
  std::vector<Layer> find_layers(std::size_t policy, const Event& event, const Question& question);
  Entry entry_of(const Rule& rule, const Event& event, const Question& question);
  std::vector<Product> takes(const Rule& rule, const Expression& condition, const Event& event, bool widest);
  std::vector<Product> test_takes(const Rule& rule, const Expression& test, const Event& event, bool widest);
  std::vector<Product> both_take(const Rule& rule, const std::vector<Product>& a, const std::vector<Product>& b, bool widest);
  /// All that both take; nullopt: no test does.
  std::optional<Sum> common(const Sum& a, const Sum& b);
  std::optional<TestId> meet(TestId a, TestId b);
  TestId intern(const Expression& test);
  /// The set of that name, made when it is first asked for.
  template <class Make>
  TestId id_of_set(const std::string& key, const Make& make);
  std::vector<Product> take_detours(const Rule& rule, const Expression& test);
  void note_unknown(const Rule& rule, const Expression& test);
  bool holds(const Expression& test, const std::string& text);

  Dialect dialect_;
  std::vector<Policy> rules_;
  std::unordered_map<const Expression*, TestId> id_of_test_;
  std::unordered_map<std::string, TestId> ids_;
  std::vector<TextSet> sets_;
  std::map<const Expression*, Expression> opposites_;
  std::unordered_map<std::string, bool> held_;
  std::unordered_map<std::string, std::vector<Alike>> opens_;
  std::unordered_map<std::string, Known> known_;
  std::vector<Layer> layers_;
  bool is_certain_ = true;  // of what is being found: nothing yet that depends on Question::widest
  std::set<std::pair<unsigned, std::string>> unknown_;
};

/// What systrace puts before a name that does not resolve (intercept.c). No access speaks of those, so a refusal of them takes
/// nothing here; a file of that very name is refused with them.
bool speaks_of_unresolved(const Expression& condition);

}  // namespace polc::systrace::syntax
