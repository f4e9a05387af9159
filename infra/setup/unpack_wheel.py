"""unpack_wheel.py WHEEL FOLDER LIBRARY...: of TensorFlow's wheel, the named libraries to FOLDER/lib and the C headers
to FOLDER/include; of one of NVIDIA's, its libraries and programs to FOLDER/nvidia.

Python's zipfile, because the wheel needs Python anyway and unzip is often not there. It checks every file's CRC.
"""
import os
import re
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


def place(name):
    """Where a member goes, below FOLDER; None when it is not wanted."""
    package, _, rest = name.partition("/")
    if package == "tensorflow" and rest in libraries:
        return os.path.join("lib", rest)
    if package == "tensorflow" and rest.startswith(tuple("include/" + header for header in HEADERS)):
        return rest if rest.endswith(".h") else None
    if package == "nvidia" and re.match(r"\w+/(lib|bin|nvvm)/", rest):
        return name
    return None


with zipfile.ZipFile(wheel_path) as wheel:
    for member in wheel.infolist():
        where = place(member.filename)
        if where is None or member.is_dir():
            continue
        target = os.path.join(folder, where)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with wheel.open(member) as source, open(target, "wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
        if "/bin/" in where:
            os.chmod(target, 0o755)
