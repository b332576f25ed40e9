#include "syntax/literals.hpp"

#include <doctest/doctest.h>

#include "parsed.hpp"

using namespace polc;

namespace {

// What a literal's reader says of `text`: the ids that it reports.
template <class Read>
std::string reported(const std::string& text, Read read) {
  diag::SourceMap sources;
  diag::Sink sink;
  const auto file = sources.add("x", text);
  read(text, diag::SourceRange{file, 0, static_cast<std::uint32_t>(text.size())}, sink);
  std::string ids;
  for (const auto& d : sink.sorted()) ids += (ids.empty() ? "" : " ") + std::string(d.id);
  return ids;
}

ast::Ip ip6(const std::string& text, std::string* ids = nullptr) {
  ast::Ip ip;
  const auto said = reported(text, [&](auto t, auto range, auto& sink) { ip = syntax::ip6_of(t, range, sink); });
  if (ids != nullptr) *ids = said;
  return ip;
}

using Bytes = std::array<std::uint8_t, 16>;

}  // namespace

TEST_CASE("modes: octal or hexadecimal; for what is decimal only octal digits tell what was meant") {
  struct Case {
    const char* text;
    std::uint64_t value;
    const char* ids;
    const char* fix;
  };
  const Case cases[] = {
      {"0644", 0644, "", ""}, {"0", 0, "", ""}, {"0x1FF", 0777, "", ""}, {"00", 0, "", ""}, {"644", 0, "P1060", "0644"},
      {"4755", 0, "P1060", "04755"}, {"689", 0, "P1060", ""}, {"100644", 0, "P1060", ""}, {"0999", 0, "P1051", ""}, {"0x18", 0x18, "", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    ast::Integer mode;
    std::string fix;
    const auto ids = reported(c.text, [&](auto t, auto range, auto& sink) {
      mode = syntax::mode_of(t, range, sink);
      for (const auto& d : sink.all())
        for (const auto& one : d.fixes) fix += one.text;
    });
    CHECK(mode.value == c.value);
    CHECK(ids == c.ids);
    CHECK(fix == c.fix);
  }
}

TEST_CASE("integers: decimal, hexadecimal, octal, up to 64 bits") {
  struct Case {
    const char* text;
    std::uint64_t value;
    const char* ids;
  };
  const Case cases[] = {
      {"0", 0, ""},
      {"42", 42, ""},
      {"0xFf", 255, ""},
      {"0640", 416, ""},
      {"00", 0, ""},
      {"18446744073709551615", UINT64_MAX, ""},
      {"18446744073709551616", UINT64_MAX, "P1050"},
      {"0xFFFFFFFFFFFFFFFF", UINT64_MAX, ""},
      {"0x10000000000000000", UINT64_MAX, "P1050"},
      {"01777777777777777777777", UINT64_MAX, ""},
      {"02000000000000000000000", UINT64_MAX, "P1050"},
      {"08", 0, "P1051"},
      {"0179", 0, "P1051"},
      {"99999999999999999999999999999999", UINT64_MAX, "P1050"},
  };
  for (const auto& c : cases) {
    ast::Integer integer;
    const auto ids =
        reported(c.text, [&](auto t, auto range, auto& sink) { integer = syntax::integer_of(t, range, sink); });
    CHECK_MESSAGE(integer.value == c.value, c.text);
    CHECK_MESSAGE(ids == c.ids, c.text);
  }
}

TEST_CASE("sizes: binary multiples, up to 64 bits") {
  const auto size = [](const std::string& text, std::string& ids) {
    ast::Size result;
    ids = reported(text, [&](auto t, auto range, auto& sink) { result = syntax::size_of(t, range, sink); });
    return result.value;
  };
  std::string ids;
  CHECK(size("4K", ids) == 4096);
  CHECK(size("1M", ids) == 1u << 20);
  CHECK(size("17179869183G", ids) == std::uint64_t{17179869183u} << 30);
  CHECK(ids == "");
  CHECK(size("17179869184G", ids) == UINT64_MAX);
  CHECK(ids == "P1050");
}

TEST_CASE("IPv4: octets and prefix") {
  ast::Ip ip;
  const auto read = [&](auto t, auto range, auto& sink) { ip = syntax::ip4_of(t, {}, range, sink); };
  CHECK(reported("10.1.2.255", read) == "");
  CHECK(ip.bytes == Bytes{10, 1, 2, 255});
  CHECK(ip.prefix == 32);
  CHECK(reported("10.1.2.256", read) == "P1057");
  CHECK(reported("999999999999999999999.0.0.0", read) == "P1057");
  CHECK(reported("010.0.0.1", read) == "P1058");
  CHECK(reported("256.0.00.1", read) == "P1057 P1058");
  const auto prefixed = [](std::uint64_t prefix) {
    return [prefix](auto t, auto range, auto& sink) {
      syntax::ip4_of(t, ast::Integer{prefix, false, range}, range, sink);
    };
  };
  CHECK(reported("10.0.0.0", prefixed(0)) == "");
  CHECK(reported("10.0.0.0", prefixed(32)) == "");
  CHECK(reported("10.0.0.0", prefixed(33)) == "P1059");
  CHECK(reported("10.0.0.0", prefixed(UINT64_MAX)) == "P1059");
}

TEST_CASE("IPv6: groups, the gap, an IPv4 tail, a prefix") {
  CHECK(ip6("[::]").bytes == Bytes{});
  CHECK(ip6("[::1]").bytes == Bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  CHECK(ip6("[1::]").bytes == Bytes{0, 1});
  CHECK(ip6("[2001:db8::1]").bytes == Bytes{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  CHECK(ip6("[1:2:3:4:5:6:7:8]").bytes == Bytes{0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8});
  CHECK(ip6("[1:2:3::8]").bytes == Bytes{0, 1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8});
  CHECK(ip6("[64:ff9b::192.0.2.33]").bytes == Bytes{0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 33});
  CHECK(ip6("[2001:DB8::/32]").prefix == 32);
  CHECK(ip6("[::/0]").prefix == 0);
  CHECK(ip6("[::1]").prefix == 128);
  CHECK(ip6("[::1]").is_v6);
}

TEST_CASE("IPv6: an IPv4-mapped address is the IPv4 address") {
  const auto whole = ip6("[::ffff:1.2.3.4]");
  CHECK_FALSE(whole.is_v6);
  CHECK(whole.prefix == 32);
  CHECK(whole.bytes == Bytes{1, 2, 3, 4});
  const auto net = ip6("[::ffff:0a00:0/104]");
  CHECK_FALSE(net.is_v6);
  CHECK(net.prefix == 8);
  CHECK(net.bytes == Bytes{10, 0, 0, 0});
  CHECK(ip6("[::ffff:0:0/95]").is_v6);  // half of it is not IPv4
}

TEST_CASE("IPv6: what is none") {
  for (const auto text :
       {"[:]", "[1:]", "[:1]", "[1:2]", "[1:::2]", "[1::2::3]", "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7]",
        "[1:2:3:4:5:6:7:8::]", "[::1:2:3:4:5:6:7:8]", "[12345::]", "[::1.2.3]", "[::1.2.3.4.5]", "[1.2.3.4::]",
        "[::1..2.3]", "[::.1.2.3]", "[::a.1.2.3]", "[1:2:3:4:5:6:7:1.2.3.4]", "[:::]"}) {
    std::string ids;
    ip6(text, &ids);
    CHECK_MESSAGE(ids == "P1056", text);
  }
  std::string ids;
  ip6("[::/129]", &ids);
  CHECK(ids == "P1059");
  ip6("[::/99999999999999999999999]", &ids);
  CHECK(ids == "P1059");
  ip6("[::1.2.3.256]", &ids);
  CHECK(ids == "P1057");
}
