"""Models as files: what is saved is loaded, and every bad file is one line that names it."""

import io
import json
import struct
import time
import zipfile

import numpy as np
import pytest

from bptt.cell import Cell
from bptt.cells import find
from bptt.errors import InputError
from bptt.files import load, meta, parameters, save, write
from bptt.model import Model

SKIP = Cell.parse("q[t] = tanh(U @ x[t] + W @ q[t-3])    # ∇ of a skip", "skippy", "linear")
MODEL = Model.create("lstm", 3, 2, 4, seed=5)


def refused(path, **options):
    with pytest.raises(InputError) as caught:
        load(path, **options)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


def npz(path, **arrays):
    np.savez(path, **arrays)
    return path


def with_meta(path, text, **arrays):
    arrays["__meta__"] = np.array(text)
    return npz(path, **arrays)


def zipped(path, members, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def npy(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def header(descr="'<f8'", shape="(2, 2)", order="False"):
    text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def safetensors(path, entries, data=b"", metadata=None):
    entries = {**({"__metadata__": metadata} if metadata else {}), **entries}
    text = json.dumps(entries).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


@pytest.mark.parametrize(
    "model",
    [
        MODEL,
        Model.create("rnn", 3, 2, 4, dtype="float32", loss="mean", init="W=orthogonal:0.5"),
        Model.create(SKIP, 1, 4, 1),
        Model.create(find("gru", "sigmoid"), 3, 2, 4),
        Model(Cell.parse("h[t] = tanh(h[t-1])\nL[t] = squared_error(h[t], y[t])"), {}, outputs=3),
    ],
    ids=["lstm", "float32", "own cell", "sigmoid readout", "no parameters"],
)
def test_a_saved_model_loads_as_an_equal_one(model, tmp_path):
    save(model, tmp_path / "m.npz")
    found = load(str(tmp_path / "m.npz"))
    assert found == model
    assert found.cell.name == model.cell.name
    assert found.cell.comments == model.cell.comments
    assert (found.seed, found.init, found.dtype) == (model.seed, model.init, model.dtype)


def test_a_built_in_cell_comes_back_as_itself(tmp_path):
    save(MODEL, tmp_path / "m.npz")
    assert load(tmp_path / "m.npz").cell is find("lstm")


def test_a_saved_file_is_plain_numpy(tmp_path):
    save(MODEL, tmp_path / "m.npz")
    with np.load(tmp_path / "m.npz", allow_pickle=False) as found:
        assert np.array_equal(found["param.W_f"], MODEL.parameters["W_f"])
        told = json.loads(str(found["__meta__"]))
    assert told["format"] == "bptt-model"
    assert told["version"] == 1
    assert told["cell"] == find("lstm").source
    assert told["dims"] == {"inputs": 3, "hidden": 2, "outputs": 4}


def test_saving_twice_gives_the_same_bytes_and_leaves_nothing_else(tmp_path):
    save(MODEL, tmp_path / "a.npz")
    save(MODEL, tmp_path / "b.npz")
    save(MODEL, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npz", "b.npz"]


def test_a_failed_write_keeps_the_old_file_and_leaves_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "m.npz"
    save(MODEL, path)
    before = path.read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match=r"m\.npz: cannot be written: No space left on device"):
        save(Model.create("rnn", 1, 1, 1), path)
    assert path.read_bytes() == before
    assert [other.name for other in tmp_path.iterdir()] == ["m.npz"]


def test_a_model_is_written_as_npz_into_a_folder_that_exists(tmp_path):
    with pytest.raises(InputError, match=r"a model is written as \.npz, not '\.safetensors'"):
        save(MODEL, tmp_path / "m.safetensors")
    with pytest.raises(InputError, match="cannot be written: No such file"):
        save(MODEL, tmp_path / "none" / "m.npz")


def test_a_trace_file_is_read_for_its_model_only(tmp_path):
    arrays = {
        "__meta__": np.array(json.dumps(meta(MODEL, "rnntui-trace") | {"edits": []})),
        **parameters(MODEL),
        "value.h": np.zeros((9, 1, 2)),
        "object": np.zeros(3),
    }
    write(tmp_path / "t.npz", arrays)
    assert load(tmp_path / "t.npz") == MODEL


def test_a_plain_npz_is_the_cell_whose_names_it_has(tmp_path):
    path = npz(tmp_path / "m.npz", **MODEL.parameters)
    assert load(path) == MODEL
    compressed = tmp_path / "c.npz"
    np.savez_compressed(compressed, **MODEL.parameters)
    assert load(compressed) == MODEL


def test_the_first_cell_is_taken_where_several_have_the_names_unless_the_caller_says(tmp_path):
    model = Model.create("rnn-relu", 3, 2, 4)
    path = npz(tmp_path / "m.npz", **model.parameters)
    assert load(path).cell.name == "rnn"
    assert load(path, cell="rnn-relu") == model
    assert load(path, cell=find("rnn", "linear")).cell.loss_functions == ("squared_error",)


@pytest.mark.parametrize("change", [lambda a: a.astype(">f8"), np.asfortranarray, lambda a: a[::-1][::-1]])
def test_byte_order_and_memory_order_do_not_matter(change, tmp_path):
    path = npz(tmp_path / "m.npz", **{name: change(array) for name, array in MODEL.parameters.items()})
    assert load(path) == MODEL


def test_parameters_are_finite_unless_asked(tmp_path):
    given = {**MODEL.parameters, "b_f": np.array([1, np.nan])}
    path = npz(tmp_path / "m.npz", **given)
    assert refused(path) == "b_f[1] = nan, expected a finite number"
    assert np.isnan(load(path, allow_nonfinite=True).parameters["b_f"][1])


def test_a_safetensors_file_is_read(tmp_path):
    from safetensors.numpy import save_file

    path = tmp_path / "m.safetensors"
    save_file(dict(MODEL.parameters), path, metadata={"format": "pt"})
    assert load(path) == MODEL
    model = Model.create(SKIP, 1, 4, 1, dtype="float32", loss="mean", seed=3)
    told = {"name": "skippy", "cell": SKIP.source, "loss": "mean", "seed": "3"}
    save_file(dict(model.parameters), path, metadata=told)
    assert load(path) == model
    assert load(path).seed == 3


@pytest.mark.parametrize("dtype", ["F16", "BF16", "I64", "BOOL", "F8_E4M3", 7, None])
def test_other_types_in_a_safetensors_file_are_refused_by_name(dtype, tmp_path):
    entry = {"dtype": dtype, "shape": [1], "data_offsets": [0, 2]}
    path = safetensors(tmp_path / "m.safetensors", {"W": entry}, b"\0\0")
    assert refused(path) == f"'W' is stored as {dtype!r}, expected F64 or F32"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "its header is not JSON"),
        (b"\x02\0\0\0\0\0\0\0{}", "holds no parameters"),
        (b"\x02\0\0\0\0\0\0\0[]", "its header is not a JSON object"),
        (b"\x01\0\0\0\0\0\0\0\xff", "is damaged: 'utf-8' codec"),
        (b"\xff" * 8, "has a header of 18446744073709551615 bytes, at most 1048576 are read"),
        (struct.pack("<Q", 100_000) + b'{"a":' * 20_000, "its header is not JSON"),
    ],
)
def test_a_bad_safetensors_header_is_refused(content, message, tmp_path):
    path = tmp_path / "m.safetensors"
    path.write_bytes(content)
    assert refused(path).startswith(message)


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"W": 3}, "is damaged: 'W' has no shape"),
        ({"W": {"dtype": "F32", "shape": [-1]}}, "is damaged: 'W' has no shape"),
        ({"W": {"dtype": "F32", "shape": [10**15]}}, "is damaged: 'W' has no shape"),
        ({"W": {"dtype": "F32", "shape": [1] * 5}}, "'W' has 5 axes, at most 4 are read"),
        (
            {"W": {"dtype": "F32", "shape": [2**20, 2**20]}},
            "its parameters take 4398046511104 bytes, at most",
        ),
        ({f"W{n}": {"dtype": "F32", "shape": [1]} for n in range(257)}, "holds 257 parameters, at most 256"),
        (
            {"W": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}},
            "is damaged: Error while deserializing",
        ),
    ],
)
def test_a_safetensors_file_beyond_the_limits_or_cut_short_is_refused(entries, message, tmp_path):
    assert refused(safetensors(tmp_path / "m.safetensors", entries)).startswith(message)


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".pkl", ".PT"])
def test_a_pickle_is_refused_with_the_line_that_converts_it(suffix, tmp_path):
    path = tmp_path / f"my net{suffix}"
    message = refused(path)
    assert message.startswith("holds a pickle, which can run code; convert it: python -c ")
    assert "weights_only=True" in message
    assert "my net.safetensors" in message


