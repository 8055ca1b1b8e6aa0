#!/usr/bin/env bash
# grade.sh CHECKS SUBMISSION: grades and gives the result to the step's output `result`, in Base64,
# as the autograding reporter of GitHub Classroom takes it.
set -u
if [ $# -ne 2 ]; then
  echo "usage: grade.sh CHECKS SUBMISSION" >&2
  exit 64
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cairn grade "$1" "$2" --format classroom -o "$folder/result.json"
case $? in
0 | 1 | 2) ;; # passed, not passed, not gradable: the reporter says which
*) rm -f "$folder/result.json" ;;
esac
if [ ! -s "$folder/result.json" ]; then
  message='The grader failed. Tell your instructor: the points are open.'
  printf '{"version":1,"status":"error","max_score":0,"tests":[{"name":"the submission",%s}]}\n' \
    "\"status\":\"error\",\"score\":0,\"message\":\"$message\",\"test_code\":\"\",\
\"filename\":\"\",\"line_no\":0" >"$folder/result.json"
fi
echo "result=$(base64 -w 0 "$folder/result.json")" >>"$GITHUB_OUTPUT"
