// Numbers of the language: constants by name, flags joined by `|`, variables.
#pragma once

#include <cstdint>
#include <optional>

#include "sema/context.hpp"

namespace polc::sema {

/// A negative number is its two's complement. nullopt: something unknown; reported.
std::optional<std::uint64_t> number_of(const ast::Number& number, const Context& context);
std::optional<std::uint64_t> number_of(const ast::Alternatives& constants, const Context& context);

/// A constant of the OS by its name (AF_INET).
std::optional<std::uint64_t> constant_named(const ast::Name& name, const Context& context);

}  // namespace polc::sema
