# The names that a header has of some families, from what the preprocessor left of it (-E -dD).
#   awk -v patterns=FILE -f header_names.awk all.i
# FILE: a pattern a line: a regular expression for whole names of macros and enumerators, `_IO` for macros made by _IO() and its
# like, which are ioctl's requests, or `enum TAG` for all enumerators of one enum.
BEGIN {
  while ((getline line < patterns) > 0) {
    if (line == "_IO") requests = 1
    else if (sub(/^enum /, "", line)) enums[line] = 1
    else all = all (all == "" ? "" : "|") line
  }
  all = all == "" ? "^$" : "^(" all ")$"
}

function offer(name, is_sure) {
  if ((is_sure || name ~ all) && !seen[name]++) print name
}

/^#undef / { seen[$2] = 1; next }
/^#define [A-Za-z_][A-Za-z0-9_]* ./ {
  body = substr($0, length("#define ") + length($2) + 1)
  offer($2, requests && body ~ /[ (][A-Z0-9_]*IOC?[RW]*(_BAD)?[ \t]*\(/ && $2 !~ /^_/)
  next
}
/^#/ { next }
{
  text = text " " $0
  while (match(text, /enum( +[A-Za-z_][A-Za-z0-9_]*)? *\{[^}]*\}/)) {
    body = substr(text, RSTART, RLENGTH)
    text = substr(text, RSTART + RLENGTH)
    tag = body
    sub(/^enum */, "", tag)
    sub(/ *\{.*/, "", tag)
    sub(/^[^{]*\{/, "", body)
    sub(/\}$/, "", body)
    count = split(body, members, ",")
    for (i = 1; i <= count; ++i) {
      gsub(/[ \t]/, "", members[i])
      sub(/=.*/, "", members[i])
      if (members[i] ~ /^[A-Za-z_][A-Za-z0-9_]*$/) offer(members[i], tag in enums)
    }
  }
  # An enum is never cut in two: what stands before the last one is of no use.
  if (text !~ /enum[^;}]*$/) text = ""
}
