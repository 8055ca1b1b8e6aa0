#!/bin/sh
# usage: run.sh FOLDER SECONDS
# Lets libFuzzer try inputs in each room, one after the other, in FOLDER, which holds the build. What
# it finds lies in FOLDER/found, what it learnt in FOLDER/corpus; it ends with 1 where it found
# something. It begins with the inputs in Corpus and the scripts of the repository.
set -u
folder=$1
share=$(($2 / 14))
here=$(dirname "$0")
root=$here/../..
mkdir -p "$folder/found" "$folder/scripts"
find "$root/Tests/Transcripts" "$root/lessons" "$root/examples" -name '*.cairn' |
  while read -r script; do
    name=$(echo "${script#"$root/"}" | tr / _)
    grep -v '^ *#>' "$script" >"$folder/scripts/$name"
  done
status=0
for entry in program:5 parser:3 csv:1 safetensors:1 npy:1 npz:1 idx:1 text:1; do
  room=${entry%:*}
  case $room in program | parser) seeds=$folder/scripts ;; *) seeds=$here/Corpus/$room ;; esac
  mkdir -p "$folder/corpus/$room"
  log=$folder/$room.log
  # shellcheck disable=SC2086
  CAIRN_FUZZ_ROOM=$room nice "$folder/release/Fuzz" -max_total_time=$((share * ${entry#*:})) \
    -timeout=40 -rss_limit_mb=2500 -max_len=3000 -dict="$here/cairn.dict" -print_final_stats=1 \
    -artifact_prefix="$folder/found/$room-" "$folder/corpus/$room" $seeds >"$log" 2>&1 || status=1
  inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  if [ -n "$inputs" ]; then
    echo "$room: $inputs inputs in $((share * ${entry#*:})) s; see $log"
  else
    echo "$room: stopped before its time: $(tail -n 1 "$log")"
    status=1
  fi
done
ls "$folder/found"
exit $status
