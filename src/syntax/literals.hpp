// Numbers, addresses and their limits: text of one token to a value of the tree. Each reports what is wrong with the
// text and returns something usable all the same, so that parsing goes on.
#pragma once

#include <optional>
#include <string_view>

#include "diag/sink.hpp"
#include "syntax/ast.hpp"

namespace polc::syntax {

/// Decimal, 0x or, with a leading 0, octal.
ast::Integer integer_of(std::string_view text, diag::SourceRange range, diag::Sink& sink);

/// Permission bits: octal or 0x, for what is written without a leading 0 was not meant to be decimal.
ast::Integer mode_of(std::string_view text, diag::SourceRange range, diag::Sink& sink);

/// A decimal number and K, M or G.
ast::Size size_of(std::string_view text, diag::SourceRange range, diag::Sink& sink);

/// Four dotted numbers; `prefix` is what stands behind the slash.
ast::Ip ip4_of(std::string_view text, const std::optional<ast::Integer>& prefix, diag::SourceRange range,
               diag::Sink& sink);

/// "[2001:db8::/32]". An IPv4 address in IPv6 clothing (::ffff:1.2.3.4) becomes the IPv4 address that the kernel sees.
ast::Ip ip6_of(std::string_view bracketed, diag::SourceRange range, diag::Sink& sink);

void check_port(const ast::Integer& port, diag::Sink& sink);

/// `low-high` the right way round?
void check_order(const diag::SourceMap& sources, const ast::Integer& low, const std::optional<ast::Integer>& high,
                 diag::Sink& sink);

}  // namespace polc::syntax
