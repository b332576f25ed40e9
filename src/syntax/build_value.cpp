// Tokens, names and values of the tree.
#include "PolicyParser.h"
#include "syntax/build_ast.hpp"
#include "syntax/literals.hpp"
#include "syntax/string_text.hpp"

namespace polc::syntax {

using Parser = grammar::PolicyParser;

diag::SourceRange range_of(const Reading& reading, const antlr4::Token& token) {
  return {reading.file, static_cast<std::uint32_t>(token.getStartIndex()),
          static_cast<std::uint32_t>(token.getStopIndex() + 1)};
}

diag::SourceRange range_of(const Reading& reading, Context& context) {
  return joined(range_of(reading, *context.start), range_of(reading, *context.stop));
}

ast::String string_of(const Reading& reading, const antlr4::Token& token) {
  const auto range = range_of(reading, token);
  ast::String string{std::string(reading.text.substr(range.begin + 1, range.end - range.begin - 2)), range};
  check_escapes(string, reading.sink);
  return string;
}

ast::Integer integer_of(const Reading& reading, const antlr4::Token& token) {
  const auto range = range_of(reading, token);
  return integer_of(reading.sources.text_of(range), range, reading.sink);
}

ast::Variable variable_of(const Reading& reading, const antlr4::Token& token) {
  const auto range = range_of(reading, token);
  return {std::string(reading.text.substr(range.begin + 1, range.end - range.begin - 1)), range};
}

ast::Name name_of(const Reading& reading, const antlr4::Token& token) {
  const auto range = range_of(reading, token);
  return {std::string(reading.sources.text_of(range)), range};
}

ast::Name name_of(const Reading& reading, Context& one_token) { return name_of(reading, *one_token.start); }

std::vector<ast::Name> names_of(const Reading& reading, Context& names) {
  std::vector<ast::Name> result;
  for (auto* name : static_cast<Parser::NamesContext&>(names).members) result.push_back(name_of(reading, *name));
  return result;
}

ast::Path path_of(const Reading& reading, Context& path) {
  if (path.start->getType() == Parser::VAR) return variable_of(reading, *path.start);
  return string_of(reading, *path.start);
}

namespace {

// INT and an optional second one behind a dash.
ast::NumberRange number_range_of(const Reading& reading, const std::vector<antlr4::tree::TerminalNode*>& numbers) {
  ast::NumberRange range{integer_of(reading, *numbers[0]->getSymbol()), {}};
  if (numbers.size() > 1) range.high = integer_of(reading, *numbers[1]->getSymbol());
  check_order(reading.sources, range.low, range.high, reading.sink);
  return range;
}

void check_ports(const Reading& reading, const ast::NumberRange& range) {
  check_port(range.low, reading.sink);
  if (range.high) check_port(*range.high, reading.sink);
}

ast::Account account_of(const Reading& reading, Parser::AccountContext& account) {
  const bool is_group = account.start->getType() == Parser::GROUP_;
  ast::Account result{is_group, string_of(reading, *account.STRING()->getSymbol()), {}, range_of(reading, account)};
  if (auto* id = account.INT()) result.id = integer_of(reading, *id->getSymbol());
  return result;
}

ast::Ip ip_of(const Reading& reading, Parser::IpContext& ip) {
  const auto range = range_of(reading, *ip.start);
  const auto text = reading.sources.text_of(range);
  if (ip.start->getType() == Parser::IP6) return ip6_of(text, range, reading.sink);
  std::optional<ast::Integer> prefix;
  if (auto* length = ip.INT()) prefix = integer_of(reading, *length->getSymbol());
  return ip4_of(text, prefix, range, reading.sink);
}

ast::Address address_of(const Reading& reading, Parser::AddrContext& address) {
  const auto range = range_of(reading, address);
  if (auto* ip = address.ip()) return {ip_of(reading, *ip), range};
  switch (address.start->getType()) {
    case Parser::ANY4_: return {ast::AnyAddress::any4, range};
    case Parser::ANY6_: return {ast::AnyAddress::any6, range};
    default: return {ast::AnyAddress::any, range};
  }
}

ast::Ports ports_of(const Reading& reading, Parser::PortsContext& ports) {
  const auto range = range_of(reading, ports);
  if (auto* variable = ports.VAR()) return {variable_of(reading, *variable->getSymbol()), range};
  if (auto* set = ports.set()) {
    std::vector<ast::Set> one{set_of(reading, *set)};
    for (const auto& member : one.front().members)
      if (const auto* numbers = std::get_if<ast::NumberRange>(&member.value)) check_ports(reading, *numbers);
    return {std::move(one), range};
  }
  const auto numbers = number_range_of(reading, ports.INT());
  check_ports(reading, numbers);
  return {ast::PortRange{numbers.low, numbers.high}, range};
}

// `addr ports?`, `ip ports?` or `VAR ports?`: the endpoints of value, member and endpoint.
template <class WithPorts>
void add_ports(const Reading& reading, WithPorts& context, ast::Endpoint& endpoint) {
  if (auto* ports = context.ports()) endpoint.ports = ports_of(reading, *ports);
}

ast::Member member_of(const Reading& reading, Parser::MemberContext& member) {
  const auto range = range_of(reading, member);
  if (const auto numbers = member.INT(); !numbers.empty()) return {number_range_of(reading, numbers), range};
  if (auto* string = member.STRING()) return {string_of(reading, *string->getSymbol()), range};
  if (auto* account = member.account()) return {account_of(reading, *account), range};
  if (const auto names = member.name(); !names.empty()) {
    ast::Alternatives alternatives;
    for (auto* name : names) alternatives.names.push_back(name_of(reading, *name));
    return {std::move(alternatives), range};
  }
  ast::Endpoint endpoint;
  if (auto* variable = member.VAR()) endpoint.host = variable_of(reading, *variable->getSymbol());
  else endpoint.host = ast::Address{ip_of(reading, *member.ip()), range_of(reading, *member.ip())};
  add_ports(reading, member, endpoint);
  endpoint.range = range;
  return {std::move(endpoint), range};
}

template <class AddressOrVariable>
ast::Endpoint host_and_ports_of(const Reading& reading, AddressOrVariable& context) {
  ast::Endpoint endpoint;
  if (auto* variable = context.VAR()) endpoint.host = variable_of(reading, *variable->getSymbol());
  else endpoint.host = address_of(reading, *context.addr());
  add_ports(reading, context, endpoint);
  endpoint.range = range_of(reading, context);
  return endpoint;
}

}  // namespace

ast::Set set_of(const Reading& reading, Context& set) {
  ast::Set result{{}, range_of(reading, set)};
  for (auto* member : static_cast<Parser::SetContext&>(set).member())
    result.members.push_back(member_of(reading, *member));
  return result;
}

ast::Endpoint endpoint_of(const Reading& reading, Context& endpoint) {
  return host_and_ports_of(reading, static_cast<Parser::EndpointContext&>(endpoint));
}

ast::Value value_of(const Reading& reading, Context& context) {
  auto& value = static_cast<Parser::ValueContext&>(context);
  const auto range = range_of(reading, value);
  if (auto* string = value.STRING()) return {string_of(reading, *string->getSymbol()), range};
  if (auto* number = value.INT()) return {integer_of(reading, *number->getSymbol()), range};
  if (auto* account = value.account()) return {account_of(reading, *account), range};
  if (auto* set = value.set()) return {set_of(reading, *set), range};
  return {host_and_ports_of(reading, value), range};
}

}  // namespace polc::syntax