def test_what_is_not_a_model_file_is_refused(tmp_path):
    assert refused(tmp_path / "m.npz") == "cannot be read: No such file or directory"
    assert refused(tmp_path / "m.txt") == "a model is read from .npz or .safetensors, not '.txt'"
    (tmp_path / "folder.npz").mkdir()
    assert refused(tmp_path / "folder.npz") == "is not a regular file"
    for content in (b"", b"PK\x05\x06", b"text", b"\x93NUMPY\x01\x00", b"\0" * 100_000):
        (tmp_path / "m.npz").write_bytes(content)
        assert refused(tmp_path / "m.npz") == "is not an .npz file, as numpy.savez writes them: name one"


def test_a_file_too_large_to_be_a_model_is_refused_unread(tmp_path):
    path = tmp_path / "m.npz"
    with path.open("wb") as file:
        file.truncate(256 * 2**20 + 1)
    assert refused(path) == "has 268435457 bytes, at most 268435456 are read"


def test_an_empty_archive_holds_no_parameters(tmp_path):
    assert refused(zipped(tmp_path / "m.npz", {})) == "holds no parameters"
    assert refused(zipped(tmp_path / "m.npz", {"readme.txt": b"W"})) == "holds no parameters"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "'W' is not a plain NumPy array"),
        (b"not an array", "'W' is not a plain NumPy array"),
        (header()[:9], "'W' is not a plain NumPy array"),
        (b"\x93NUMPY\x09\x00" + header()[8:], "'W' is not a plain NumPy array"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff", "'W' is not a plain NumPy array"),
        (header("'|O'") + b"\0" * 32, "'W' holds |O, not numbers or text"),
        (header("[('a', '<f8')]") + b"\0" * 32, "'W' is not a plain NumPy array"),
        (header("'<V8'") + b"\0" * 32, "'W' holds <V8, not numbers or text"),
        (header("'<M8'") + b"\0" * 32, "'W' holds <M8, not numbers or text"),
        (header("'<f3'") + b"\0" * 12, "'W' holds <f3, which NumPy does not know"),
        (npy(np.array(["a", "b"])), "W: got text of shape (2,)"),
        (header("'<c16'") + b"\0" * 64, "W: got complex128 of shape (2, 2)"),
        (header("'|b1'") + b"\0" * 4, "W: got bool of shape (2, 2)"),
        (header(), "'W' is damaged: its size is not what its header says"),
        (header() + b"\0" * 31, "'W' is damaged: its size is not what its header says"),
        (header() + b"\0" * 33, "'W' is damaged: its size is not what its header says"),
        (header(shape="(1, 1, 1, 1, 4)") + b"\0" * 32, "'W' has 5 axes, at most 4 are read"),
        (header(shape="(" + "9" * 190 + ",)"), "'W' is damaged"),
    ],
)
def test_a_bad_array_is_refused_by_name(data, message, tmp_path):
    given = {f"{name}.npy": npy(array) for name, array in Model.create("rnn", 3, 2, 4).parameters.items()}
    path = zipped(tmp_path / "m.npz", {**given, "W.npy": data})
    assert refused(path).startswith(message)


