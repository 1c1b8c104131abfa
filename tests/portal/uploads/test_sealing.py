import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.uploads.sealing import CHUNK, MAGIC, SEALED_CHUNK, BrokenSeal, Sealer, Unsealed, new_key

KEY = new_key()
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7]


def seal(plain, *, key=KEY, name="ab/cd", step=10_000):
    target = io.BytesIO()
    sealer = Sealer(target, key=key, name=name)
    for start in range(0, len(plain), step):
        sealer.write(plain[start : start + step])
    sealer.close()
    return target.getvalue()


def unseal(sealed, *, key=KEY, name="ab/cd"):
    return b"".join(Unsealed(io.BytesIO(sealed), key=key, name=name).chunks())


def content(size):
    return random.Random(size).randbytes(size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", [1000, CHUNK, 10 * CHUNK])
def test_what_was_sealed_opens_again(size, step):
    plain = content(size)
    sealed = seal(plain, step=step)
    assert unseal(sealed) == plain
    reader = Unsealed(io.BytesIO(sealed), key=KEY, name="ab/cd")
    assert (reader.size, reader.read()) == (size, plain)


@given(start=st.integers(0, 3 * CHUNK + 50), length=st.integers(0, 2 * CHUNK))
def test_any_part_reads_like_the_plain_file(start, length):
    plain = content(3 * CHUNK + 7)
    reader = Unsealed(io.BytesIO(seal(plain)), key=KEY, name="ab/cd")
    reader.seek(start)
    assert reader.read(length) == plain[start : start + length]


def test_nothing_of_the_content_shows():
    assert b"passport" not in seal(b"passport " * 20_000)
    assert seal(b"same", key=new_key()) != seal(b"same", key=new_key())


@pytest.mark.parametrize("place", [0, 8, 100, SEALED_CHUNK + 20, -1])
def test_a_changed_bit_is_noticed(place):
    sealed = bytearray(seal(content(2 * CHUNK + 5)))
    sealed[place] ^= 1
    with pytest.raises(BrokenSeal):
        unseal(bytes(sealed))


@pytest.mark.parametrize("cut", [1, 5, 21, SEALED_CHUNK, SEALED_CHUNK + 21, 2 * SEALED_CHUNK + 21])
def test_a_file_that_was_cut_off_opens_not_at_all(cut):
    sealed = seal(content(2 * CHUNK + 5))
    with pytest.raises(BrokenSeal):
        Unsealed(io.BytesIO(sealed[:-cut]), key=KEY, name="ab/cd")


def test_chunks_cannot_change_places():
    sealed = seal(content(3 * CHUNK))
    head, body = sealed[: len(MAGIC)], sealed[len(MAGIC) :]
    parts = [body[i : i + SEALED_CHUNK] for i in range(0, len(body), SEALED_CHUNK)]
    with pytest.raises(BrokenSeal):
        unseal(head + parts[1] + parts[0] + parts[2])
    with pytest.raises(BrokenSeal):
        unseal(head + b"".join(parts) + parts[0])


def test_one_file_cannot_take_anothers_place():
    with pytest.raises(BrokenSeal):
        unseal(seal(b"x"), name="ab/other")
    with pytest.raises(BrokenSeal):
        unseal(seal(b"x"), key=new_key())


@pytest.mark.parametrize("rubbish", [b"", b"GUICHET", MAGIC, b"%PDF-1.7 plain" * 10])
def test_what_was_never_sealed_is_no_file(rubbish):
    with pytest.raises(BrokenSeal):
        unseal(rubbish)
