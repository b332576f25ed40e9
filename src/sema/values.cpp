#include "sema/values.hpp"

#include "diag/catalogue.hpp"
#include "sema/text.hpp"
#include "support/overloaded.hpp"

namespace polc::sema {
namespace {

constexpr std::size_t most_leaves = 64 * 1024;

// Where a value is written, and where the statement that needs it names it.
struct Site {
  const Scope* scope;
  std::optional<diag::SourceRange> used;  // unset: the value is written in the statement itself
  diag::SourceRange used_or(diag::SourceRange range) const { return used.value_or(range); }
};

class Collector {
 public:
  explicit Collector(diag::Sink& sink) : sink_(sink) {}

  void add(const ast::Value& value, const Site& site) {
    std::visit(Overloaded{[&](const ast::Integer& v) {
                            add(ast::NumberRange{v, {}}, v.range, site);
                          },
                          [&](const ast::String& v) { add(&v, v.range, site); },
                          [&](const ast::Account& v) { add(&v, v.range, site); },
                          [&](const ast::Set& v) { add(v, site); }, [&](const ast::Endpoint& v) { add(v, site); }},
               value.value);
  }

  void add(const ast::Set& set, const Site& site) {
    for (const ast::Member& member : set.members) {
      if (leaves_.size() > most_leaves) return;
      std::visit(Overloaded{[&](const ast::NumberRange& v) { add(v, member.range, site); },
                            [&](const ast::String& v) { add(&v, v.range, site); },
                            [&](const ast::Account& v) { add(&v, v.range, site); },
                            [&](const ast::Alternatives& v) { add(&v, member.range, site); },
                            [&](const ast::Endpoint& v) { add(v, site); }},
                 member.value);
    }
  }

  void add(const ast::Endpoint& endpoint, const Site& site) {
    const std::size_t first = leaves_.size();
    if (const auto* address = std::get_if<ast::Address>(&endpoint.host)) add(address, address->range, site);
    else add(std::get<ast::Variable>(endpoint.host), site);
    if (!endpoint.ports) return;
    for (std::size_t i = first; i < leaves_.size(); ++i) set_ports(leaves_[i], *endpoint.ports, site);
  }

  void add(const ast::Variable& variable, const Site& site) {
    const Binding* binding = find_variable(variable.name, variable.range, *site.scope, sink_);
    if (binding != nullptr) add(*binding->value, {binding->scope, site.used_or(variable.range)});
  }

  std::vector<Leaf> take(diag::SourceRange range) {
    if (leaves_.size() > most_leaves) {
      sink_.add(diag::value_too_large, range, most_leaves, "members");
      return {};
    }
    return std::move(leaves_);
  }

 private:
  void add(Leaf::Value value, diag::SourceRange range, const Site& site) {
    if (leaves_.size() <= most_leaves)
      leaves_.push_back({std::move(value), site.scope, nullptr, nullptr, range, site.used_or(range)});
  }

  void set_ports(Leaf& leaf, const ast::Ports& ports, const Site& site) {
    if (!std::holds_alternative<const ast::Address*>(leaf.value)) {
      report_wrong_kind(leaf, "an address before ports", sink_);
    } else if (leaf.ports != nullptr) {
      sink_.add(diag::ports_given_twice, site.used_or(ports.range)).note(leaf.ports->range, "the first ports");
    } else {
      leaf.ports = &ports;
      leaf.ports_scope = site.scope;
    }
  }

  diag::Sink& sink_;
  std::vector<Leaf> leaves_;
};

template <class Source>
std::vector<Leaf> collected(const Source& source, const Scope& scope, diag::Sink& sink) {
  Collector collector(sink);
  collector.add(source, {&scope, std::nullopt});
  return collector.take(source.range);
}

}  // namespace

std::vector<Leaf> leaves_of(const ast::Value& value, const Scope& scope, diag::Sink& sink) {
  return collected(value, scope, sink);
}
std::vector<Leaf> leaves_of(const ast::Set& set, const Scope& scope, diag::Sink& sink) {
  return collected(set, scope, sink);
}
std::vector<Leaf> leaves_of(const ast::Variable& variable, const Scope& scope, diag::Sink& sink) {
  return collected(variable, scope, sink);
}
std::vector<Leaf> leaves_of(const ast::Endpoint& endpoint, const Scope& scope, diag::Sink& sink) {
  return collected(endpoint, scope, sink);
}

std::string_view kind_of(const ast::Value& value) {
  return std::visit(
      Overloaded{[](const ast::String&) { return "a string"; }, [](const ast::Integer&) { return "a number"; },
                 [](const ast::Account& v) { return v.is_group ? "a group" : "a user"; },
                 [](const ast::Set&) { return "a set"; }, [](const ast::Endpoint&) { return "an address"; }},
      value.value);
}

std::string_view kind_of(const Leaf& leaf) {
  return std::visit(Overloaded{[](const ast::NumberRange& v) { return v.high ? "a range of numbers" : "a number"; },
                               [](const ast::String*) { return "a string"; },
                               [](const ast::Account* v) { return v->is_group ? "a group" : "a user"; },
                               [](const ast::Alternatives*) { return "a constant"; },
                               [](const ast::Address*) { return "an address"; }},
                    leaf.value);
}

void report_wrong_kind(const Leaf& leaf, std::string_view wanted, diag::Sink& sink) {
  auto added = sink.add(diag::wrong_kind, leaf.used, kind_of(leaf), wanted);
  if (leaf.used != leaf.range) added.note(leaf.range, "it is defined here");
}

}  // namespace polc::sema
