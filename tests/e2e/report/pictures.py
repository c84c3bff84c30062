"""Decodes PNG files as the specification says, with nothing that the program is built of but zlib, and says of each
what can be seen in it. Fails on any chunk, checksum or filter that is wrong."""
import collections
import json
import struct
import sys
import zlib


def chunks(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "no PNG"
    at = 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        crc, = struct.unpack(">I", data[at + 8 + length:at + 12 + length])
        assert len(body) == length and crc == zlib.crc32(kind + body), f"broken chunk {kind}"
        yield kind, body
        at += 12 + length


def rows(raw, width, height):
    """Scan lines of 8-bit RGB with their filters undone."""
    stride, before = width * 3, bytearray(width * 3)
    assert len(raw) == height * (stride + 1), "too many or too few pixels"
    for y in range(height):
        how, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        assert how <= 4, "no such filter"
        for i in range(stride if how else 0):
            left, up = line[i - 3] if i >= 3 else 0, before[i]
            corner = before[i - 3] if i >= 3 else 0
            if how == 1:
                guess = left
            elif how == 2:
                guess = up
            elif how == 3:
                guess = (left + up) // 2
            else:
                p = left + up - corner
                guess = min((abs(p - left), 0, left), (abs(p - up), 1, up), (abs(p - corner), 2, corner))[2]
            line[i] = (line[i] + guess) & 255
        yield bytes(line)
        before = line


def look(path):
    data = open(path, "rb").read()
    parts = list(chunks(data))
    kinds = [k.decode() for k, _ in parts]
    assert kinds[0] == "IHDR" and kinds[-1] == "IEND", kinds
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", parts[0][1])
    assert (depth, colour, interlaced) == (8, 2, 0), "not plain RGB"
    raw = zlib.decompress(b"".join(b for k, b in parts if k == b"IDAT"))
    lines = list(rows(raw, width, height))
    white = b"\xff\xff\xff"
    seen = collections.Counter(line[i:i + 3] for line in lines for i in range(0, len(line), 3))
    return {
        "width": width, "height": height, "chunks": sorted(set(kinds)),
        "inked": round(1 - seen[white] / (width * height), 4),
        # What is cut off would touch the border.
        "border": all(line == white * width for line in lines[:4] + lines[-4:])
                  and all(line[:12] == line[-12:] == white * 4 for line in lines),
        "colours": [c.hex() for c, n in seen.most_common(12) if n > 100],
    }


for path in sys.argv[1:]:
    print(json.dumps({"path": path, **look(path)}))
