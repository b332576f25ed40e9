// The same denies on all architectures: a policy of all calls and one deny compiles, or loses the deny to blind ways
// alone.
#include <doctest/doctest.h>

#include <cstdio>

#include "ways.hpp"

namespace polc::ways {

namespace {

/// One blind way alone is told as well.
void check_each(const e2e::Scratch& scratch, const Words& deny, const std::set<std::string>& blind) {
  for (const std::string& call : blind) {
    std::set<std::string> others = blind;
    others.erase(call);
    const Compiled alone = compile(scratch, deny[2], Arch::x86_64, others);
    CHECK(alone.trouble == "");
    CHECK_MESSAGE(alone.is_lost, call);
    CHECK_MESSAGE(alone.named == std::set<std::string>{call}, call);
  }
}

}  // namespace

TEST_CASE("on every architecture a deny closes its ways, and only blind ones are told") {
  const e2e::Scratch scratch;
  std::size_t compiled = 0;
  for (const std::string_view name : arch_names) {
    const Arch arch = *find_arch(name);
    for (const Words& deny : lines_of("denies.tsv", 4)) {
      INFO(name, ": deny ", deny[2]);
      const std::set<std::string> blind = deny[3] == "part" ? std::set<std::string>{} : blind_calls(deny, arch);
      const Compiled all = compile(scratch, deny[2], arch);
      CHECK(all.trouble == "");
      CHECK(all.named == blind);
      CHECK(all.is_lost == (deny[3] != "whole" || !blind.empty()));
      ++compiled;
      if (blind.empty() || deny[3] != "whole") continue;
      const Compiled without = compile(scratch, deny[2], arch, blind);
      CHECK(without.trouble == "");
      CHECK_FALSE(without.is_lost);
      if (arch == Arch::x86_64) check_each(scratch, deny, blind);
    }
  }
  std::printf("%zu policies of one deny compiled\n", compiled);
}

}  // namespace polc::ways
