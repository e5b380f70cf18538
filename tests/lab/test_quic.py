"""QUIC's protection against published values, and the small cipher below it."""

from random import Random

from cordon.lab.talk.aes import Aes128, seal
from cordon.lab.talk.quic import LEAST, Keys, client_initial, server_initial


def test_one_block_is_enciphered_as_the_standard_shows() -> None:
    """FIPS 197, appendix C.1."""
    key = bytes(range(16))
    plain = bytes.fromhex("00112233445566778899aabbccddeeff")
    assert Aes128(key).block(plain).hex() == "69c4e0d86a7b0430d8cdb78070b4c55a"


def test_a_message_with_something_beside_it_is_sealed_as_published() -> None:
    """Test case 4 of the Galois/Counter Mode's submission to NIST."""
    plain = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    sealed = seal(
        bytes.fromhex("feffe9928665731c6d6a8f9467308308"),
        bytes.fromhex("cafebabefacedbaddecaf888"),
        plain,
        bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    )
    assert sealed[:16].hex() == "42831ec2217774244b7221b784d0d49c"
    assert sealed[-16:].hex() == "5bc94fbc3221a5db94fae95ae7121a47"


def test_keys_come_from_the_connection_as_the_rfc_shows() -> None:
    """RFC 9001, appendix A.1."""
    connection = bytes.fromhex("8394c8f03e515708")
    client, server = Keys.of(connection, "client"), Keys.of(connection, "server")
    assert client.key.hex() == "1f369613dd76d5467730efcbe3b1a22d"
    assert client.iv.hex() == "fa044b2f42a3fd3b46fb255c"
    assert client.header.hex() == "9f50449e04a0e810283a1e9933adedd2"
    assert server.key.hex() == "cf3a5331653c364c88f0f379b6067e37"


def test_initials_fill_their_datagram() -> None:
    rng = Random(1)
    assert len(client_initial(rng.randbytes(8), "a.example", rng)) == LEAST
    assert len(server_initial(rng.randbytes(8), rng.randbytes(8), rng)) == LEAST
