"""Where lessons are: the shipped course, folders with and without an index, and names that are nearly right."""

from __future__ import annotations

from pathlib import Path

import pytest

from rnntui.course.shelf import Shelf, find, open_shelf, shipped
from rnntui.safe import InputError, InputErrors


@pytest.fixture
def folder(tmp_path: Path, odd_lesson: str) -> Path:
    for name in ("b", "a", "c"):
        (tmp_path / f"{name}.yaml").write_text(odd_lesson.replace("id: odd", f"id: {name}"), encoding="utf-8")
    return tmp_path


def test_the_shipped_course_has_its_lessons_in_order() -> None:
    course = shipped()
    assert course.order[:5] == ("unrolling", "forward", "softmax-nll", "last-step", "bptt-recursion")
    assert len(course.order) == 27
    assert all(course.path(id).is_file() for id in course.order)
    assert course.cards[0].title == "One cell, drawn four times"


def test_a_folder_without_an_index_is_in_order_of_names(folder: Path) -> None:
    shelf = open_shelf(folder)
    assert shelf.order == ("a", "b", "c")
    assert shelf.title == folder.name
    assert shelf.cards[0].title == "An *odd* memory"


def test_an_index_gives_title_and_order_and_what_it_leaves_out_comes_last(folder: Path) -> None:
    (folder / "index.yaml").write_text("title: Mine\norder: [c, a]\n")
    shelf = open_shelf(folder)
    assert (shelf.title, shelf.order) == ("Mine", ("c", "a", "b"))


def test_an_index_that_is_wrong_is_named_with_every_place(folder: Path) -> None:
    (folder / "index.yaml").write_text("title: Mine\norder:\n  - a\n  - bb\n  - zz\n")
    with pytest.raises(InputErrors) as raised:
        open_shelf(folder)
    lines = raised.value.lines()
    assert lines[0].endswith("index.yaml:4:5: there is no bb.yaml here; did you mean b?")
    assert "index.yaml:5:5: there is no zz.yaml" in lines[1]
    (folder / "index.yaml").write_text("titel: Mine\norder: []\n")
    with pytest.raises(InputErrors, match="an index has title and order"):
        open_shelf(folder)


def test_a_lesson_is_found_by_id_path_or_folder(folder: Path) -> None:
    assert find("unrolling") == shipped().path("unrolling")
    assert find(str(folder / "a.yaml")) == folder / "a.yaml"
    shelf = find(str(folder))
    assert isinstance(shelf, Shelf)
    assert shelf.order == ("a", "b", "c")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("unroling", "did you mean unrolling?"), ("bptt", "did you mean bptt-recursion?"), ("", "no lesson is named")],
)
def test_an_unknown_lesson_has_near_names(name: str, hint: str) -> None:
    with pytest.raises(InputError) as raised:
        find(name)
    assert hint in str(raised.value)


def test_a_folder_without_lessons_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no lessons"):
        find(str(tmp_path))
