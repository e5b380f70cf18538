"""AES-128 (FIPS 197) and its Galois/Counter Mode (NIST SP 800-38D), for the few packets that must open.

It is slow and leaks its key through time: fit for made-up traffic, for nothing else.
"""

from collections.abc import Iterator
from typing import Final

_POLYNOMIAL: Final = 0xE1 << 120  # of GHASH, bits reflected (SP 800-38D, 6.3)


def _double(value: int) -> int:
    return (value << 1) ^ (0x11B if value & 0x80 else 0)


def _substitutes() -> Iterator[int]:
    """The S-box (FIPS 197, 5.1.1): the inverse in GF(2^8), then an affine map. 3 generates the field."""
    powers = [1]
    for _ in range(254):
        powers.append(powers[-1] ^ _double(powers[-1]))
    inverses = {value: powers[-at % 255] for at, value in enumerate(powers)}
    for value in range(256):
        inverse = inverses.get(value, 0)
        spread = inverse
        for turn in range(1, 5):
            spread ^= (inverse << turn | inverse >> (8 - turn)) & 0xFF
        yield spread ^ 0x63


_BOX: Final = bytes(_substitutes())
_SHIFT: Final = tuple((at + 4 * (at % 4)) % 16 for at in range(16))
_TWICE: Final = bytes(_double(value) & 0xFF for value in range(256))


class Aes128:
    """One key; `block` turns 16 bytes into 16 bytes."""

    def __init__(self, key: bytes) -> None:
        words = [key[at : at + 4] for at in range(0, 16, 4)]
        round_constant = 1
        for at in range(4, 44):
            word = words[-1]
            if at % 4 == 0:
                word = (word[1:] + word[:1]).translate(_BOX)
                word = bytes((word[0] ^ round_constant,)) + word[1:]
                round_constant = _double(round_constant)
            words.append(_xor(words[at - 4], word))
        self._keys = [b"".join(words[at : at + 4]) for at in range(0, 44, 4)]

    def block(self, plain: bytes) -> bytes:
        """Enciphers one block."""
        state = _xor(plain, self._keys[0])
        for key in self._keys[1:-1]:
            state = _xor(_mixed(_shifted(state)), key)
        return _xor(_shifted(state), self._keys[-1])


def _shifted(state: bytes) -> bytes:
    state = state.translate(_BOX)
    return bytes(state[at] for at in _SHIFT)


def _mixed(state: bytes) -> bytes:
    mixed = bytearray()
    for at in range(0, 16, 4):
        a, b, c, d = state[at : at + 4]
        every = a ^ b ^ c ^ d
        mixed += bytes(
            (a ^ every ^ _TWICE[a ^ b], b ^ every ^ _TWICE[b ^ c], c ^ every ^ _TWICE[c ^ d], d ^ every ^ _TWICE[d ^ a])
        )
    return bytes(mixed)


def _xor(one: bytes, other: bytes) -> bytes:
    size = len(one)
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(size, "big")


def seal(key: bytes, nonce: bytes, plain: bytes, beside: bytes) -> bytes:
    """AES-128-GCM: the enciphered bytes with their tag of 16 bytes. `nonce` has 12 bytes, `beside` stays readable."""
    cipher = Aes128(key)
    blocks = (cipher.block(nonce + count.to_bytes(4, "big")) for count in range(2, 2 + (len(plain) + 15) // 16))
    secret = _xor(plain, b"".join(blocks)[: len(plain)])
    lengths = (8 * len(beside)).to_bytes(8, "big") + (8 * len(secret)).to_bytes(8, "big")
    digest = _ghash(int.from_bytes(cipher.block(bytes(16)), "big"), _filled(beside) + _filled(secret) + lengths)
    return secret + _xor(digest, cipher.block(nonce + b"\0\0\0\x01"))


def _filled(content: bytes) -> bytes:
    return content + bytes(-len(content) % 16)


def _ghash(factor: int, content: bytes) -> bytes:
    shifted = [factor]  # the factor times x to the power of each place
    for _ in range(127):
        shifted.append((shifted[-1] >> 1) ^ (_POLYNOMIAL if shifted[-1] & 1 else 0))
    total = 0
    for at in range(0, len(content), 16):
        value = total ^ int.from_bytes(content[at : at + 16], "big")
        total = 0
        for place, term in enumerate(shifted):
            if value >> (127 - place) & 1:
                total ^= term
    return total.to_bytes(16, "big")