def test_a_bomb_is_refused_without_being_inflated(tmp_path):
    bomb = header(shape=f"({2**26},)") + bytes(2**20)
    path = zipped(tmp_path / "m.npz", {"W.npy": bomb}, zipfile.ZIP_DEFLATED)
    data = path.read_bytes()
    real, claimed = struct.pack("<I", len(bomb)), struct.pack("<I", len(header(shape=f"({2**26},)")) + 2**29)
    path.write_bytes(data.replace(real, claimed))
    assert refused(path) == "its parameters take 536870912 bytes, at most 268435456 are read"


def test_a_member_cut_short_or_changed_is_refused(tmp_path):
    path = zipped(tmp_path / "m.npz", {"W.npy": npy(np.ones((50, 50)))}, zipfile.ZIP_DEFLATED)
    whole = path.read_bytes()
    path.write_bytes(whole[:60] + bytes(20) + whole[80:])
    assert "damaged" in refused(path)
    stored = zipped(tmp_path / "m.npz", {"W.npy": npy(np.ones((50, 50)))}).read_bytes()
    path.write_bytes(stored[:5000] + b"\x01" + stored[5001:])
    assert refused(path) == "is damaged: Bad CRC-32 for file 'W.npy'"


def test_other_compressions_are_refused_since_they_inflate_without_bound(tmp_path):
    for compression in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        path = zipped(tmp_path / "m.npz", {"W.npy": npy(np.ones((2, 2)))}, compression)
        assert refused(path) == "'W' is compressed in a way that NumPy does not write"


