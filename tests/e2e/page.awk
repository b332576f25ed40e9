# What a page shows, as a bash script that does it: a block "```LANGUAGE NAME" is a file, "```sh" are commands, and "```text" is what the
# commands before it print. Other blocks are for the eye. page_test.sh defines the three words.
/^```/ {
  if (inside) {
    inside = 0
    if (word != "") print "END_OF_BLOCK"
    next
  }
  inside = 1
  language = substr($1, 4)
  word = ""
  if (NF == 2) word = "writes " $2
  else if (language == "sh") word = "runs " NR
  else if (language == "text") word = "prints " NR
  if (word != "") print word " <<'END_OF_BLOCK'"
  next
}
inside && word != "" { print }
