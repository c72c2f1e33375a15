"""Writes arrays of every type as NumPy has them, and what they hold as expected.json."""
import gzip, json, os, sys
import numpy as np

folder = sys.argv[1]
expected = {}


def keep(name, array, reference=None):
    expected[reference or name] = {"shape": array.shape, "type": array.dtype.name, "values": [x.decode() if isinstance(x, bytes) else x for x in array.reshape(-1).tolist()]}


def save(name, array):
    np.save(os.path.join(folder, name), array)
    keep(name, array)


numbers = np.array([[[0, 1, 2], [3, 100, 127]], [[4, 5, 6], [7, 8, 9]]])
for kind in ("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"):
    for order in "<>":
        save(f"{kind}{'le' if order == '<' else 'be'}.npy", (numbers / (1 if kind[0] != "f" else 4)).astype(order + kind))
save("bool.npy", numbers % 2 == 0)
save("text.npy", np.array(["cat", "dog", "Ä", ""]))
save("bytes.npy", np.array([b"cat", b"d"]))
np.savez(os.path.join(folder, "stored.npz"), first=numbers.astype("u1"), second=np.arange(4.0))
np.savez_compressed(os.path.join(folder, "deflated.npz"), first=numbers.astype("<u2"), second=np.arange(4.0))
np.savez_compressed(os.path.join(folder, "one.npz"), numbers.astype("u1"))
keep("", numbers.astype("u1"), "stored.npz#first")
keep("", numbers.astype("u2"), "deflated.npz#first")
keep("", np.arange(4.0), "deflated.npz#second")
keep("", numbers.astype("u1"), "one.npz")
with gzip.open(os.path.join(folder, "gzipped.npy.gz"), "wb") as file:
    np.save(file, numbers.astype("<f4"))
keep("", numbers.astype("f4"), "gzipped.npy.gz")
idx = bytes([0, 0, 0x0D, 3]) + np.array(numbers.shape, ">u4").tobytes() + numbers.astype(">f4").tobytes()
open(os.path.join(folder, "floats-idx3"), "wb").write(idx)
keep("", numbers.astype("f4"), "floats-idx3")
wide = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
save("fortran-u1.npy", np.asfortranarray(wide.astype("u1")))
save("fortran-f4.npy", np.asfortranarray(wide.astype("<f4")))
save("fortran-f8be.npy", np.asfortranarray(wide[:, :, 0, 0].astype(">f8")))
save("fortran-text.npy", np.asfortranarray(np.array([["cat", "dog"], ["Ä", ""], ["a\0b", "c"]])))
save("fortran-rows.npy", np.asfortranarray(np.arange(300000).reshape(100000, 3)))
np.savez_compressed(os.path.join(folder, "fortran.npz"), wide.T)
keep("", wide.T, "fortran.npz")
np.save(os.path.join(folder, "objects.npy"), np.array([1, None]), allow_pickle=True)
np.save(os.path.join(folder, "complex.npy"), np.zeros(3, complex))
json.dump(expected, open(os.path.join(folder, "expected.json"), "w"))
