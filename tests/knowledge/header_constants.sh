#!/bin/bash
# Prints the constants of C headers that system calls take, a line each: NAME<TAB>VALUE (16 hexadecimal digits)<TAB>HEADER. What
# stands for no number has `-` for its value; a header that does not compile has `-` for its name, and the compiler's words as value.
#   header_constants.sh FAMILIES KIND ROOT COMPILER...        header_constants.sh constant_families.tsv kernel /usr/include cc
# FAMILIES: constant_families.tsv, which says what is a constant of which header. KIND: `kernel` or `libc`, whose headers are read.
# ROOT: where they stand. COMPILER...: a C compiler with what it wants; nothing that it makes is run, so it may be another
# architecture's.
set -euo pipefail
here=$(dirname -- "$(readlink -f -- "$0")")
families=$1 kind=$2 root=$3
shift 3
compiler=("$@")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# What headers of the kernel take from a C library, without one.
make_stubs() {
  local header
  mkdir -p "$1/sys" "$1/net" "$1/netinet"
  for header in stdint.h time.h endian.h limits.h errno.h string.h stdlib.h unistd.h net/if.h netinet/{in,if_ether}.h sys/{ioctl,socket,time,types}.h; do
    printf '#include <polc.h>\n' > "$1/$header"
  done
  cat > "$1/polc.h" <<'END'
#pragma once
#include <linux/types.h>
#include <linux/socket.h>
#include <linux/time.h>
#include <stddef.h>
typedef __u8 uint8_t; typedef __u16 uint16_t; typedef __u32 uint32_t; typedef __u64 uint64_t;
typedef __s8 int8_t; typedef __s16 int16_t; typedef __s32 int32_t; typedef __s64 int64_t;
typedef unsigned long uintptr_t; typedef __kernel_old_time_t time_t;
typedef unsigned char u_char; typedef unsigned short u_short; typedef unsigned u_int; typedef unsigned long u_long; typedef char *caddr_t;
typedef unsigned short sa_family_t; typedef __kernel_ino_t ino_t; typedef _Bool bool;
struct sockaddr { unsigned short sa_family; char sa_data[14]; };
struct sockaddr_storage { struct __kernel_sockaddr_storage kernel; };
enum { MSG_FIN = 0x200 };
#define INT_MAX __INT_MAX__
#define INT_MIN (-INT_MAX - 1)
#define __LITTLE_ENDIAN 1234
#define __BIG_ENDIAN 4321
#define __BYTE_ORDER __BYTE_ORDER__
END
}

# HEADER<TAB>PATTERN for each header that there is; `*` is every one of the kernel's that could make requests of ioctl.
patterns() {
  local of header pattern
  while IFS=$'\t' read -r of header pattern _; do
    case $of in "$kind") ;; *) continue ;; esac
    if [ "$header" = '*' ]; then
      (cd "$root" && find linux sound misc mtd rdma video drm cxl -name '*.h' -exec grep -lE 'IOC?[RW]*(_BAD)?[[:space:]]*\(' {} + 2> /dev/null || true) |
        sed "s/\$/\t$pattern/"
    else
      printf '%s\t%s\n' "$header" "$pattern"
    fi
  done < "$families"
}

compile() { "${compiler[@]}" -x c -w -S -O1 "$@"; }

# The values of FOLDER/names, without those that are no numbers; there the compiler says so, line by line.
values() {  # FOLDER HEADER
  local folder=$1 header=$2 round
  for round in {1..20}; do
    {
      cat "$folder/head.c"
      printf '#line 1 "names"\n'
      # Four times sixteen bits: an architecture of 32 has no operand of 64. Without a macro, and each in a function, so that
      # the compiler tells each line at fault.
      awk '{
        printf "void polc_%d(void) { __asm__ volatile(\"@polc %s %%c0 %%c1 %%c2 %%c3\" :", NR, $0
        for (i = 48; i >= 0; i -= 16) printf "%s \"i\"((unsigned)((unsigned long long)(%s) >> %d & 0xffff))", i == 48 ? ":" : ",", $0, i
        print "); }"
      }' "$folder/names"
    } > "$folder/values.c"
    if compile "$folder/values.c" -o "$folder/values.s" 2> "$folder/errors"; then break; fi
    # The names of the lines at fault.
    sed -n 's/^names:\([0-9]*\):.*error.*/\1/p' "$folder/errors" | sort -un > "$folder/bad"
    if [ ! -s "$folder/bad" ] || [ "$round" = 20 ]; then
      printf -- '-\t%s\t%s\n' "$(grep -m 1 error "$folder/errors" | tr '\t' ' ')" "$header"
      return 0
    fi
    awk -v header="$header" -v rest="$folder/rest" 'NR == FNR { bad[$1]; next } FNR in bad { print $0 "\t-\t" header; next } { print > rest }' \
      "$folder/bad" "$folder/names"
    [ -e "$folder/rest" ] || return 0
    mv "$folder/rest" "$folder/names"
  done
  awk -v header="$header" '$1 == "@polc" { printf "%s\t%04x%04x%04x%04x\t%s\n", $2, $3, $4, $5, $6, header }' "$folder/values.s"
}

read_header() {  # NUMBER HEADER
  local folder=$scratch/$1 header=$2
  mkdir "$folder"
  awk -F '\t' -v header="$header" '$1 == header { print $2 }' "$scratch/patterns" > "$folder/patterns"
  # Types that many of the kernel's headers use and few include.
  if [ "$kind" = kernel ]; then printf '#include <%s>\n' polc.h linux/ioctl.h linux/major.h linux/filter.h linux/sockios.h linux/atmioc.h linux/serial.h linux/blktrace_api.h asm/termbits.h asm/fcntl.h asm/ioctls.h; fi > "$folder/head.c"
  printf '#include <%s>\n' "$header" >> "$folder/head.c"
  if ! compile -E -dD "$folder/head.c" -o "$folder/all.i" 2> "$folder/errors"; then
    printf -- '-\t%s\t%s\n' "$(grep -m 1 error "$folder/errors" | tr '\t' ' ')" "$header"
    return 0
  fi
  awk -v patterns="$folder/patterns" -f "$here/header_names.awk" "$folder/all.i" > "$folder/names"
  if [ -s "$folder/names" ]; then values "$folder" "$header"; fi
}

if [ "$kind" = libc ]; then
  compiler+=(-D_GNU_SOURCE)
else
  make_stubs "$scratch/none"
  compiler+=(-ffreestanding -nostdinc -I "$scratch/none" -isystem "$root" -isystem "$("${compiler[@]}" -print-file-name=include)")
fi
patterns > "$scratch/patterns"
mapfile -t headers < <(cut -f 1 "$scratch/patterns" | LC_ALL=C sort -u)
number=0
for header in "${headers[@]}"; do
  [ -e "$root/$header" ] || [ "$kind" = libc ] || [ "${header%%/*}" = asm ] || continue
  while [ "$(jobs -pr | wc -l)" -ge "${POLC_JOBS:-$(nproc)}" ]; do wait -n; done
  number=$((number + 1))
  read_header "$number" "$header" > "$scratch/$number.out" &
done
wait
cat "$scratch"/*.out | LC_ALL=C sort -u -t $'\t' -k 1,2
