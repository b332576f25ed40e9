// How much time and memory do large policies take, stage by stage? Figures for docs/performance.md.
//   scale POLC [MOST_RULES]      (100000)
// The steps are this program's own calls; `all` and the memory are those of POLC for the same policy.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "driver/compile.hpp"
#include "driver/load.hpp"
#include "driver/names_check.hpp"
#include "opt/pipeline.hpp"
#include "registry.hpp"

namespace {

namespace fs = std::filesystem;
using namespace polc;
using Words = std::vector<std::string>;

struct Cost {
  double seconds = 0;
  double megabytes = 0;
  bool succeeded = false;
};

double seconds_of(const rusage& used) {
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

Cost cost_of(const Words& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stdout) == nullptr) _exit(127);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  int status = 0;
  rusage used{};
  if (child < 0 || wait4(child, &status, 0, &used) != child) return {};
  return {seconds_of(used), static_cast<double>(used.ru_maxrss) / 1024,
          WIFEXITED(status) && WEXITSTATUS(status) == 0};
}

// Rules of the kinds that policies are made of: half of them files, the rest trees, endpoints, patterns, programs.
std::string rule(unsigned long i) {
  const std::string n = std::to_string(i);
  switch (i % 10) {
    case 5:
    case 6: return "  allow read, write tree \"/var/lib/app" + n + "\";\n";
    case 7:
      return "  allow connect tcp 10." + std::to_string(i / 65536 % 256) + "." + std::to_string(i / 256 % 256) + "." +
             std::to_string(i % 256) + ":" + std::to_string(1024 + i % 60000) + ";\n";
    case 8: return "  allow read \"/usr/share/x" + n + "/*.conf\";\n";
    case 9: return "  allow exec \"/usr/bin/tool" + n + "\";\n";
    default: return "  allow read \"/srv/d" + n + "/f" + n + "\";\n";
  }
}

std::string rules(unsigned long from, unsigned long to) {
  std::string out;
  for (unsigned long i = from; i < to; ++i) out += rule(i);
  return out;
}

std::string one_file(const fs::path& folder, unsigned long count) {
  const fs::path path = folder / (std::to_string(count) + ".pol");
  std::ofstream(path) << "language 1;\npolicy big {\n  program \"/usr/bin/big\";\n" << rules(0, count) << "}\n";
  return path.string();
}

// The same rules, a hundred in each imported file.
std::string many_imports(const fs::path& folder, unsigned long count) {
  std::string imports, uses;
  for (unsigned long i = 0; i < count / 100; ++i) {
    const std::string name = "part" + std::to_string(i);
    std::ofstream(folder / (name + ".pol"))
        << "language 1;\nabstraction " << name << " {\n" << rules(100 * i, 100 * i + 100) << "}\n";
    imports += "import \"" + name + ".pol\";\n";
    uses += "  use " + name + ";\n";
  }
  const fs::path path = folder / ("imports" + std::to_string(count) + ".pol");
  std::ofstream(path) << "language 1;\n" << imports << "policy big {\n  program \"/usr/bin/big\";\n" << uses << "}\n";
  return path.string();
}

double seconds_so_far() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return seconds_of(used);
}

// The steps of a compile, one after the other, with the CPU time of each.
bool print_steps(const std::string& path, const target::Backend& backend) {
  diag::SourceMap sources;
  diag::Sink sink;
  double before = seconds_so_far();
  const auto lap = [&] {
    const double now = seconds_so_far();
    std::printf(" %8.2f", now - before);
    before = now;
  };
  const driver::Loaded loaded = driver::load({path}, {}, sources, sink);
  lap();
  const auto policies = sema::lower(loaded.program, {backend.systems.front(), Arch::x86_64, {}}, sink);
  if (!policies) return false;
  const ir::Policy& policy = policies->front();
  const eval::Meaning meaning = eval::meaning_of(policy);
  lap();
  const opt::Parts parts = opt::optimise(meaning.parts(), {});
  lap();
  auto settings = target::settings_for(backend, policy, {}, "", sink);
  if (!settings) return false;
  const target::Enforced made = target::enforce(policy, meaning, parts, backend, *settings, sources);
  lap();
  return made.reading != nullptr && !made.outcome.too_complex;
}

// In a process of its own: a child's peak begins with what its parent holds.
template <class Task>
bool succeeds_apart(const Task& task) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    const bool succeeded = task();
    std::fflush(stdout);
    _exit(succeeded ? 0 : 1);
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void measure(const std::string& program, const std::string& what, const std::string& path) {
  diag::Sink sink;
  const target::Backend& plain = *driver::backend_named(backends::all(), "plain", sink);
  std::printf("%-22s", what.c_str());
  const bool made = succeeds_apart([&] { return print_steps(path, plain); });
  const Cost cost = cost_of({program, path, "--target=plain", "--fidelity=none", "-o", path + ".plain"});
  std::printf(" %8.2f %7.0f%s\n", cost.seconds, cost.megabytes, made && cost.succeeded ? "" : "  FAILED");
  std::fflush(stdout);
}

double milliseconds_of(const Words& command, int runs) {
  double sum = 0;
  for (int i = 0; i < runs; ++i) sum += cost_of(command).seconds;
  return 1000 * sum / runs;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return std::fputs("usage: scale POLC [MOST_RULES]\n", stderr), 2;
  const std::string program = arguments[1];
  const unsigned long most = count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 100'000;
  std::string folder = (fs::temp_directory_path() / "polc-scale-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return std::perror("scale"), 3;

  std::printf("start-up: /bin/true %.2f ms, polc --version %.2f ms, a policy of one rule %.2f ms\n\n",
              milliseconds_of({"/bin/true"}, 50), milliseconds_of({program, "--version"}, 50),
              milliseconds_of({program, one_file(folder, 1), "--target=plain", "--fidelity=none", "-o", "-"}, 50));
  std::printf("%-22s %8s %8s %8s %8s %8s %7s\n", "CPU seconds", "parse", "sets", "optimise", "enforce", "all", "MB");
  for (unsigned long n = 1'000; n <= most; n *= 10) measure(program, std::to_string(n) + " rules", one_file(folder, n));
  for (unsigned long n = 1'000; n <= most && n <= 100'000; n *= 10)
    measure(program, std::to_string(n) + " in " + std::to_string(n / 100) + " files", many_imports(folder, n));
  fs::remove_all(folder);
  return 0;
}
