// The kernel's assembler language, as far as polc writes it: ld [N], and, ret, ja, jeq, jgt, jge, jset, labels.
#include <charconv>
#include <map>

#include "seccomp/read.hpp"

#include "support/lines.hpp"

namespace polc::seccomp {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<std::uint32_t> number_from(std::string_view text) {
  const bool is_hex = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  if (is_hex) text.remove_prefix(2);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, is_hex ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

struct Pending {
  std::vector<std::string> labels;  // of a jump: one, or the two ways
  unsigned line = 0;
};

class AsmReader {
 public:
  ListingResult read(std::string_view text) {
    for (unsigned line = 1; !text.empty(); ++line)
      if (!read_line(take_line(text), line)) return tl::unexpected(target::ReadError{line, message_});
    for (std::size_t i = 0; i < pending_.size(); ++i)
      if (!resolve(i)) return tl::unexpected(target::ReadError{pending_[i].line, message_});
    return std::move(listing_);
  }

 private:
  bool fail(std::string message) {
    message_ = std::move(message);
    return false;
  }

  bool read_line(std::string_view line, unsigned number) {
    line = trimmed(line.substr(0, line.find(';')));
    if (const auto colon = line.find(':'); colon != std::string_view::npos) {
      const std::string label(trimmed(line.substr(0, colon)));
      if (!labels_.try_emplace(label, listing_.program.size()).second) return fail("the label `" + label + "` twice");
      line = trimmed(line.substr(colon + 1));
    }
    if (line.empty()) return true;
    if (listing_.program.size() == longest_program) return fail("more than 4096 instructions");
    const std::size_t space = std::min(line.find_first_of(blanks), line.size());
    pending_.push_back({{}, number});
    listing_.lines.push_back(number);
    listing_.program.emplace_back();
    return read_operands(line.substr(0, space), trimmed(line.substr(space)));
  }

  bool read_operands(std::string_view word, std::string_view rest) {
    Instruction& one = listing_.program.back();
    if (word == "ja") {
      one.code = op::always;
      pending_.back().labels.emplace_back(rest);
      return true;
    }
    if (word == "ld") {
      one.code = op::load;
      if (rest.size() < 2 || rest.front() != '[' || rest.back() != ']') return fail("`ld` takes `[offset]`");
      return read_number(rest.substr(1, rest.size() - 2));
    }
    static constexpr std::pair<std::string_view, std::uint16_t> words[] = {
        {"and", op::mask},    {"ret", op::answer},   {"jeq", op::equal},
        {"jgt", op::greater}, {"jge", op::at_least}, {"jset", op::any_bit}};
    for (const auto& [name, code] : words)
      if (name == word) one.code = code;
    if (one.code == 0) return fail("unknown instruction `" + std::string(word) + "`");
    const std::size_t comma = std::min(rest.find(','), rest.size());
    if (rest.empty() || rest.front() != '#') return fail("a constant begins with `#`");
    if (!read_number(trimmed(rest.substr(1, comma - 1)))) return false;
    const bool is_jump = one.code != op::mask && one.code != op::answer;
    if (!is_jump) return comma == rest.size() || fail("one operand is enough");
    if (comma == rest.size()) return fail("a jump has two ways");
    rest = rest.substr(comma + 1);
    const std::size_t second = rest.find(',');
    if (second == std::string_view::npos) return fail("a jump has two ways");
    pending_.back().labels = {std::string(trimmed(rest.substr(0, second))),
                              std::string(trimmed(rest.substr(second + 1)))};
    return true;
  }

  bool read_number(std::string_view text) {
    const auto value = number_from(text);
    if (!value) return fail("`" + std::string(text) + "` is no number of 32 bits");
    listing_.program.back().k = *value;
    return true;
  }

  bool resolve(std::size_t at) {
    std::vector<std::size_t> distances;
    for (const std::string& label : pending_[at].labels) {
      const auto target = labels_.find(label);
      if (target == labels_.end()) return fail("no label `" + label + "`");
      if (target->second <= at) return fail("a jump goes forward only");
      distances.push_back(target->second - at - 1);
    }
    Instruction& one = listing_.program[at];
    if (distances.size() == 1) one.k = static_cast<std::uint32_t>(distances[0]);
    if (distances.size() < 2) return true;
    if (distances[0] > 255 || distances[1] > 255) return fail("a conditional jump reaches 255 instructions");
    one.jt = static_cast<std::uint8_t>(distances[0]);
    one.jf = static_cast<std::uint8_t>(distances[1]);
    return true;
  }

  Listing listing_;
  std::vector<Pending> pending_;  // one an instruction
  std::map<std::string, std::size_t> labels_;
  std::string message_;
};

}  // namespace

ListingResult listing_from_asm(std::string_view text) { return AsmReader().read(text); }

}  // namespace polc::seccomp
