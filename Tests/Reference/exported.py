"""Runs Cairn, and reads what it saved."""

import json
import os
import struct
import subprocess
import tempfile

import torch

FOLDER = os.path.dirname(os.path.abspath(__file__))
TYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
    "I32": torch.int32, "I64": torch.int64,
}


def tensors(path):
    """The tensors of a safetensors file by their names, in the order of the file."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = bytearray(file.read())
    found = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(data[begin:end], dtype=TYPES[entry["dtype"]])
        found[name] = flat.reshape(entry["shape"])
    return found


def run(cairn, library, text):
    """Runs a script in a folder of its own, after a library of this folder.

    Gives the values of its commands as `--json` has them, and its files as `tensors` reads them.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "script.cairn")
        with open(path, "w") as file:
            file.write(f'import "{FOLDER}/{library}"\n' + text)
        done = subprocess.run(
            [cairn, "--json", "run", path], cwd=folder, capture_output=True, text=True)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        for line in lines:
            if not line["ok"]:
                raise SystemExit(f"{line['source']}: {line['error']['message']}")
        files = {
            name[: -len(".safetensors")]: tensors(os.path.join(folder, name))
            for name in sorted(os.listdir(folder)) if name.endswith(".safetensors")
        }
        return {line["source"]: line["value"] for line in lines}, files
