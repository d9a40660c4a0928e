"""Changes inside data objects, with lengths put right again: blind mutation rarely gets past the first length."""

from __future__ import annotations

import random

MAX_NODES = 300
MAX_DEPTH = 24
Node = tuple[int, "bytes | list[Node]"]


def mutate_objects(data: bytes, seed: int, longest: int) -> bytes | None:
    """Change, drop, double or swap one data object somewhere in the tree; None when `data` is no tree."""
    draw = random.Random(seed)
    tree = _tree(data, [MAX_NODES])
    if not tree:
        return None
    nodes = list(_walk(tree))
    siblings, at = nodes[draw.randrange(len(nodes))]
    tag, content = siblings[at]
    action = draw.randrange(6)
    if action == 0:
        del siblings[at]
    elif action == 1:
        siblings.insert(at, (tag, content))
    elif action == 2 and len(siblings) > 1:
        other = draw.randrange(len(siblings))
        siblings[at], siblings[other] = siblings[other], siblings[at]
    elif action == 3:
        siblings[at] = (tag ^ (1 << draw.randrange(8)), content)
    else:
        siblings[at] = (tag, _noise(content, draw))
    made = _bytes(tree)
    return made if len(made) <= longest else None


def _tree(data: bytes, budget: list[int], depth: int = 0) -> list[Node]:
    """Data objects with one- or two-byte tags; nothing when the bytes are no such objects. Own code on purpose: the
    parser under test is instrumented, and must not decide what is tried on it."""
    nodes: list[Node] = []
    at, end = 0, len(data)
    while at < end:
        budget[0] -= 1
        first = data[at]
        tag, at = (first, at + 1) if first & 0x1F != 0x1F else (int.from_bytes(data[at : at + 2], "big"), at + 2)
        if budget[0] < 0 or at >= end:
            return []
        length, at = data[at], at + 1
        if length & 0x80:
            count = length & 0x7F
            length, at = int.from_bytes(data[at : at + count], "big"), at + count
        if at + length > end:
            return []
        value = data[at : at + length]
        at += length
        inner = _tree(value, budget, depth + 1) if first & 0x20 and depth < MAX_DEPTH else []
        nodes.append((tag, inner or value))
    return nodes


def _walk(nodes: list[Node]):
    for at, (_, content) in enumerate(nodes):
        yield nodes, at
        if isinstance(content, list):
            yield from _walk(content)


def _bytes(nodes: list[Node]) -> bytes:
    return b"".join(_encode(tag, _bytes(content) if isinstance(content, list) else content) for tag, content in nodes)


def _encode(tag: int, value: bytes) -> bytes:
    size = len(value)
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    length = bytes([size]) if size < 0x80 else bytes([0x80 | len(octets)]) + octets
    return tag.to_bytes(2 if tag > 0xFF else 1, "big") + length + value


def _noise(content: bytes | list[Node], draw: random.Random) -> bytes:
    plain = bytearray(_bytes(content) if isinstance(content, list) else content)
    for _ in range(draw.randrange(1, 4)):
        action = draw.randrange(4)
        if action == 0 and plain:
            plain[draw.randrange(len(plain))] = draw.randrange(256)
        elif action == 1 and plain:
            del plain[draw.randrange(len(plain)) :]
        elif action == 2:
            plain[draw.randrange(len(plain) + 1) : 0] = draw.randbytes(draw.randrange(1, 6))
        else:
            plain = bytearray(draw.choice((b"", b"\x00", b"\xff" * 8, b"0" * 20, bytes(300))))
    return bytes(plain)
