"""Makes the test fixtures of photos that a camera turned and of JPEG in four colours, and what Pillow makes of them.

Reads tasks/photo.jpg of make_tasks.py. A JPEG in YCCK is one in CMYK whose marker says otherwise: Pillow writes none.
"""

import io
import json

import numpy as np
from PIL import Image, ImageOps

from common import NODE_TEST_MODELS

TASKS = NODE_TEST_MODELS / "tasks"
SIDE = 8
ORIENTATION = 0x0112


def turned(orientation):
    image = Image.open(TASKS / "photo.jpg")
    exif = image.getexif()
    exif[ORIENTATION] = orientation
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95, subsampling=0, exif=exif)
    return file.getvalue()


def four_colours():
    y, x = np.mgrid[0:23, 0:37]
    inks = np.stack([x * 6, y * 10, (x * y) % 256, (x + y) * 3], axis=-1).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(inks, "CMYK").save(file, "JPEG", quality=95, subsampling=0)
    return file.getvalue()


def as_ycck(cmyk):
    adobe = cmyk.index(b"Adobe")
    return cmyk[:adobe + 11] + b"\x02" + cmyk[adobe + 12:]


def samples(file):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(file))).convert("RGB")
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BILINEAR)).ravel().tolist()


def main():
    cmyk = four_colours()
    files = {f"turned-{each}.jpg": turned(each) for each in range(1, 9)}
    files |= {"cmyk.jpg": cmyk, "ycck.jpg": as_ycck(cmyk)}
    for name, content in files.items():
        (TASKS / name).write_bytes(content)
    expected = {name: samples(content) for name, content in files.items()}
    (NODE_TEST_MODELS / "pictures-expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
