#include "cli/evidence_files.hpp"

#include <cstdint>

#include "diag/catalogue.hpp"
#include "learn/evidence_text.hpp"
#include "support/file_system.hpp"
#include "support/lines.hpp"

namespace polc::cli {
namespace {

constexpr std::uint64_t largest_evidence = std::uint64_t{1} << 30;

}  // namespace

EvidenceFiles read_evidence_files(const std::vector<std::string>& files, diag::Sink& sink) {
  std::vector<learn::Evidence> all;
  for (const std::string& file : files) {
    const auto text = read_file(file, largest_evidence);
    if (!text) {
      sink.add_unlocated(diag::cannot_read, text.error().message());
      return {std::nullopt, world};
    }
    if (!learn::is_evidence(*text)) {
      std::string_view rest = *text;
      sink.add_unlocated(diag::unknown_log, file).note("its first line: " + learn::field_of(take_line(rest).substr(0, 60)));
      return {std::nullopt, usage};
    }
    auto evidence = learn::read_evidence(*text, file, sink);
    if (!evidence) return {std::nullopt, no};
    for (learn::Evidence& one : *evidence) all.push_back(std::move(one));
  }
  auto merged = learn::merge(all, sink);
  return {std::move(merged), no};
}

}  // namespace polc::cli
