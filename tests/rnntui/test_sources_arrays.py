"""NumPy files become inputs and targets of the engine's shapes; what else they hold is refused by name."""

from __future__ import annotations

import io
import math
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptt.cell import Cell
from bptt.model import Model
from bptt.sequences import coerce
from rnntui.safe import InputError
from rnntui.sources import Source, from_npy


def made(folder: Path, x: Any, y: Any) -> Source:
    np.save(folder / "x.npy", np.asarray(x))
    np.save(folder / "y.npy", np.asarray(y))
    return from_npy(folder / "x.npy", folder / "y.npy")


def line_of(folder: Path, x: Any, y: Any) -> str:
    with pytest.raises(InputError) as raised:
        made(folder, x, y)
    return str(raised.value).replace(f"{folder}/", "")


def floats(*shape: int) -> Any:
    return np.arange(math.prod(shape), dtype=np.float64).reshape(shape)


def ints(*shape: int) -> Any:
    return np.arange(math.prod(shape)).reshape(shape) % 3


@pytest.mark.parametrize(
    ("x", "y", "x_shape", "y_shape", "D", "K", "kind"),
    [
        (floats(4), floats(4), (4, 1), (4, 1), 1, 1, "values"),
        (floats(4, 2), floats(4, 3), (4, 2), (4, 3), 2, 3, "values"),
        (floats(4, 2), floats(4, 1, 3), (4, 2), (4, 3), 2, 3, "values"),
        (floats(4, 1, 2), floats(4, 3), (4, 1, 2), (4, 1, 3), 2, 3, "values"),
        (floats(4, 5, 2), floats(4, 5), (4, 5, 2), (4, 5, 1), 2, 1, "values"),
        (floats(4, 5, 2), floats(4, 5, 3), (4, 5, 2), (4, 5, 3), 2, 3, "values"),
        (floats(4, 2), ints(4), (4, 2), (4,), 2, 3, "classes"),
        (floats(4, 2), ints(4, 1), (4, 2), (4,), 2, 3, "classes"),
        (floats(4, 5, 2), ints(4, 5), (4, 5, 2), (4, 5), 2, 3, "classes"),
        (ints(4), ints(4) - 1, (4,), (4,), 3, 2, "classes"),
        (ints(4, 5), ints(4, 5), (4, 5), (4, 5), 3, 3, "classes"),
        (ints(4, 5), floats(4, 5, 2), (4, 5), (4, 5, 2), 3, 2, "values"),
        (ints(4), floats(4), (4,), (4, 1), 3, 1, "values"),
    ],
)
def test_shapes_and_sizes_follow_the_arrays(
    tmp_path: Path, x: Any, y: Any, x_shape: Any, y_shape: Any, D: int, K: int, kind: str
) -> None:
    source = made(tmp_path, x, y)
    assert (source.x.shape, source.y.shape) == (x_shape, y_shape)
    assert (source.inputs, source.outputs, source.kind) == (D, K, kind)
    assert (x_shape[0], 5 if 5 in x_shape else 1) == (source.T, source.B)
    assert np.array_equal(source.x.ravel(), x.ravel())
    assert np.array_equal(source.y.ravel(), y.ravel())
    assert source.title == "x.npy → y.npy"
    cell = Cell.parse("h[t] = tanh(b + W @ h[t-1] + U @ x[t])", readout="softmax" if kind == "classes" else "linear")
    sequences = coerce(Model.create(cell, D, 3, K), source.x, source.y)
    assert (sequences.T, sequences.B, sequences.kind) == (source.T, source.B, kind)


