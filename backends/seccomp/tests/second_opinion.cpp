#include "second_opinion.hpp"

#include "knowledge/call_numbers.hpp"
#include "knowledge/names.hpp"
#include "seccomp/read.hpp"

#if POLC_HAS_LIBSECCOMP
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace polc::seccomp::testing {

#if POLC_HAS_LIBSECCOMP
namespace {

scmp_compare operation(const ir::ArgumentTest& test) {
  if (test.mask != ~std::uint64_t{0}) return SCMP_CMP_MASKED_EQ;
  switch (test.op) {
    case sets::Compare::equal: return SCMP_CMP_EQ;
    case sets::Compare::not_equal: return SCMP_CMP_NE;
    case sets::Compare::less: return SCMP_CMP_LT;
    case sets::Compare::less_equal: return SCMP_CMP_LE;
    case sets::Compare::greater: return SCMP_CMP_GT;
    case sets::Compare::greater_equal: return SCMP_CMP_GE;
  }
  return SCMP_CMP_EQ;
}

bool add(scmp_filter_ctx context, const ir::CallBox& box) {
  std::vector<scmp_arg_cmp> tests;
  const auto add_test = [&](const ir::ArgumentTest& test) {
    if (test.mask == ~std::uint64_t{0}) tests.push_back({test.argument, operation(test), test.value, 0});
    else tests.push_back({test.argument, operation(test), test.mask, test.value});
  };
  if (box.where.kind == ir::Condition::Kind::test) add_test(box.where.test);
  for (const ir::Condition& term : box.where.terms) {
    if (term.kind != ir::Condition::Kind::test) return false;
    // What no masked value equals: libseccomp would cut the value.
    if ((term.test.value & ~term.test.mask) != 0) return false;
    add_test(term.test);
  }
  if (box.where.kind == ir::Condition::Kind::test && (box.where.test.value & ~box.where.test.mask) != 0) return false;
  for (const CallId call : box.calls) {
    const auto number = static_cast<int>(*knowledge::number_of(Arch::x86_64, call));
    if (seccomp_rule_add_exact_array(context, SCMP_ACT_ALLOW, number, static_cast<unsigned>(tests.size()),
                                     tests.data()) != 0)
      return false;
  }
  return true;
}

std::optional<Program> exported(scmp_filter_ctx context) {
  const int file = memfd_create("filter", 0);
  std::string bytes(8 * longest_program, '\0');
  const bool good = file >= 0 && seccomp_export_bpf(context, file) == 0;
  const ssize_t size = good ? pread(file, bytes.data(), bytes.size(), 0) : -1;
  if (file >= 0) close(file);
  if (size <= 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size));
  auto listing = listing_from_raw(bytes);
  return listing ? std::optional(listing->program) : std::nullopt;
}

}  // namespace

std::optional<Program> second_opinion(const ir::Policy& policy) {
  const auto error = knowledge::find_errno(Os::linux_os, policy.defaults.front().reaction.error_name);
  scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(static_cast<std::uint16_t>(error.value_or(1))));
  if (context == nullptr) return std::nullopt;
  bool good = true;
  for (const ir::Rule& rule : policy.rules) good = good && add(context, std::get<ir::CallBox>(rule.boxes.front()));
  auto program = good ? exported(context) : std::nullopt;
  seccomp_release(context);
  return program;
}
#else
std::optional<Program> second_opinion(const ir::Policy&) { return std::nullopt; }
#endif

}  // namespace polc::seccomp::testing
