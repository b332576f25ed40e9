// Accesses and the conditions on system calls' arguments.
#include "PolicyParser.h"
#include "diag/catalogue.hpp"
#include "syntax/build_ast.hpp"
#include "syntax/literals.hpp"

namespace polc::syntax {
namespace {

using Parser = grammar::PolicyParser;

// The names that single-token rules (verbs, types ...) match.
template <class Contexts>
std::vector<ast::Name> words_of(const Reading& reading, const Contexts& contexts) {
  std::vector<ast::Name> words;
  for (auto* context : contexts) words.push_back(name_of(reading, *context));
  return words;
}

ast::Qualifier qualifier_of(const Reading& reading, Parser::FqualContext& qualifier) {
  const auto range = range_of(reading, qualifier);
  switch (qualifier.start->getType()) {
    case Parser::OWNER_: {
      if (auto* string = qualifier.STRING())
        return ast::OwnerQualifier{string_of(reading, *string->getSymbol()), range};
      if (auto* variable = qualifier.VAR())
        return ast::OwnerQualifier{variable_of(reading, *variable->getSymbol()), range};
      return ast::OwnerQualifier{std::monostate{}, range};
    }
    case Parser::MODE_: {
      const auto number = range_of(reading, *qualifier.INT()->getSymbol());
      return ast::ModeQualifier{mode_of(reading.sources.text_of(number), number, reading.sink), range};
    }
    case Parser::TYPE_: return ast::TypeQualifier{words_of(reading, qualifier.ftype()), qualifier.NOT_() != nullptr, range};
    default: return ast::RequestQualifier{names_of(reading, *qualifier.names()), range};
  }
}

ast::Place place_of(const Reading& reading, Parser::PlaceContext& place) {
  return {place.TREE_() != nullptr, path_of(reading, *place.path()), range_of(reading, place)};
}

ast::FileAccess file_access_of(const Reading& reading, Parser::FileAccessContext& access) {
  ast::FileAccess result;
  result.verbs = words_of(reading, access.fverb());
  for (auto* place : access.place()) result.places.push_back(place_of(reading, *place));
  if (auto* path = access.path()) {
    if (path->VAR() != nullptr) result.target = variable_of(reading, *path->start);
    else result.target = string_of(reading, *path->start);
  }
  if (auto* name = access.name()) result.target = name_of(reading, *name);
  for (auto* qualifier : access.fqual()) result.qualifiers.push_back(qualifier_of(reading, *qualifier));
  return result;
}

std::optional<ast::Name> sub_of(const Reading& reading, Parser::SubContext* sub) {
  if (sub == nullptr) return std::nullopt;
  return name_of(reading, *sub);
}

ast::InternetPeer internet_peer_of(const Reading& reading, Parser::PeerContext& peer) {
  ast::InternetPeer result;
  for (auto* protocol : peer.proto())
    result.protocols.push_back({name_of(reading, *protocol), sub_of(reading, protocol->sub())});
  for (auto* endpoint : peer.endpoint()) result.endpoints.push_back(endpoint_of(reading, *endpoint));
  return result;
}

ast::UnixPeer unix_peer_of(const Reading& reading, Parser::PeerContext& peer) {
  ast::UnixPeer result{sub_of(reading, peer.sub()), {}, {}};
  for (auto* path : peer.path()) result.paths.push_back(path_of(reading, *path));
  if (auto* abstract = peer.STRING()) result.abstract = string_of(reading, *abstract->getSymbol());
  return result;
}

ast::NetAccess net_access_of(const Reading& reading, Parser::NetAccessContext& access) {
  ast::NetAccess result;
  result.verbs = words_of(reading, access.nverb());
  auto& peer = *access.peer();
  result.peer_range = range_of(reading, peer);
  switch (peer.start->getType()) {
    case Parser::UNIX_: result.peer = unix_peer_of(reading, peer); break;
    case Parser::NETLINK_:
      result.peer =
          ast::NetlinkPeer{peer.names() != nullptr ? names_of(reading, *peer.names()) : std::vector<ast::Name>{}};
      break;
    case Parser::PACKET_: result.peer = ast::PacketPeer{sub_of(reading, peer.sub())}; break;
    case Parser::INET_:
    case Parser::INET6_:
    case Parser::ANY_: result.peer = ast::FamilyPeer{name_of(reading, *peer.start), sub_of(reading, peer.sub())}; break;
    default: result.peer = internet_peer_of(reading, peer); break;
  }
  return result;
}

// ---- conditions

ast::Atom atom_of(const Reading& reading, Parser::AtomContext& atom) {
  const auto range = range_of(reading, atom);
  if (atom.named != nullptr) return {name_of(reading, *atom.named), range};
  if (atom.variable != nullptr) return {variable_of(reading, *atom.variable), range};
  auto number = integer_of(reading, *atom.number);
  number.negative = atom.minus != nullptr;
  number.range = range;
  return {number, range};
}

ast::Number number_of(const Reading& reading, Parser::NumContext& number) {
  ast::Number result{{}, range_of(reading, number)};
  for (auto* atom : number.terms) result.atoms.push_back(atom_of(reading, *atom));
  return result;
}

ast::Mask mask_of(const Reading& reading, Parser::MaskContext& mask) {
  ast::Mask result{mask.tilde != nullptr, {}, range_of(reading, mask)};
  if (mask.several != nullptr) result.number = number_of(reading, *mask.several);
  else result.number = {{atom_of(reading, *mask.single)}, range_of(reading, *mask.single)};
  return result;
}

ast::Argument argument_of(const Reading& reading, Parser::ArgContext& argument) {
  const auto range = range_of(reading, argument);
  if (argument.named != nullptr) return {name_of(reading, *argument.named), range};
  return {integer_of(reading, *argument.index), range};
}

ast::Comparison comparison_of(const Reading& reading, Parser::ComparisonContext& comparison) {
  ast::Comparison result{argument_of(reading, *comparison.subject), {}, {}, {}};
  if (comparison.bits != nullptr) result.mask = mask_of(reading, *comparison.bits);
  result.op = std::string(reading.sources.text_of(range_of(reading, *comparison.sign)));
  if (comparison.right != nullptr) result.right = number_of(reading, *comparison.right);
  else if (comparison.choices != nullptr) result.right = set_of(reading, *comparison.choices);
  else result.right = variable_of(reading, *comparison.variable);
  return result;
}

ast::Condition test_of(const Reading& reading, Parser::TestContext& test) {
  if (test.inner != nullptr) return condition_of(reading, *test.inner);
  ast::Condition result;
  result.range = range_of(reading, test);
  if (test.negated != nullptr) {
    result.kind = ast::Condition::Kind::negation;
    result.terms.push_back(test_of(reading, *test.negated));
  } else {
    result.comparison = comparison_of(reading, *test.single);
  }
  return result;
}

// A chain of one term is that term.
template <class Contexts, class Build>
ast::Condition chain_of(ast::Condition::Kind kind, const Contexts& contexts, diag::SourceRange range, Build build) {
  if (contexts.size() == 1) return build(*contexts[0]);
  ast::Condition chain{kind, {}, {}, range};
  for (auto* context : contexts) chain.terms.push_back(build(*context));
  return chain;
}

ast::CallAccess call_access_of(const Reading& reading, Parser::CallAccessContext& call) {
  ast::CallAccess result;
  for (auto* one : call.calls) {
    if (one->VAR() != nullptr) result.calls.emplace_back(variable_of(reading, *one->start));
    else result.calls.emplace_back(name_of(reading, *one->start));
  }
  if (call.where != nullptr) result.where = condition_of(reading, *call.where);
  return result;
}

}  // namespace

ast::Condition condition_of(const Reading& reading, Context& context) {
  using Kind = ast::Condition::Kind;
  auto& cond = static_cast<Parser::CondContext&>(context);
  return chain_of(Kind::disjunction, cond.terms, range_of(reading, cond), [&](Parser::ConjContext& conj) {
    return chain_of(Kind::conjunction, conj.terms, range_of(reading, conj),
                    [&](Parser::TestContext& test) { return test_of(reading, test); });
  });
}

ast::Access access_of(const Reading& reading, Context& context) {
  // By rule number: asking the generated accessors one after the other is a dynamic_cast each, and shows in the
  // profile.
  auto& access = static_cast<Context&>(*context.children.front());
  const auto range = range_of(reading, access);
  const auto verb = name_of(reading, *access.start);
  switch (access.getRuleIndex()) {
    case Parser::RuleFileAccess:
      return {file_access_of(reading, static_cast<Parser::FileAccessContext&>(access)), range};
    case Parser::RuleNetAccess: return {net_access_of(reading, static_cast<Parser::NetAccessContext&>(access)), range};
    case Parser::RuleCallAccess:
      return {call_access_of(reading, static_cast<Parser::CallAccessContext&>(access)), range};
    case Parser::RuleIdentityAccess: {
      auto& value = *static_cast<Parser::IdentityAccessContext&>(access).value();
      return {ast::IdentityAccess{verb, value_of(reading, value)}, range};
    }
    case Parser::RuleClassAccess: {
      auto& members = *static_cast<Parser::ClassAccessContext&>(access).names();
      return {ast::ClassAccess{verb, names_of(reading, members)}, range};
    }
    case Parser::RulePeerAccess: {
      auto& peer = static_cast<Parser::PeerAccessContext&>(access);
      return {ast::PeerAccess{verb, names_of(reading, *peer.names(0)), names_of(reading, *peer.names(1))}, range};
    }
    default: {
      auto& process = static_cast<Parser::ProcessAccessContext&>(access);
      return {ast::ProcessAccess{words_of(reading, process.pverb())}, range};
    }
  }
}

ast::Access numbered_access_of(const Reading& reading, Context& context) {
  auto& numbered = static_cast<Parser::NumberedContext&>(context);
  const auto range = range_of(reading, numbered);
  const ast::Name family = name_of(reading, *numbered.name(0)), word = name_of(reading, *numbered.name(1));
  const auto check = [&](const ast::Name& name, std::initializer_list<std::string_view> known, std::string_view wanted) {
    if (std::find(known.begin(), known.end(), name.text) == known.end()) reading.sink.add(diag::unexpected_token, name.range, "`" + name.text + "`", wanted);
  };
  check(family, {"inet", "inet6", "netlink"}, "expected `inet`, `inet6` or `netlink`");
  check(word, {"protocol"}, "expected `protocol`");
  ast::NumberedPeer peer{family, name_of(reading, *numbered.sub()), integer_of(reading, *numbered.INT()->getSymbol()), {}};
  if (auto* endpoint = numbered.endpoint()) peer.endpoint.endpoints.push_back(endpoint_of(reading, *endpoint));
  ast::NetAccess result;
  result.verbs.push_back(name_of(reading, *numbered.nverb()));
  result.peer = std::move(peer);
  result.peer_range = range;
  return {std::move(result), range};
}

}  // namespace polc::syntax
