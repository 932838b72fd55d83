"""Every format whole, and every way in which one can mean harm: refused in words, in little time, and nothing kept.

The child that reads may spend two seconds of processor time here, a tenth of what it may otherwise.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import Invalid, Problem, TooLarge, WrongType
from media import intake, sandbox
from media.intake import examine
from media.sandbox import DecoderStopped, Limits
from media.shelf import Draft
from media.store import Store
from tests.media.conftest import files_in
from tests.media.hostile import BOMBS, BROKEN, WHOLE, locked_pdf

MakeDraft = Callable[[bytes], Draft]
QUICK = Limits(cpu_s=2)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Reading files asks no database."""
    return f"sqlite:///{tmp_path}/none.db"


@pytest.fixture(autouse=True)
def two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    run = sandbox.run
    monkeypatch.setattr(sandbox, "run", lambda task, request, limits=None: run(task, request, QUICK))
    monkeypatch.setattr(intake, "FILM_LIMITS", QUICK)


def refusal(content: bytes, draft: MakeDraft, store: Store) -> Problem | None:
    """What the server says of it, None where it is taken; either way nothing is left half done."""
    held = draft(content)
    before = files_in(store.drafts.parent / "public")
    try:
        examine(held, store)
        return None
    except (Invalid, WrongType, TooLarge, DecoderStopped) as said:
        assert files_in(store.drafts.parent / "public") == before
        return said
    finally:
        held.discard()


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_file_is_taken(name: str, draft: MakeDraft, store: Store) -> None:
    assert refusal(WHOLE[name], draft, store) is None


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_by_its_header(name: str, draft: MakeDraft, store: Store) -> None:
    said = refusal(BOMBS[name](), draft, store)
    assert said is not None
    assert not isinstance(said, DecoderStopped), "it was unpacked first"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_in_words(name: str, draft: MakeDraft, store: Store) -> None:
    said = refusal(BROKEN[name](), draft, store)
    assert said is not None
    words = said.detail + "".join(message for _, message in said.errors)
    assert any(word in words for word in ("broken", "cut short", "Accepted are", "at most"))


def test_a_locked_document_is_refused_with_what_to_do(draft: MakeDraft, store: Store) -> None:
    said = refusal(locked_pdf(), draft, store)
    assert said is not None
    assert "without a password" in said.errors[0][1]


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "pdf"])
def test_a_file_under_anothers_name_is_what_its_bytes_say(name: str, draft: MakeDraft, store: Store) -> None:
    """Behind a JPEG's first bytes any other file is a broken JPEG, not that file."""
    if name == "jpeg":
        return
    assert refusal(b"\xff\xd8\xff\xe0" + WHOLE[name] + b"\xff\xd9", draft, store) is not None


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", WHOLE)
def test_noise_in_any_place_is_survived(name: str, draft: MakeDraft, store: Store) -> None:
    """Twenty files of each format with bytes written over at random: taken or refused, but answered."""
    dice = random.Random(name)
    for _ in range(20):
        content = bytearray(WHOLE[name])
        for _ in range(dice.randint(1, 40)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        said = refusal(bytes(content), draft, store)
        assert said is None or said.detail or said.errors
