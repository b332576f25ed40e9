#include "target/ways.hpp"

#include <doctest/doctest.h>

#include <optional>

#include "calls.hpp"

namespace polc::target {
namespace {

using sets::Compare;
using testing::Permitted;

// Nothing: no box is about such ids.
std::optional<ir::IdentityBox> users(const std::vector<Permitted>& calls, Arch arch = Arch::x86_64) {
  for (const ir::Box& box : permitted_by_ways(testing::parts_of(calls), Os::linux_os, arch))
    if (const auto* ids = std::get_if<ir::IdentityBox>(&box); ids != nullptr && ids->kind == ir::IdentityKind::user) return *ids;
  return std::nullopt;
}

std::optional<sets::NumberSet> requests(const std::vector<Permitted>& calls) {
  for (const ir::Box& box : permitted_by_ways(testing::parts_of(calls), Os::linux_os, Arch::x86_64))
    if (const auto* file = std::get_if<ir::FileBox>(&box); file != nullptr && file->verbs.contains(FileVerb::ioctl)) return file->requests;
  return std::nullopt;
}

bool has(const std::vector<Permitted>& calls, std::uint32_t id, Arch arch = Arch::x86_64) {
  const auto box = users(calls, arch);
  return box && ir::contains(*box, ir::Account{"", true, id});
}

TEST_CASE("an account is permitted where some register of some way may hold it") {
  CHECK_FALSE(users({{"read"}}));
  CHECK(users({{"setuid"}})->ids.is_all());
  const std::vector<Permitted> one{{"setuid", "uid", Compare::equal, 101}};
  CHECK(has(one, 101));
  CHECK_FALSE(has(one, 102));
  CHECK_FALSE(has(one, 0));
  const std::vector<Permitted> others{{"setresuid", "suid", Compare::equal, 7}};  // the other two are free
  CHECK(has(others, 0));
  const std::vector<Permitted> all_but{{"setuid", "uid", Compare::not_equal, 1001}};
  CHECK(has(all_but, 0));
  CHECK(has(all_but, 1002));
  CHECK_FALSE(has(all_but, 1001));
}

TEST_CASE("an account of which only the name is known may be any that is permitted") {
  const ir::Account tor{"tor", false, 0};
  CHECK(ir::contains(*users({{"setuid", "uid", Compare::not_equal, 0}}), tor));
  CHECK(ir::contains(*users({{"setuid"}}), tor));
}

TEST_CASE("what changes nothing is no account") {
  CHECK_FALSE(users({{"setuid", "uid", Compare::equal, 0xFFFF'FFFF}}));
  CHECK_FALSE(has({{"setuid", "uid", Compare::equal, 0xFFFF, 0xFFFF}}, 0xFFFF, Arch::x86));  // ids of 16 bits
  CHECK(has({{"setuid", "uid", Compare::equal, 101, 0xFFFF}}, 101, Arch::x86));
  CHECK_FALSE(has({{"setuid", "uid", Compare::equal, 101, 0xFFFF}}, 0x10065, Arch::x86));
}

TEST_CASE("some account and a user namespace are any account") {
  CHECK(users({{"setuid", "uid", Compare::equal, 101}, {"unshare"}})->ids.is_all());
  CHECK_FALSE(users({{"unshare"}}));
}

TEST_CASE("requests of ioctl are told apart, but not behind a ring") {
  CHECK_FALSE(requests({{"read"}}));
  CHECK(*requests({{"ioctl", "request", Compare::equal, 0x5401}}) == sets::NumberSet::of(0x5401));
  CHECK(requests({{"ioctl"}})->is_all());
  CHECK(requests({{"ioctl", "request", Compare::equal, 0x5401}, {"io_uring_setup"}})->is_all());
}

TEST_CASE("values that make up too many intervals are all") {
  CHECK(requests({{"ioctl", "request", Compare::equal, 0, 0x55555}})->is_all());
}

}  // namespace
}  // namespace polc::target
