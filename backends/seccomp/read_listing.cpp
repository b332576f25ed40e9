// The instructions of a filter, from the bytes that the kernel takes.
#include "seccomp/read.hpp"

namespace polc::seccomp {
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

}  // namespace polc::seccomp
