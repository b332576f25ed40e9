#include <doctest/doctest.h>

#include "parsed.hpp"

using namespace polc;
using test::statement_of;

namespace {

ast::Value value_of(const std::string& text) {
  const auto statement = statement_of("let x = " + text + ";");
  REQUIRE_MESSAGE(std::holds_alternative<ast::Let>(statement.value), text);
  return std::get<ast::Let>(statement.value).value;
}

}  // namespace

TEST_CASE("values: every form") {
  CHECK(std::get<ast::String>(value_of(R"("a\"$b")").value).raw == R"(a\"$b)");
  CHECK(std::get<ast::Integer>(value_of("0x1F").value).value == 31);
  const auto account = std::get<ast::Account>(value_of(R"(group "www-data" 33)").value);
  CHECK(account.is_group);
  CHECK(account.name.raw == "www-data");
  CHECK(account.id->value == 33);
  CHECK_FALSE(std::get<ast::Account>(value_of(R"(user "x")").value).id);
  CHECK(std::get<ast::Variable>(std::get<ast::Endpoint>(value_of("$v").value).host).name == "v");
  CHECK(std::get<ast::Endpoint>(value_of("$v:80").value).ports);
  const auto endpoint = std::get<ast::Endpoint>(value_of("127.0.0.1:9050").value);
  CHECK(std::get<ast::PortRange>(endpoint.ports->value).low.value == 9050);
  for (const auto& [text, any] :
       {std::pair{"any", ast::AnyAddress::any}, {"any4", ast::AnyAddress::any4}, {"any6", ast::AnyAddress::any6}})
    CHECK(std::get<ast::AnyAddress>(std::get<ast::Address>(std::get<ast::Endpoint>(value_of(text).value).host).value) ==
          any);
}

TEST_CASE("sets: every member, with and without a last comma") {
  const auto set = std::get<ast::Set>(
      value_of(R"({ 80, 1024-65535, "/x", user "a", A, B | C, $v, $v:1, 10.0.0.0/8, [::1]:2-3, })").value);
  REQUIRE(set.members.size() == 10);
  CHECK_FALSE(std::get<ast::NumberRange>(set.members[0].value).high);
  CHECK(std::get<ast::NumberRange>(set.members[1].value).high->value == 65535);
  CHECK(std::get<ast::String>(set.members[2].value).raw == "/x");
  CHECK(std::get<ast::Account>(set.members[3].value).name.raw == "a");
  CHECK(std::get<ast::Alternatives>(set.members[4].value).names.size() == 1);
  CHECK(std::get<ast::Alternatives>(set.members[5].value).names.at(1).text == "C");
  CHECK_FALSE(std::get<ast::Endpoint>(set.members[6].value).ports);
  CHECK(std::get<ast::Endpoint>(set.members[7].value).ports);
  CHECK(std::get<ast::Ip>(std::get<ast::Address>(std::get<ast::Endpoint>(set.members[8].value).host).value).prefix ==
        8);
  CHECK(std::get<ast::Endpoint>(set.members[9].value).ports);
}
