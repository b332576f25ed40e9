// What other tools call the things for which the language has one name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace polc::sema {

/// amd64 is x86_64. nullopt: nobody calls an architecture so, as far as is known here.
std::optional<std::string_view> arch_called(std::string_view name);

/// CAP_NET_ADMIN is net_admin, SIGTERM is term: in lower case, without the prefix (given in lower case).
std::string folded(std::string_view name, std::string_view prefix);

/// eacces is EACCES.
std::string upper_case(std::string_view name);

}  // namespace polc::sema
