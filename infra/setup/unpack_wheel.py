"""unpack_wheel.py WHEEL FOLDER LIBRARY...: the named libraries to FOLDER/lib, the C headers to FOLDER/include.

Python's zipfile, because the wheel needs Python anyway and unzip is often not there. It checks every file's CRC.
"""
import os
import shutil
import sys
import zipfile

# All that the binding includes, and a little more; the wheel's other headers are 290 MB.
HEADERS = (
    "tensorflow/c/",
    "tensorflow/core/platform/ctstring",
    "tsl/platform/ctstring",
    "xla/tsl/c/",
)

wheel_path, folder, *libraries = sys.argv[1:]


def extract(wheel, name, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with wheel.open(name) as source, open(target, "wb") as out:
        shutil.copyfileobj(source, out, 1 << 20)


with zipfile.ZipFile(wheel_path) as wheel:
    for library in libraries:
        extract(wheel, "tensorflow/" + library, os.path.join(folder, "lib", library))
    prefix = "tensorflow/include/"
    for name in wheel.namelist():
        header = name[len(prefix):]
        if name.startswith(prefix) and name.endswith(".h") and header.startswith(HEADERS):
            extract(wheel, name, os.path.join(folder, "include", header))
