#include "sets/port_regex.hpp"

#include <doctest/doctest.h>
#include <regex.h>

#include <algorithm>
#include <set>

namespace polc::sets {
namespace {

using Strings = std::vector<std::string>;

std::vector<std::uint16_t> boundary_ports() {
  std::set<std::uint16_t> ports{80,    443,   1023,  1024,  1025,  8080,  9001,  9100,  32767, 32768, 49151,
                                49152, 65535, 65534, 65529, 65530, 65499, 65500, 64999, 65000, 59999, 60000};
  for (std::uint32_t power = 1; power <= 10000; power *= 10)
    for (std::uint32_t digit = 1; digit <= 9; ++digit)
      for (const int beside : {-1, 0, 1}) {
        const auto port = static_cast<std::int64_t>(power) * digit + beside;
        if (port <= 65535) ports.insert(static_cast<std::uint16_t>(port));
      }
  return {ports.begin(), ports.end()};
}

NumberSet wanted(std::uint16_t low, std::uint16_t high, PortMode mode) {
  return NumberSet::range(low, mode == PortMode::domain && high == 65535 ? 99999 : high);
}

bool reads_back(std::uint16_t low, std::uint16_t high) {
  const PortSet ports = PortSet::range(low, high);
  for (const auto mode : {PortMode::domain, PortMode::strict}) {
    if (read_port_regex(port_regex(ports, mode)) != wanted(low, high, mode)) return false;
    if (read_port_regex(short_port_regex(ports, mode)) != wanted(low, high, mode)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("the unprivileged ports are the how-to's own five lines") {
  CHECK(port_regex_blocks(PortSet::range(1024, 65535), PortMode::domain) ==
        Strings{"102[4-9]", "10[3-9][0-9]", "1[1-9][0-9]{2}", "[2-9][0-9]{3}", "[1-9][0-9]{4}"});
}

TEST_CASE("small sets read as a person would write them") {
  CHECK(port_regex(PortSet::of(80), PortMode::domain) == "80");
  CHECK(port_regex(PortSet::of(80) | PortSet::of(443), PortMode::domain) == "80|443");
  CHECK(port_regex(PortSet::of(0), PortMode::domain) == "0");
  CHECK(port_regex(PortSet::range(0, 9), PortMode::domain) == "[0-9]");
  CHECK(port_regex(PortSet::range(80, 81), PortMode::domain) == "8[01]");
  CHECK(port_regex(PortSet::range(6000, 6063), PortMode::domain) == "60[0-5][0-9]|606[0-3]");
  CHECK(port_regex(PortSet::of(65535), PortMode::strict) == "65535");
  CHECK(port_regex(PortSet::none(), PortMode::domain).empty());
}

TEST_CASE("the shortest regexes known") {
  const auto strict = [](std::uint16_t low, std::uint16_t high) { return short_port_regex(PortSet::range(low, high), PortMode::strict); };
  const auto domain = [](std::uint16_t low, std::uint16_t high) { return short_port_regex(PortSet::range(low, high), PortMode::domain); };
  CHECK(domain(1, 65535) == "[1-9][0-9]{0,4}");
  CHECK(domain(0, 65535) == "0|[1-9][0-9]{0,4}");
  CHECK(strict(0, 9999) == "0|[1-9][0-9]{0,3}");
  CHECK(strict(0, 99) == "[1-9]?[0-9]");
  CHECK(strict(1, 65535).size() == 80);
  CHECK(strict(1024, 65535).size() == 95);
  CHECK(domain(1024, 65535).size() <= 61);
  CHECK(strict(0, 1023) == "([1-9][0-9]?|10[01])?[0-9]|102[0-3]");
  CHECK(strict(9001, 9100) == "9(00[1-9]|0[1-9][0-9]|100)");
  CHECK(strict(6000, 6063) == "60([0-5][0-9]|6[0-3])");
  CHECK(strict(32, 93) == "[3-8][2-9]|[4-9][0-3]");  // two boxes that overlap, where the classic split has three
  CHECK(short_port_regex(PortSet::none(), PortMode::domain).empty());
  PortSet web;
  for (const std::uint16_t port : {80, 443, 8080, 8443}) web = web | PortSet::of(port);
  CHECK(short_port_regex(web, PortMode::strict) == "80|8080|8?443");
}

TEST_CASE("a set of very many ranges is factored in pieces") {
  PortSet odd;
  for (std::uint32_t port = 1; port < 4000; port += 2) odd = odd | PortSet::of(static_cast<std::uint16_t>(port));
  const auto read = read_port_regex(short_port_regex(odd, PortMode::strict));
  REQUIRE(read.has_value());
  for (std::uint32_t port = 0; port <= 99999; ++port) REQUIRE(read->contains(port) == (port < 4000 && port % 2 == 1));
}

TEST_CASE("all ranges between boundary ports read back exactly, in both modes") {
  const auto ports = boundary_ports();
  std::size_t ranges = 0, wrong = 0;
  for (const auto low : ports)
    for (const auto high : ports)
      if (low <= high) wrong += !reads_back(low, high), ++ranges;
  CHECK(wrong == 0);
  CHECK(ranges > 7'000);
}

TEST_CASE("every 64th start against a stride of ends reads back exactly, in both modes") {
  std::size_t ranges = 0, wrong = 0;
  for (std::uint32_t low = 0; low <= 65535; low += 64)
    for (std::uint32_t high = low; high <= 65535; high += 997)
      wrong += !reads_back(static_cast<std::uint16_t>(low), static_cast<std::uint16_t>(high)), ++ranges;
  CHECK(wrong == 0);
  CHECK(ranges == 34'201);
}

TEST_CASE("sets of several ranges read back") {
  const PortSet ports = PortSet::of(80) | PortSet::of(443) | PortSet::range(9001, 9100) | PortSet::range(60000, 65535);
  const auto strict = read_port_regex(port_regex(ports, PortMode::strict));
  REQUIRE(strict.has_value());
  for (std::uint32_t port = 0; port <= 99999; ++port)
    REQUIRE(strict->contains(port) == (port <= 65535 && ports.contains(static_cast<std::uint16_t>(port))));
}

TEST_CASE("the C library reads the regexes as we do, on all ports") {
  const auto ports = boundary_ports();
  std::size_t compared = 0, wrong = 0;
  for (std::size_t i = 0; i + 7 < ports.size(); i += 7) {
    const PortSet set = PortSet::range(ports[i], ports[ports.size() - 1 - i / 2]) | PortSet::of(ports[i / 3]);
    for (const auto mode : {PortMode::domain, PortMode::strict}) {
      regex_t compiled;
      const std::string regex = i % 2 == 0 ? port_regex(set, mode) : short_port_regex(set, mode);
      REQUIRE(regcomp(&compiled, ("^inet-\\[.*\\]:(" + regex + ")$").c_str(),
                      REG_EXTENDED | REG_NOSUB) == 0);
      for (std::uint32_t port = 0; port <= 65535; ++port, ++compared) {
        const std::string address = "inet-[fe80::1]:" + std::to_string(port);
        wrong +=
            (regexec(&compiled, address.c_str(), 0, nullptr, 0) == 0) != set.contains(static_cast<std::uint16_t>(port));
      }
      regfree(&compiled);
    }
  }
  CHECK(wrong == 0);
  CHECK(compared >= 20 * 65'536);
}

TEST_CASE("the reader knows hand-written regexes too") {
  const auto check = [](std::string_view regex, const NumberSet& numbers) {
    INFO(regex);
    CHECK(read_port_regex(regex) == numbers);
  };
  check("80(80)?|8?443", NumberSet::of(80) | NumberSet::of(8080) | NumberSet::of(443) | NumberSet::of(8443));
  check("[1-9][0-9]{0,4}", NumberSet::range(1, 99999));
  check("([1-9][0-9]?|10[01])?[0-9]|102[0-3]", NumberSet::range(0, 1019) | NumberSet::range(1020, 1023));
  check("[^0].", NumberSet::range(10, 99));
  check("102[4-9]|(10[3-9]|(1[1-9]|([2-9]|6[0-4]|[1-5][0-9])[0-9]|65[0-4])[0-9]|655[0-2])[0-9]|6553[0-5]",
        NumberSet::range(1024, 65535));
}

TEST_CASE("the reader refuses what is no set of port numbers") {
  for (const auto* regex :
       {"",         "80|",    "|80", "(80", "80)", "[0-9", "[]",    "[9-1]", "8{", "8{2", "8{3,2}", "08",
        "[0-9]{2}", "123456", "8*",  "8+",  "80$", "a",    "[a-f]", "8{6}",  "?",  "0?1", "(8?)"}) {
    INFO(regex);
    CHECK_FALSE(read_port_regex(regex).has_value());
  }
}

}  // namespace polc::sets
