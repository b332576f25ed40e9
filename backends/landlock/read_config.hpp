// A configuration of landlockconfig, of which both formats say the same with other keys.
#pragma once

#include "landlock/config_value.hpp"
#include "landlock/read.hpp"

namespace polc::landlock {

struct ConfigKeys {
  std::string_view path_beneath, net_port, handled_files, handled_net, allowed;
};

DocumentResult document_from_config(const ConfigValue& config, const ConfigKeys& keys);

}  // namespace polc::landlock
