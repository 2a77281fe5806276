"""A YAML document: plain data with places, and none of YAML's dangerous half."""

from __future__ import annotations

import time

import pytest

from rnntui.course.document import read_document
from rnntui.safe import InputErrors


def faults(text: str) -> list[str]:
    with pytest.raises(InputErrors) as raised:
        read_document("f.yaml", text)
    return [str(error) for error in raised.value.errors]


def test_values_are_those_of_yaml_1_2() -> None:
    text = "a: no\nb: 1e-3\nc: yes\nd: 012\ne: ~\nf: true\ng: 2001-01-01\nh: '4'\ni: -.5\n"
    assert read_document("f.yaml", text).data == {
        "a": "no",
        "b": 0.001,
        "c": "yes",
        "d": 12,
        "e": None,
        "f": True,
        "g": "2001-01-01",
        "h": "4",
        "i": -0.5,
    }


def test_a_question_mark_in_a_flow_mapping_is_text() -> None:
    assert read_document("f.yaml", "{q: Which?}").data == {"q": "Which?"}


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("a: &x 1\n", "1:4", "anchors (&x)"),
        ("a: 1\nb: *x\n", "2:4", "aliases (*x)"),
        ("a: !!python/object:os.system 1\n", "1:4", "tags"),
        ("a: !mine {b: 1}\n", "1:4", "tags (!mine)"),
        ("a: 1\nb: 2\na: 3\n", "3:1", "a second time; the first is in line 1"),
        ("a: {<<: {b: 1}}\n", "1:5", "merge keys"),
        ("? [a, b]\n: 1\n", "1:3", "plain word"),
        ("a: 1\n---\nb: 2\n", "2:1", "second document"),
        ("a: 0x10\n", "1:4", "plain decimal number"),
        ("a: .nan\n", "1:4", "plain decimal number"),
        ("a: " + "9" * 5000 + "\n", "1:4", "plain decimal number"),
        ("a: one: two\n", "1:7", "put it in quotes"),
        ("a: `b`\n", "1:4", "put in quotes"),
        ("a: [h[1], h[2]]\n", "1:6", "put it in quotes"),
        ("a:\n\t- b\n", "2:1", "indent with spaces"),
        ("a: b\x07\n", "1:5", "U+0007"),
        ("", "1:1", "empty"),
    ],
)
def test_a_trap_is_named_at_its_place(text: str, place: str, word: str) -> None:
    first = faults(text)[0]
    assert first.startswith(f"f.yaml:{place}: ")
    assert word in first


def test_faults_that_can_be_told_apart_come_together() -> None:
    assert len(faults("a: &x 1\nb: !t 2\nc: *x\n")) == 3


def test_depth_and_number_of_items_are_limited_before_anything_is_built() -> None:
    started = time.process_time()
    assert "nested more than 32 deep" in faults("a: " + "[" * 40 + "]" * 40)[0]
    assert "more than 20,000 items" in faults("a: [" + "1," * 30_000 + "]")[0]
    assert "nested" in faults("[" * 100_000)[0]
    assert time.process_time() - started < 2


def test_a_place_counts_into_a_text_below_a_bar_and_in_quotes() -> None:
    document = read_document("f.yaml", "a: |\n\n    one\n    two\nb:\n  c: 'three'\n")
    assert document.place(("a",), 3, 2) == "4:6"
    assert document.place(("b", "c"), 1, 3) == "6:9"
    assert document.key_place(("b", "c")) == "6:3"
    assert document.place(("b", "missing")) == "6:3"


def test_a_sign_is_found_where_it_stands_in_the_file_however_the_text_is_written() -> None:
    document = read_document("f.yaml", "a: |\n    x = {{ p }}\n    {{q}}\nb: two\n  lines {{   r }}\nc: '{{ s }}'\n")
    assert document.places_of(("a",), "{{") == ["2:12", "3:7"]
    assert document.places_of(("b",), "{{") == ["5:14"]
    assert document.places_of(("c",), "{{") == ["6:8"]
