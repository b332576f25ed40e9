// What the installed systemd makes of units, in the same words as the reader: `systemd --test` reads them, prints what it understood and
// starts none.
//   Units units;
//   units.add("[Service]\nSystemCallFilter=read\n");
//   units.by_systemd()[0] == by_reader(*unit_from(...))
#pragma once

#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "systemd/read_unit.hpp"

namespace polc::systemd::testing {

inline constexpr const char* program = "/usr/lib/systemd/systemd";

/// What both sides say of a unit, in the same words.
struct Understood {
  bool filters = false, allows = true;
  std::set<std::string> calls, answers, capabilities, namespaces;  // answers: read:EPERM; namespaces: those that stay possible
  bool restricts_namespaces = false, denies_write_execute = false, denies_set_id = false;
  bool operator==(const Understood&) const = default;
};

/// What the unit says and the other does not.
std::string words_of(const Understood& unit, const Understood& other);
Understood by_reader(const Unit& read);
std::string output_of(const std::string& command);

/// Two directories for units that systemd, which does not test as root, can read: the first counts before the second.
class Units {
 public:
  Units();
  ~Units();
  Units(const Units&) = delete;
  Units& operator=(const Units&) = delete;

  /// A unit named u0, u1 and so on, with whatever follows the number: "-web", "@one". The text without ExecStart=. Returns its file.
  std::filesystem::path add(const std::string& service, const std::string& rest_of_name = "");
  /// Another file: a drop-in. Where it is there already it stays.
  void write(unsigned directory, const std::string& name, const std::string& text) const;
  /// The same, as a symbolic link.
  void link(unsigned directory, const std::string& name, const std::string& target) const;
  std::vector<std::string> directories() const;
  std::size_t size() const { return names_.size(); }

  std::vector<Understood> by_systemd() const;

 private:
  std::vector<Understood> parsed(const std::string& text) const;

  std::filesystem::path directory_;
  std::vector<std::string> names_;
};

/// Units with directives that add up, take away, start again and contradict each other.
class Drawer {
 public:
  explicit Drawer(unsigned seed) : random_(seed) {}
  std::string unit();
  unsigned draw(unsigned below) { return static_cast<unsigned>(random_() % below); }
  std::string directive();

 private:
  template <std::size_t n>
  const char* one_of(const char* const (&words)[n]) { return words[draw(n)]; }
  template <std::size_t n>
  std::string list(const char* const (&words)[n]);

  std::mt19937 random_;
};

}  // namespace polc::systemd::testing
