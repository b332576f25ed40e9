#pragma once

#include "seccomp/machine.hpp"
#include "target/backend.hpp"

namespace polc::seccomp {

/// A program with the line of each instruction (the instruction's place, from 1, where the format has no lines).
struct Listing {
  Program program;
  std::vector<unsigned> lines;
};
using ListingResult = tl::expected<Listing, target::ReadError>;

ListingResult listing_from(std::string_view text, const std::string& format);
ListingResult listing_from_raw(std::string_view bytes);
ListingResult listing_from_asm(std::string_view text);
ListingResult listing_from_header(std::string_view text);

target::ReadResult read(std::string_view text, const ir::Configuration& configuration,
                        const target::Settings& settings);

}  // namespace polc::seccomp
