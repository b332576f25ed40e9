#include "knowledge/call_numbers.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "knowledge/calls.hpp"
#include "support/check.hpp"

namespace polc::knowledge {
namespace {

constexpr std::int32_t no = -1;

/// A row of the .inc file; the columns follow enum Arch.
struct Row {
  std::string_view name;
  std::int32_t numbers[arch_names.size()];
};
constexpr Row rows[] = {
#include "knowledge/linux_numbers.inc"
};

struct ArchFacts {
  std::uint32_t audit;
  std::uint32_t base;
  std::uint8_t register_bits;
  bool is_32bit;
  bool is_big_endian;
};

// Linux 6.18, include/uapi/linux/audit.h: the ELF machine, 0x80000000 for 64 bits, 0x40000000 for little endian.
constexpr ArchFacts facts[arch_names.size()] = {
    {0xC000'003E, 0, 64, false, false},           // x86_64
    {0x4000'0003, 0, 32, true, false},            // x86
    {0xC000'003E, 0x4000'0000, 64, true, false},  // x32
    {0xC000'00B7, 0, 64, false, false},           // aarch64
    {0x4000'0028, 0, 32, true, false},            // arm
    {0xC000'00F3, 0, 64, false, false},           // riscv64
    {0xC000'0015, 0, 64, false, false},           // ppc64le
    {0x8000'0016, 0, 64, false, true},            // s390x
    {0x8000'0008, 5000, 64, false, true},         // mips64
};

const ArchFacts& facts_of(Arch arch) { return facts[static_cast<std::size_t>(arch)]; }

struct Numbered {
  std::int32_t number = no;
  CallId call;
};

/// For each architecture its calls by number; rows without one stand first.
constexpr auto by_number = [] {
  std::array<std::array<Numbered, std::size(rows)>, arch_names.size()> result{};
  for (std::size_t arch = 0; arch < result.size(); ++arch) {
    for (std::size_t i = 0; i < std::size(rows); ++i)
      result[arch][i] = {rows[i].numbers[arch], CallId{static_cast<std::uint16_t>(i)}};
    std::sort(result[arch].begin(), result[arch].end(),
              [](const Numbered& a, const Numbered& b) { return a.number < b.number; });
  }
  return result;
}();

}  // namespace

std::optional<std::uint32_t> number_of(Arch arch, CallId id) {
  POLC_CHECK(id.value < std::size(rows), "a CallId belongs to the OS whose table made it");
  const std::int32_t number = rows[id.value].numbers[static_cast<std::size_t>(arch)];
  if (number == no) return std::nullopt;
  return static_cast<std::uint32_t>(number) + number_base(arch);
}

std::optional<CallId> call_with(Arch arch, std::uint32_t number) {
  const std::uint32_t base = number_base(arch);
  if (number < base || number - base > 0x7FFF'FFFF) return std::nullopt;
  const auto wanted = static_cast<std::int32_t>(number - base);
  const auto& calls = by_number[static_cast<std::size_t>(arch)];
  const auto at = std::lower_bound(calls.begin(), calls.end(), wanted,
                                   [](const Numbered& entry, std::int32_t n) { return entry.number < n; });
  if (at == calls.end() || at->number != wanted) return std::nullopt;
  return at->call;
}

std::uint32_t audit_arch(Arch arch) { return facts_of(arch).audit; }
std::uint32_t number_base(Arch arch) { return facts_of(arch).base; }
unsigned register_bits(Arch arch) { return facts_of(arch).register_bits; }
bool is_32bit(Arch arch) { return facts_of(arch).is_32bit; }
bool is_big_endian(Arch arch) { return facts_of(arch).is_big_endian; }

}  // namespace polc::knowledge
