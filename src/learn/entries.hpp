// The file accesses of a program, a row for each path and type: what rewrites work on.
#pragma once

#include <string>
#include <vector>

#include "learn/facts.hpp"
#include "learn/observed.hpp"

namespace polc::learn {

/// Everything that is allowed at one place. Of a row that a rewrite made, `names` is how many it stands for.
struct FileEntry {
  FileVerbs verbs;
  sets::PathPattern path;
  FileTypes types = FileTypes::all();
  bool owner_self = false;
  std::uint16_t mode = 0;                 // create, chmod
  std::vector<std::uint32_t> requests;    // ioctl, sorted
  std::vector<ir::Successor> successors;  // exec
  std::vector<Place> places;
  std::string rewrite = {};
  std::size_t names = 1;
};

/// With the type that facts know, and the owner unless it is open whose it is: what an abstraction must allow to stand for it.
Boxes with_facts(const Boxes& boxes, const Facts& facts);

/// Does the access have a row of its own: a file access of one path?
const ir::FileBox* file_box_of(const Seen& seen);

/// Rows of the accesses that have one, by path. A type is what facts say, or a file where it was opened for writing.
std::vector<FileEntry> entries_of(const std::vector<Seen>& seen, const Facts& facts);

/// As the set that the row allows, and as the language says it.
ir::Box box_of(const FileEntry& entry);
std::string text_of(const FileEntry& entry);
/// Of several rows that differ in their paths alone.
std::string text_of(const std::vector<FileEntry>& entries);

}  // namespace polc::learn
