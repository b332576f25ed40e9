// What the files of a system add to one that is asked about: a unit's drop-ins, where `--include-dir` has them.
//   with_drop_ins({"ssh.service", text}, systemd, {"/etc/systemd/system"}, sink)  ->  text, then /etc/systemd/system/ssh.service.d/*.conf
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diag/sink.hpp"
#include "driver/verify.hpp"

namespace polc::driver {

/// As systemd.unit(5) has it: of all folders, those of other names that are links to the file among them, the files go by their names,
/// and of one name that of the first directory counts. A link to /dev/null hides the others. nullopt: one cannot be read; reported.
std::optional<ArtefactFile> with_drop_ins(ArtefactFile file, const target::Backend& backend, const std::vector<std::string>& directories,
                                          diag::Sink& sink);

}  // namespace polc::driver
