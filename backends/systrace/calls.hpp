// Which calls perform an access on OpenBSD, and of which of them systrace sees the arguments. For choose and print.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "systrace/model.hpp"

namespace polc::systrace {

/// One call for one verb on some object types.
struct PathCall {
  FileVerb verb;
  FileTypes types;
  std::string_view call;
};
/// The calls by which the verb can be done on any of the types.
std::vector<PathCall> path_calls(FileVerb verb, FileTypes types);

/// True when systrace sees the file names, the address or the identity that the call is given.
bool is_decided_by_argument(std::string_view call, Version version);
/// True for a call of which systrace sees no argument that polc prints: it is permitted or refused as a whole.
bool is_whole(std::string_view call, Version version);

std::optional<CallId> find_call(const ir::Policy& policy, std::string_view name);
std::string_view name_of_call(const ir::Policy& policy, CallId call);

/// Does some rule of the policy name the call itself, under no condition or any?
bool is_written(const ir::Policy& policy, ir::Effect effect, const ir::CallBox& box);
bool is_call_allowed(const ir::Policy& policy, std::string_view call);
/// Is the verb allowed by a call whose file name nobody sees: a deny of a path would be in vain.
bool is_open_anyway(const ir::Policy& policy, FileVerb verb, FileTypes types, Version version);
bool is_send_open_anyway(const ir::Policy& policy, Version version);
bool allows_unix_bind(const ir::Policy& policy);

}  // namespace polc::systrace
