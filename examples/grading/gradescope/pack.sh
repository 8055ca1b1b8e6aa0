#!/usr/bin/env bash
# pack.sh CAIRN CHECKS OUT.zip: the zip that Gradescope takes, with its files at the root. A file
# `secret` beside the checks goes along: each student's draws come from it.
# CAIRN: a program that needs no Swift there:
#   swift build -c release --static-swift-stdlib --product cairn
set -euo pipefail
if [ $# -ne 3 ]; then
  echo "usage: pack.sh CAIRN CHECKS OUT.zip" >&2
  exit 64
fi
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
install -m 755 "$here/setup.sh" "$here/run_autograder" "$folder"
install -m 755 "$1" "$folder/cairn"
install -m 644 "$2" "$folder/checks.cairn"
secret=$(dirname "$2")/secret
if [ -f "$secret" ]; then install -m 600 "$secret" "$folder/secret"; fi
if command -v zip >/dev/null; then
  rm -f "$3"
  zip -q -j "$3" "$folder"/*
else
  python3 -c 'import shutil, sys; shutil.make_archive(sys.argv[1], "zip", sys.argv[2])' \
    "${3%.zip}" "$folder"
fi
