#include "syntax/bytes.hpp"

#include "diag/catalogue.hpp"
#include "syntax/parse.hpp"

namespace polc::syntax {
namespace {

constexpr unsigned breaches_reported = 20;  // a JPEG has thousands, and each says the same

bool is_continuation(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

// The bounds of a second byte (Unicode 15, table 3-7): they shut out overlong forms, surrogates and what is past
// U+10FFFF.
bool second_byte_fits(unsigned char first, unsigned char second) {
  switch (first) {
    case 0xE0: return second >= 0xA0;
    case 0xED: return second <= 0x9F;
    case 0xF0: return second >= 0x90;
    case 0xF4: return second <= 0x8F;
    default: return true;
  }
}

// Reports a breach at `text[at]`, if there is one, and returns how many bytes were looked at.
std::size_t check_at(std::string_view text, std::size_t at, diag::SourceRange where, diag::Sink& sink) {
  const char byte = text[at];
  if (byte == '\0') {
    sink.add(diag::nul_byte, where);
  } else if (byte == '\r' && (at + 1 == text.size() || text[at + 1] != '\n')) {
    sink.add(diag::bare_carriage_return, where).fix(where, "\n");
  } else if (const auto length = character_length(text, at); length > 0) {
    return length;
  } else {
    sink.add(diag::invalid_utf8, where, static_cast<unsigned char>(byte));
  }
  return 1;
}

}  // namespace

std::size_t character_length(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  for (std::size_t i = 1; i < length; ++i)
    if (!is_continuation(text, at + i)) return 0;
  return second_byte_fits(first, static_cast<unsigned char>(text[at + 1])) ? length : 0;
}

bool check_bytes(const diag::SourceMap& sources, diag::SourceId file, diag::Sink& sink) {
  const auto text = sources.text_of(file);
  if (text.size() > largest_file) {
    sink.add(diag::file_too_large, {file, 0, 0}, text.size(), largest_file);
    return false;
  }
  const auto before = sink.error_count();
  if (text.starts_with("\xEF\xBB\xBF")) sink.add(diag::byte_order_mark, {file, 0, 3}).fix({file, 0, 3}, "");
  for (std::size_t at = 0; at < text.size() && sink.error_count() < before + breaches_reported;) {
    const char byte = text[at];
    const bool plain = byte > '\r' || (byte > '\0' && byte < '\r');  // nearly every byte of nearly every policy
    const auto offset = static_cast<std::uint32_t>(at);
    at += plain ? 1 : check_at(text, at, {file, offset, offset + 1}, sink);
  }
  return sink.error_count() == before;
}

}  // namespace polc::syntax
