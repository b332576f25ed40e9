#include "compiled.hpp"

namespace polc::sema_test {
namespace {

constexpr std::string_view two_platforms =
    "variant openbsd on openbsd { let binary = \"/bin/tor\"; } variant debian on linux { let binary = "
    "\"/usr/sbin/tor\"; }\n"
    "variant fedora on linux, freebsd { let binary = \"/usr/bin/toranon\"; } variant relay { } variant exit { }\n"
    "policy p { program $binary; when variant == relay, exit { deploy carries; } else { deploy leaf; } }";

std::string program(sema::ConfigurationRequest request) {
  return Compiled(two_platforms, std::move(request)).policy().programs.at(0);
}

}  // namespace

TEST_CASE("variants: the default platform is the first whose list holds the system") {
  CHECK(program({Os::linux_os, Arch::x86_64, {}}) == "/usr/sbin/tor");
  CHECK(program({Os::openbsd, Arch::x86_64, {}}) == "/bin/tor");
  CHECK(program({Os::freebsd, Arch::x86_64, {}}) == "/usr/bin/toranon");
  CHECK(program({Os::linux_os, Arch::x86_64, {"fedora"}}) == "/usr/bin/toranon");
}

TEST_CASE("variants: features are off until named; the list in force is sorted") {
  const Compiled plain(two_platforms);
  CHECK(plain.policy().configuration.variants == Strings{"debian"});
  CHECK(plain.policy().deploy == Strings{"leaf"});
  const Compiled relay(two_platforms, {Os::linux_os, Arch::x86_64, {"relay", "debian", "relay"}});
  CHECK(relay.policy().configuration.variants == Strings{"debian", "relay"});
  CHECK(relay.policy().deploy == Strings{"carries"});
}

TEST_CASE("variants: requests that do not fit are errors") {
  const auto reports = [](sema::ConfigurationRequest request) {
    return Compiled(two_platforms, std::move(request)).reports();
  };
  CHECK(reports({Os::linux_os, Arch::x86_64, {"relai"}}) == "P2012 unknown variant `relai`\n");
  CHECK(reports({Os::linux_os, Arch::x86_64, {"debian", "fedora"}}) ==
        "P2015 the variants `debian` and `fedora` are both platforms; one can be in force\n");
  CHECK(reports({Os::linux_os, Arch::x86_64, {"openbsd"}}) == "P2016 1:9 the variant `openbsd` is not on linux\n");
  CHECK(Compiled("variant a on linux { } policy p { }", {Os::openbsd, Arch::x86_64, {}}).reports() ==
        "P2017 1:9 no variant is on openbsd\n");
}

TEST_CASE("variants: platforms_of and systems_of tell what a program knows") {
  const Compiled c(two_platforms);
  CHECK(sema::platforms_of(c.program(), Os::linux_os) == Strings{"debian", "fedora"});
  CHECK(sema::systems_of(c.program()) == std::vector{Os::openbsd, Os::linux_os, Os::freebsd});
  CHECK(sema::systems_of(Compiled("policy p { }").program()).empty());
}

TEST_CASE("guards: == one of, != none of, and") {
  const auto chosen = [](std::string_view guard, sema::ConfigurationRequest request = {}) {
    const Compiled c(
        "variant f { } variant g { } policy p { when " + std::string(guard) + " { deploy yes; } else { deploy no; } }",
        std::move(request));
    return c.policy().deploy.at(0) == "yes";
  };
  CHECK(chosen("os == openbsd, linux"));
  CHECK_FALSE(chosen("os != openbsd, linux"));
  CHECK(chosen("arch == x86_64 and os == linux"));
  CHECK_FALSE(chosen("arch == aarch64 and os == linux"));
  CHECK(chosen("variant != f, g"));
  CHECK_FALSE(chosen("variant != f, g", {Os::linux_os, Arch::x86_64, {"g"}}));
  CHECK(chosen("variant == f and variant == g", {Os::linux_os, Arch::x86_64, {"f", "g"}}));
}

TEST_CASE("guards: else when") {
  const Compiled c(
      "policy p { when os == openbsd { deploy a; } else when os == linux { deploy b; } else { deploy c; } }");
  CHECK(c.policy().deploy == Strings{"b"});
}

TEST_CASE("guards: what is not in force is not looked up, but its guards are") {
  CHECK(Compiled("policy p { when os == openbsd { allow syscall mquery; allow read $nowhere; use nothing; } }").ok());
  CHECK(Compiled("policy p { when os == openbsd { when variant == x { } } }").reports() ==
        "P2012 1:49 unknown variant `x`\n");
}

}  // namespace polc::sema_test
