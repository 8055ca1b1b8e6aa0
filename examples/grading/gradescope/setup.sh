#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image: what `cairn` needs, and `cairn` itself, which
# lies beside this file in the zip.
set -euo pipefail
root=${AUTOGRADER:-/autograder}
bin=${CAIRN_BIN:-/usr/local/bin}

apt-get update
apt-get install -y --no-install-recommends libreadline8 zlib1g libseccomp2 libnettle8
install -m 755 "$root/source/cairn" "$bin/cairn"
"$bin/cairn" --version
