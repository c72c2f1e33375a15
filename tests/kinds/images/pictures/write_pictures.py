"""Writes pictures in many forms to a folder, what Pillow reads from each as RGBA (.rgba), and names.json."""
import json, sys, os
import numpy as np
from PIL import Image, ImageOps

folder = sys.argv[1]
random = np.random.default_rng(1)
h, w = 37, 50
y, x = np.mgrid[0:h, 0:w]
smooth = np.stack([128 + 100 * np.sin(x / 9), 255 * y / h, 60 + 3 * x], 2).clip(0, 255).astype(np.uint8)
noise = random.integers(0, 256, (h, w, 3), dtype=np.uint8)
rgb, noisy = Image.fromarray(smooth), Image.fromarray(noise)
alpha = Image.fromarray(np.dstack([smooth, (5 * x % 256).astype(np.uint8)]), "RGBA")
grey16 = Image.fromarray((smooth[..., 0].astype(np.uint16) * 257))
exact, near = [], []


def keep(image, name, into, **options):
    image.save(os.path.join(folder, name), **options)
    read = ImageOps.exif_transpose(Image.open(os.path.join(folder, name)))
    if read.mode.startswith("I"):  # 16 bits: Pillow would cut the high values off
        levels = np.asarray(read).astype(np.float64) / 257
        read = Image.fromarray(np.floor(levels + 0.5).astype(np.uint8))
    rgba = np.asarray(read.convert("RGBA"))
    rgba.tofile(os.path.join(folder, name + ".rgba"))
    into.append({"name": name, "height": rgba.shape[0], "width": rgba.shape[1]})


for base, picture in (("smooth", rgb), ("noise", noisy)):
    keep(picture, base + ".png", exact)
    keep(picture.convert("L"), base + "-grey.png", exact)
    keep(picture.convert("LA"), base + "-grey-alpha.png", exact)
    keep(picture.quantize(64), base + "-palette.png", exact)
    keep(picture.quantize(7), base + "-palette-4-bit.png", exact)
    keep(picture.convert("1"), base + "-1-bit.png", exact)
keep(alpha, "alpha.png", exact)
keep(grey16, "grey16.png", exact)
for quality in (60, 95):
    for sampling in (0, 1, 2):
        for progressive in (False, True):
            keep(rgb, f"q{quality}-s{sampling}-{progressive}.jpg", near, quality=quality, subsampling=sampling,
                 progressive=progressive)
keep(rgb.convert("L"), "grey.jpg", near, quality=90)
keep(rgb, "restart.jpg", near, quality=90, restart_marker_blocks=2)
keep(rgb, "rgb.jpg", near, quality=95, keep_rgb=True)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    keep(rgb, f"orientation-{orientation}.jpg", near, quality=95, subsampling=0, exif=exif)
# Without profiles CMYK is no more than "darkness": Pillow's and ours differ in nothing but rounding.
keep(rgb.convert("CMYK"), "cmyk.jpg", near, quality=95)

scaled = []


def keep_scaled(name, data):
    np.asarray(data).round().astype(np.uint8).tofile(os.path.join(folder, name + ".rgb"))
    scaled.append({"name": name, "height": data.shape[0], "width": data.shape[1]})


def area_means(data, height, width):
    """Each value repeated until the areas are whole numbers of values; Pillow's BOX takes whole pixels."""
    fine = np.repeat(np.repeat(data.astype(np.float64), height, 0), width, 1)
    return fine.reshape(height, data.shape[0], width, data.shape[1], 3).mean((1, 3))


keep_scaled("shrunk", area_means(noise, 9, 12))
middle = np.repeat(noise, 2, 1)[:, 13:87]  # columns 6.5 to 43.5
keep_scaled("cut", area_means(middle, 10, 10))
keep_scaled("grown", np.asarray(noisy.resize((120, 80), Image.Resampling.BILINEAR)))
json.dump({"exact": exact, "near": near, "scaled": scaled}, open(os.path.join(folder, "names.json"), "w"))
