// A filter as its text forms say it, and what it means.
#pragma once

#include "seccomp/machine.hpp"
#include "target/backend.hpp"

namespace polc::seccomp {

/// A program with the line of each instruction (the instruction's place, from 1, where the format has no lines).
struct Listing {
  Program program;
  std::vector<unsigned> lines;
  std::set<target::Directive> directives = {};  // of a header: the code around the filter
};
using ListingResult = tl::expected<Listing, target::ReadError>;

ListingResult listing_from(std::string_view text, const std::string& format);
ListingResult listing_from_raw(std::string_view bytes);
ListingResult listing_from_asm(std::string_view text);
ListingResult listing_from_header(std::string_view text);

target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings);
std::vector<Arch> architectures(const ir::Configuration& configuration, const target::Settings& settings);
/// What the filter answers on the architectures that an option added, against the policy's calls there.
std::optional<target::ReadError> error_elsewhere(std::string_view text, const target::Source& source, const target::Settings& settings);

/// "EPERM", "kill the process"; and how it compares with others.
std::string answer_words(Action action, Arch arch);
int severity_of(Action action);
/// Of calls that the architecture lacks, and all that is no call: what no filter decides.
std::vector<eval::Part> unseen_parts(Arch arch, std::span<const eval::Part> calls);
target::ReadError too_large(CallId call, unsigned line);

}  // namespace polc::seccomp