@pytest.mark.parametrize("kind", ["<f8", ">f8", "<f4", ">f4", ">f2", "<i8", ">i4", "|i1", "|u1", ">u8"])
def test_every_number_type_becomes_a_native_one(tmp_path: Path, kind: str) -> None:
    given_array = np.array([[0, 1, 2], [2, 1, 0]]).astype(kind)
    source = made(tmp_path, np.asfortranarray(given_array), np.asfortranarray(given_array))
    expected = np.int64 if given_array.dtype.kind in "iu" else np.float64 if kind[-1] == "8" else np.float32
    assert source.x.dtype == np.dtype(expected)
    assert source.x.tolist() == source.y.tolist() == [[0, 1, 2], [2, 1, 0]]
    assert source.y.dtype == source.x.dtype
    for array in (source.x, source.y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_a_row_of_nan_or_minus_one_means_no_target(tmp_path: Path) -> None:
    source = made(tmp_path, floats(3, 2), [[1.0, 2.0], [np.nan, np.nan], [3.0, 4.0]])
    assert np.isnan(source.y[1]).all()
    assert made(tmp_path, floats(3, 2), [-1, -1, 4]).outputs == 5


@pytest.mark.parametrize(
    ("x", "y", "line"),
    [
        (
            floats(4, 2),
            ints(3),
            "y.npy: shape (3,): 3 times, but x.npy has 4: give as many targets as inputs",
        ),
        (
            floats(2, 5, 2),
            ints(2, 4),
            "y.npy: shape (2, 4): does not fit the inputs: expected integers (2, 5)",
        ),
        (
            floats(2, 6, 2),
            ints(2, 2, 3),
            "y.npy: shape (2, 2, 3): does not fit the inputs: expected integers (2, 6)",
        ),
        (
            floats(2, 2),
            floats(2, 2, 3),
            "y.npy: shape (2, 2, 3): does not fit the inputs: expected floats (2, 3)",
        ),
        (ints(2, 2, 2), ints(2, 2), "x.npy: shape (2, 2, 2): expected integers (T,) or (T, B)"),
        (
            floats(1, 1, 1, 1),
            ints(1),
            "x.npy: shape (1, 1, 1, 1): expected at most 3 axes: (T, B, units)",
        ),
        (floats(0, 3), ints(0), "x.npy: shape (0, 3): has no times in it: expected (T, …) with T from 1"),
        (np.float64(3), ints(1), "x.npy: shape (): has no times in it: expected (T, …) with T from 1"),
        (ints(3), floats(3, 0), "y.npy: shape (3, 0): has no times in it: expected (T, …) with T from 1"),
        ([[0.0, np.nan]], [0], "x.npy: [0, 1]: nan is not a finite number: correct the array"),
        ([0, -2], [0, 0], "x.npy: [1]: -2 is no class: expected numbers from 0"),
        ([0, 1], [0, -2], "y.npy: [1]: -2 is no class: expected numbers from 0, or −1 for no target"),
        ([0, 1], [-1, -1], "y.npy: holds only −1, which means no target: give at least one"),
        ([0, 1], [np.nan, np.nan], "y.npy: holds only NaN, which means no target: give at least one"),
        (
            [0, 1],
            [[1, 2], [3, np.nan]],
            "y.npy: [1, 1]: nan is not a finite number: correct it, or make the whole row NaN for no target",
        ),
        ([0, 4096], [0, 0], "x.npy: 4,097 units or classes, over the limit of 4,096: use fewer"),
        ([0, 1], [0, 4096], "y.npy: 4,097 units or classes, over the limit of 4,096: use fewer"),
        (np.zeros((1, 4097)), [0], "x.npy: 4,097 units or classes, over the limit of 4,096: use fewer"),
        ([0], np.zeros((1, 4097)), "y.npy: 4,097 units or classes, over the limit of 4,096: use fewer"),
        ([True], [0], "x.npy: holds truth values, expected floats or integers of at most 64 bits"),
        ([1j], [0], "x.npy: holds complex numbers, expected floats or integers of at most 64 bits"),
        (["a"], [0], "x.npy: holds text, expected floats or integers of at most 64 bits"),
        (
            np.zeros(1, "M8[s]"),
            [0],
            "x.npy: is not a NumPy .npy file of plain numbers: save the array with numpy.save",
        ),
        (
            np.array([2**63], "u8"),
            [0],
            "x.npy: holds 9223372036854775808, which is no class: give numbers below 4096",
        ),
        (
            np.zeros(1_000_001, "i1"),
            [0],
            "x.npy: shape (1000001,): T is over the limit of 1,000,000: save a part of the array",
        ),
    ],
)
def test_arrays_that_will_not_do_are_one_line(tmp_path: Path, x: Any, y: Any, line: str) -> None:
    assert line_of(tmp_path, x, y) == line


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(tmp_path / "sprung"),)

    np.save(tmp_path / "x.npy", np.array([Trap()], dtype=object), allow_pickle=True)
    np.save(tmp_path / "y.npy", np.array([0]))
    with pytest.raises(InputError, match=r"x.npy: holds Python objects, expected floats or integers"):
        from_npy(tmp_path / "x.npy", tmp_path / "y.npy")
    assert not (tmp_path / "sprung").exists()


def header(shape: str, kind: str = "<f8") -> bytes:
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def archive() -> bytes:
    out = io.BytesIO()
    np.savez(out, x=np.zeros(3))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is not a NumPy .npy file of plain numbers: save the array with numpy.save"),
        (b"hello", "is not a NumPy .npy file of plain numbers: save the array with numpy.save"),
        (archive(), "is an .npz archive: save the one array with numpy.save"),
        (header("(3,)") + bytes(23), "is damaged: it has 91 bytes, but its header says 92: save it again"),
        (header("(3,)") + bytes(25), "is damaged: it has 93 bytes, but its header says 92: save it again"),
        (
            header("(99999999999, 9)"),
            "shape (99999999999, 9): has 7,199,999,999,928 bytes, over the limit of 67,108,864: "
            "save a part of the array",
        ),
        (
            header("(3,)", "<f16"),
            "holds numbers of type <f16, expected floats or integers of at most 64 bits",
        ),
    ],
    ids=["empty", "text", "npz", "truncated", "trailing", "bomb", "float128"],
)
def test_a_damaged_or_foreign_file_is_refused_before_its_numbers_are_read(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    (tmp_path / "x.npy").write_bytes(data)
    np.save(tmp_path / "y.npy", np.zeros(3))
    with pytest.raises(InputError) as raised:
        from_npy(tmp_path / "x.npy", tmp_path / "y.npy")
    assert str(raised.value) == f"{tmp_path}/x.npy: {reason}"


@given(at=st.integers(0, 79), byte=st.integers(0, 255))
def test_a_changed_byte_in_the_header_raises_nothing_but_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, at: int, byte: int
) -> None:
    folder = tmp_path_factory.getbasetemp()
    data = bytearray(header("(3, 1)") + np.arange(3.0).tobytes())
    data[at] = byte
    (folder / "fuzz-x.npy").write_bytes(data)
    np.save(folder / "fuzz-y.npy", np.zeros((3, 1)))
    try:
        source = from_npy(folder / "fuzz-x.npy", folder / "fuzz-y.npy")
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert source.T == 3