def test_an_encrypted_member_is_refused(tmp_path):
    path = zipped(tmp_path / "m.npz", {"W.npy": npy(np.ones((2, 2)))})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert refused(path) == "is encrypted or of an unknown kind"


def test_many_members_are_refused_quickly(tmp_path):
    path = zipped(tmp_path / "m.npz", {f"W{n}.npy": b"" for n in range(300)})
    assert refused(path) == "holds 300 parameters, at most 256 are read"
    path = zipped(tmp_path / "n.npz", {f"W{n}.npy": b"" for n in range(20_000)})
    start = time.process_time()
    assert refused(path) == "lists too many arrays: the list is over 1048576 bytes"
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "other"}, "is of format 'other', expected bptt-model or rnntui-trace"),
        ({"version": 2}, "was written by a newer version (format 2, this reads 1)"),
        ({"version": True}, "has version True, expected 1"),
        ({"version": "1"}, "has version '1', expected 1"),
        ({"cell": "h[t] = tanh("}, "cell, line 1, column "),
        ({"cell": "h[t] = tanh(U @ x[t])"}, "parameters: lstm has no parameter"),
        ({"loss": "max"}, "loss: got 'max', expected sum or mean"),
        ({"dims": {"hidden": 3}}, "U_f: got shape (2, 3), expected (3, 3)"),
        ({"dims": {"hidden": "2"}}, "hidden: got '2', expected a whole number"),
        ({"dims": {"hidden": 10**4000}}, "hidden: got "),
    ],
)
def test_a_bad_meta_is_refused_by_its_key(change, message, tmp_path):
    text = json.dumps(meta(MODEL, "bptt-model") | change)
    assert refused(with_meta(tmp_path / "m.npz", text, **parameters(MODEL))).startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "its meta text is not JSON"),
        ("[]", "its meta text is not a JSON object"),
        ("[" * 100_000, "its meta text is not JSON"),
        ("1" * 5000, "its meta text is not JSON"),
        (" " * 300_000, "its meta text is over 1048576 bytes"),
        (["{}"], "'__meta__' is not a text"),
        (3.5, "'__meta__' is not a text"),
    ],
)
def test_a_meta_that_is_no_json_object_is_refused(text, message, tmp_path):
    assert refused(with_meta(tmp_path / "m.npz", text, **parameters(MODEL))) == message


def test_a_meta_outside_unicode_is_refused(tmp_path):
    members = {"__meta__.npy": header("'<U1'", "()") + b"\xff" * 4, "param.W.npy": npy(np.ones((2, 2)))}
    assert refused(zipped(tmp_path / "m.npz", members)) == "'__meta__' is not Unicode text"


def test_odd_seeds_and_names_in_a_meta_are_not_taken_over(tmp_path):
    for seed in (-1, 10**30, "later", [1]):
        text = json.dumps(meta(MODEL, "bptt-model") | {"seed": seed, "name": 7, "init": 3})
        found = load(with_meta(tmp_path / "m.npz", text, **parameters(MODEL)))
        assert (found.seed, found.init, found.cell.name) == (None, "", "mine")


def test_a_name_alone_says_the_built_in_cell(tmp_path):
    model = Model.create("rnn-relu", 3, 2, 4)
    text = json.dumps({"format": "bptt-model", "version": 1, "name": "rnn-relu"})
    assert load(with_meta(tmp_path / "m.npz", text, **parameters(model))) == model


def test_names_that_fit_no_cell_are_shown_without_control_characters(tmp_path):
    path = npz(tmp_path / "m.npz", **{"W\x1b[2J\u202e": np.ones(2)})
    message = refused(path)
    assert message.startswith("no built-in cell has parameters called 'W\\x1b[2J\\u202e'")
    assert "\x1b" not in message
