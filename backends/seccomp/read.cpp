#include "seccomp/read.hpp"

#include <algorithm>
#include <set>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "seccomp/oci.hpp"
#include "seccomp/registers.hpp"
#include "support/overloaded.hpp"

namespace polc::seccomp {
namespace {

/// A loaded filter: it sees calls and nothing else. What it only logs is not permitted in the policy's sense.
class FilterReader final : public target::Reader {
 public:
  FilterReader(Listing listing, Arch arch) : listing_(std::move(listing)), arch_(arch) {}

  bool permits(const ir::Point& point) const override {
    const auto* call = std::get_if<ir::CallPoint>(&point);
    if (call == nullptr) return true;
    const auto answer = answer_for(*call);
    return !answer || (answer->action & 0xFFFF'0000u) == action::allow;
  }

  std::optional<unsigned> line_for(const ir::Point& point) const override {
    const auto* call = std::get_if<ir::CallPoint>(&point);
    const auto answer = call == nullptr ? std::nullopt : answer_for(*call);
    if (!answer) return std::nullopt;
    return listing_.lines[answer->decided];  // many calls share one answer; the test that led to it is theirs
  }

  std::vector<ir::Point> mentioned() const override;

 private:
  std::optional<Answer> answer_for(const ir::CallPoint& call) const {
    const auto number = knowledge::number_of(arch_, call.call);
    if (!number) return std::nullopt;
    return run(listing_.program, call_data(knowledge::audit_arch(arch_), knowledge::is_big_endian(arch_), *number,
                                           registers_of(call.arguments, call.call, arch_)));
  }

  Listing listing_;
  Arch arch_;
};

// The constants that the program compares with, and their neighbours: as call numbers, and as each call's arguments.
std::vector<ir::Point> FilterReader::mentioned() const {
  constexpr std::size_t most_points = 20'000;
  std::set<std::uint32_t> constants{0};
  std::set<unsigned> arguments;
  for (const Instruction& one : listing_.program) {
    if ((one.code & 7) == 5 && one.code != op::always)
      for (const std::uint32_t k : {one.k - 1, one.k, one.k + 1}) constants.insert(k);
    if (one.code == op::load && one.k >= offset_of_arguments) arguments.insert((one.k - offset_of_arguments) / 8);
  }
  std::vector<ir::Point> points;
  for (const std::uint32_t number : constants) {
    const auto call = knowledge::call_with(arch_, number);
    if (!call) continue;
    points.emplace_back(ir::CallPoint{*call, {}});
    for (const unsigned argument : arguments)
      for (const std::uint32_t value : constants) {
        if (points.size() >= most_points) return points;
        ir::CallPoint point{*call, {}};
        point.arguments[argument] = value;
        points.emplace_back(point);
        point.arguments[argument] = static_cast<std::uint64_t>(value) << 32;
        points.emplace_back(point);
      }
  }
  return points;
}

}  // namespace

ListingResult listing_from_raw(std::string_view bytes) {
  Listing listing;
  if (bytes.empty() || bytes.size() % 8 != 0)
    return tl::unexpected(target::ReadError{1, "a raw filter is a row of 8-byte instructions"});
  if (bytes.size() / 8 > longest_program) return tl::unexpected(target::ReadError{1, "more than 4096 instructions"});
  const auto at = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    listing.program.push_back({static_cast<std::uint16_t>(at(i) | at(i + 1) << 8), static_cast<std::uint8_t>(at(i + 2)),
                               static_cast<std::uint8_t>(at(i + 3)),
                               at(i + 4) | at(i + 5) << 8 | at(i + 6) << 16 | at(i + 7) << 24});
    listing.lines.push_back(static_cast<unsigned>(i / 8 + 1));
  }
  return listing;
}

ListingResult listing_from(std::string_view text, const std::string& format) {
  auto listing = format == "bpf" ? listing_from_raw(text)
                 : format == "h" ? listing_from_header(text)
                                 : listing_from_asm(text);
  if (!listing) return listing;
  if (const auto fault = fault_of(listing->program)) {
    const unsigned line = fault->place < listing->lines.size() ? listing->lines[fault->place] : 1;
    return tl::unexpected(target::ReadError{line, "the kernel refuses this filter: " + fault->message});
  }
  return listing;
}

target::ReadResult read(std::string_view text, const ir::Configuration& configuration,
                        const target::Settings& settings) {
  if (settings.format == "oci") return read_oci(text, configuration);
  auto listing = listing_from(text, settings.format);
  if (!listing) return tl::unexpected(listing.error());
  return std::make_unique<FilterReader>(*std::move(listing), configuration.arch);
}

}  // namespace polc::seccomp
