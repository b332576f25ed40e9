// Does the proof find what is wrong? Filters are damaged, one instruction at a time.
#include <doctest/doctest.h>

#include <array>
#include <filesystem>

#include "knowledge/call_numbers.hpp"
#include "seccomp/print.hpp"
#include "seccomp/machine.hpp"
#include "seccomp/read.hpp"
#include "seccomp/seccomp.hpp"
#include "prove.hpp"
#include "testing.hpp"

using namespace polc;
using namespace polc::seccomp;
using namespace polc::seccomp::testing;

namespace {

constexpr std::string_view lines = R"(
  default deny errno EACCES;
  default kill for ptrace;
  allow syscall read, write;
  allow syscall socket where domain in {AF_UNIX, AF_INET} and type & 0xf == 1;
  allow syscall prctl where arg[0] < 40 and arg[1] > 0xffffffff0;
  deny syscall prctl where arg[0] == 22;
)";

std::vector<Program> damaged(const Program& program) {
  std::vector<Program> result;
  const auto add = [&](std::size_t i, const auto& change) {
    Program copy = program;
    change(copy[i]);
    if (copy != program && !fault_of(copy)) result.push_back(copy);
  };
  for (std::size_t i = 0; i < program.size(); ++i) {
    add(i, [](Instruction& one) { one.k += 1; });
    add(i, [](Instruction& one) { one.k ^= 0x1'0000; });
    add(i, [](Instruction& one) { std::swap(one.jt, one.jf); });
    add(i, [](Instruction& one) {
      if (one.jt != one.jf) one.jt += 1;
    });
    add(i, [](Instruction& one) {
      if (one.code == op::load) one.k ^= 4;
    });
    add(i, [](Instruction& one) {
      if (one.code == op::at_least) one.code = op::greater;
    });
  }
  return result;
}

}  // namespace

TEST_CASE("prove: a damaged filter is not proven") {
  const auto policy = compiled(policy_of(lines));
  const Program program = program_of(*policy);
  CHECK(!prove(policy->members(), raw_bytes(program)));
  std::size_t found = 0, all = 0;
  for (const Program& bad : damaged(program)) {
    ++all;
    found += prove(policy->members(), raw_bytes(bad)).has_value();
  }
  CHECK(all > 70);
  CHECK(found == all);
}

TEST_CASE("prove: a text cut off is no filter") {
  const auto policy = compiled(policy_of(lines));
  const std::string bytes = raw_bytes(program_of(*policy));
  CHECK(prove(policy->members(), bytes.substr(0, bytes.size() - 8)));
  CHECK(prove(policy->members(), bytes.substr(0, bytes.size() - 3)));
  CHECK(prove(policy->members(), ""));
}

TEST_CASE("asm, h: the text reads back as the same program") {
  for (const char* name : {"tiny", "docker", "tor"}) {
    const auto policy = compiled(file_text(std::string(POLC_SOURCE_DIR "/tests/bench/policies/") + name + ".pol"));
    const Generated generated = generate(policy->members());
    const auto back = listing_from_asm(asm_text(generated, policy->members(), origins_of(generated.program, policy->members())).text);
    REQUIRE(back);
    CHECK(back->program == generated.program);
    const auto header = listing_from_header(header_text(generated.program, policy->members(), origins_of(generated.program, policy->members())).text);
    REQUIRE(header);
    CHECK(header->program == generated.program);
  }
}

TEST_CASE("answers: errno, kill, arguments of 32 and 64 bits") {
  const auto policy = compiled(policy_of(lines));
  const Program program = program_of(*policy);
  const Action eacces = action::errno_base | 13;
  CHECK(answer(program, "read") == action::allow);
  CHECK(answer(program, "open") == eacces);
  CHECK(answer(program, "ptrace") == action::kill_process);
  CHECK(answer(program, "socket", {1, 1}) == action::allow);
  CHECK(answer(program, "socket", {2, 0x80801}) == action::allow);
  CHECK(answer(program, "socket", {0x7'0000'0002, 1}) == action::allow);  // an int: the kernel drops the high half
  CHECK(answer(program, "socket", {10, 1}) == eacces);
  CHECK(answer(program, "prctl", {1, 0xffff'ffff1}) == action::allow);
  CHECK(answer(program, "prctl", {1, 0xffff'ffff0}) == eacces);
  CHECK(answer(program, "prctl", {22, ~0ull}) == eacces);
  CHECK(answer(program, "prctl", {1ull << 32, ~0ull}) == eacces);
}

TEST_CASE("a filter of thousands of instructions jumps far and is still proven") {
  std::string many = "default deny errno EPERM;\n";
  for (int i = 0; i < 300; ++i)
    many += "allow syscall ioctl where arg[1] == " + std::to_string(i * 977 + 5) +
            " and arg[2] == " + std::to_string(i % 7) + ";\n";
  for (const char* call : {"fcntl", "prctl", "lseek", "mmap", "mprotect", "madvise"})
    for (int i = 0; i < 100; ++i)
      many += std::string("allow syscall ") + call + " where arg[2] == " + std::to_string(i * 3) + " and arg[3] > " +
              std::to_string(i) + ";\n";
  const auto policy = compiled(policy_of(many));
  const Program program = program_of(*policy);
  MESSAGE(program.size() << " instructions");
  CHECK(program.size() < longest_program);
  CHECK(words_of(prove(policy->members(), raw_bytes(program))) == "");
  const auto back = listing_from_asm(asm_text(generate(policy->members()), policy->members(), origins_of(program, policy->members())).text);
  REQUIRE(back);
  CHECK(back->program == program);
}

// Alternatives of one 64-bit argument, each under a mask of its own.
static std::string masks(int count, int bits) {
  std::string text = "default deny errno EPERM; allow syscall process_vm_readv where ";
  std::uint64_t value = 1;
  for (int i = 0; i < count; ++i) {
    std::uint64_t mask = 0, wanted = 0;
    for (int bit = 0; bit < bits; ++bit) {
      value = value * 6364136223846793005u + 1442695040888963407u;  // unrelated, the same every time
      mask |= std::uint64_t{1} << (value >> 58);
      wanted = value >> 1;
    }
    text += (i > 0 ? " or " : "") + std::string("arg[1] & ") + std::to_string(mask) + " == " + std::to_string(wanted & mask);
  }
  return policy_of(text + ";\n");
}

TEST_CASE("generate: alternatives whose diagram would be exponential are tested one after another") {
  const auto policy = compiled(masks(12, 10));
  const Program program = program_of(*policy);
  MESSAGE(program.size() << " instructions");
  CHECK(program.size() < 200);
  CHECK(words_of(prove(policy->members(), raw_bytes(program))) == "");
}

TEST_CASE("prove: a thousand pairs of 64-bit arguments for one call are proven; sets past the bound are said to be") {
  const auto alternatives = [](int count, std::initializer_list<int> arguments) {
    std::string text = "allow syscall process_vm_readv where ";
    std::uint32_t value = 1;
    for (int i = 0; i < count; ++i)
      for (const int argument : arguments) {
        value = value * 1664525 + 1013904223;  // unrelated, the same every time
        text += argument != *arguments.begin() ? " and " : i > 0 ? " or " : "";
        text += "arg[" + std::to_string(argument) + "] == " + std::to_string(value);
      }
    return policy_of("default deny errno EPERM; " + text + ";\n");
  };
  const auto pairs = compiled(alternatives(1000, {1, 3}));
  CHECK(words_of(prove(pairs->members(), raw_bytes(program_of(*pairs)))) == "");
  const auto many = compiled(masks(48, 18));
  const auto failure = prove(many->members(), raw_bytes(program_of(*many)));
  REQUIRE(failure);
  CHECK(failure->is_too_complex);
  CHECK(failure->words == "the conditions on process_vm_readv need exact sets of more than 1000000 nodes");
}

TEST_CASE("emit: a filter that the kernel would not take says so, with the figures") {
  std::string many = "default deny errno EPERM;\n";
  for (int i = 0; i < 5000; ++i) many += "allow syscall ioctl where arg[1] == " + std::to_string(i * 977 + 5) + ";\n";
  const auto policy = compiled(policy_of(many));
  const target::Printed printed = print_together(policy->members());
  CHECK(printed.unfit.find("the kernel takes 4096") != std::string::npos);
}

TEST_CASE("read: what the fuzzer has found once is read or refused, with a line") {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(POLC_SOURCE_DIR "/tests/fuzz/corpus/seccomp_reader")) {
    const std::string bytes = file_text(entry.path().string());
    if (bytes.empty()) continue;
    target::Settings settings;
    settings.format = std::array{"bpf", "asm", "h", "oci"}[static_cast<unsigned char>(bytes[0]) % 4];
    const auto reading = read(std::string_view(bytes).substr(1), {}, settings);
    CHECK((reading || reading.error().line > 0));
    ++count;
  }
  CHECK(count >= 5);
}

TEST_CASE("read: a hostile program is refused with the kernel's reason") {
  const auto refusal = [](const Program& program) {
    const auto listing = listing_from(raw_bytes(program), "bpf");
    return listing ? "" : listing.error().message;
  };
  const Instruction allow{op::answer, 0, 0, action::allow};
  CHECK(refusal({allow}).empty());
  CHECK(refusal({{op::load, 0, 0, 64}, allow}).find("outside struct seccomp_data") != std::string::npos);
  CHECK(refusal({{op::load, 0, 0, 2}, allow}).find("outside struct seccomp_data") != std::string::npos);
  CHECK(refusal({{op::equal, 1, 0, 5}, allow}).find("out of the program") != std::string::npos);
  CHECK(refusal({{op::always, 0, 0, 0xFFFF'FFFF}, allow}).find("out of the program") != std::string::npos);
  CHECK(refusal({{0x60, 0, 0, 1}, allow}).find("before it is written") != std::string::npos);
  CHECK(refusal({{0x34, 0, 0, 0}, allow}).find("division by zero") != std::string::npos);
  CHECK(refusal({{0x94, 0, 0, 3}, allow}).find("does not take") != std::string::npos);  // BPF_MOD
  CHECK(refusal({allow, {op::load, 0, 0, 0}}).find("does not end") != std::string::npos);
  CHECK(refusal(Program(4097, allow)).find("4096") != std::string::npos);
}
