"""Write the letters that panels are lettered with, in src/draw/text/fonts/, from Inter and DejaVu Sans.

Needs Debian's packages fonts-inter and fonts-dejavu-core, unpacked or installed, and

    pip install fonttools

    python tools/make_font.py [--inter Inter-Medium.otf] [--dejavu DejaVuSans.ttf]

A glyph is stored as its contours, and a contour once, wherever it is used: the e and the accent of an é are those of e
and of á. What Inter lacks is DejaVu Sans's. All numbers are varints, seven bits a byte, the lowest first; signed ones are
zigzag numbers. One after another:

    units of the em, height of capitals, height of x
    the number of contours, and of each how many bytes follow, and
        the number of its segments, the kinds of four of them in each byte (1 line, 2 quadratic, 3 cubic)
        all points but the start, each from the one before: x, y
    the number of glyphs, and of each, by code points, the code point after the last, how many bytes follow, and
        the advance, the number of contours, and of each
            its index, and where it starts, from the last one's start: x, y

Each font's file is compressed (deflate, without a header) and written in base 64, apart from the other's, since each
stays under its own licence, which lies beside it.
"""

import argparse
import base64
import zlib
from pathlib import Path

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parent.parent / "src/draw/text/fonts"

EM = 1000

# First and last code point of what is taken.
INTER = [
    (0x20, 0x7E),  # ASCII
    (0xA0, 0x24F),  # Latin: supplement, extended A and B
    (0x250, 0x2FF),  # phonetic letters, modifiers
    (0x300, 0x36F),  # combining marks
    (0x370, 0x52F),  # Greek, Cyrillic
    (0x1E00, 0x1FFF),  # Latin extended additional, Greek extended
    (0x2010, 0x205E),  # punctuation
    (0x2070, 0x209F),  # superscripts and subscripts
    (0x20A0, 0x20CF),  # currencies
    (0x2100, 0x218F),  # letterlike, fractions, Roman numerals
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematical operators
    (0x2300, 0x23FF),  # technical
    (0x25A0, 0x27BF),  # shapes, symbols, dingbats
    (0xFB00, 0xFB06),  # ligatures
]
# Where Inter has no glyph.
DEJAVU = [
    (0xA0, 0x52F),
    (0x531, 0x58A),  # Armenian
    (0x10A0, 0x10FF),  # Georgian
    (0x1E00, 0x1FFF),
    (0x2010, 0x205E),
    (0x2070, 0x209F),
    (0x20A0, 0x20CF),
    (0x2100, 0x21FF),
    (0x2200, 0x22FF),
    (0x2300, 0x2335),
    (0x25A0, 0x25FF),
    (0x2605, 0x2606),
    (0x2610, 0x2612),
    (0x2639, 0x2642),
    (0x2660, 0x2667),
    (0x2669, 0x266F),
    (0x2713, 0x2718),
    (0xFB00, 0xFB06),
]

LINE, QUADRATIC, CUBIC = 1, 2, 3


def varint(value: int) -> bytes:
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)


def signed(value: int) -> bytes:
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)


def contours_of(font: TTFont, name: str) -> list[list[tuple[int, list[tuple[int, int]]]]]:
    """A glyph's contours: each its start and its segments, in units of the em."""
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    scale = EM / font["head"].unitsPerEm

    def at(point):
        return (round(point[0] * scale), round(point[1] * scale))

    contours, segments = [], []
    for operation, points in pen.value:
        if operation == "moveTo":
            segments = [(0, [at(points[0])])]
        elif operation == "lineTo":
            segments.append((LINE, [at(points[0])]))
        elif operation == "curveTo":
            assert len(points) == 3, name
            segments.append((CUBIC, [at(point) for point in points]))
        elif operation == "qCurveTo":
            segments += quadratics(points, at, segments)
        elif operation in ("closePath", "endPath"):
            if len(segments) > 2:  # fewer hold nothing: TrueType's single points are anchors
                contours.append(from_lowest(segments))
            segments = []
    return contours


def quadratics(points, at, segments):
    """TrueType leaves out the points halfway between two controls."""
    if points[-1] is None:  # no point of the contour is on it
        controls = list(points[:-1])
        start = tuple((a + b) / 2 for a, b in zip(controls[-1], controls[0]))
        segments.append((0, [at(start)]))
        points = (*controls, start)
    made = []
    *controls, end = points
    for index, control in enumerate(controls):
        last = index == len(controls) - 1
        to = end if last else tuple((a + b) / 2 for a, b in zip(control, controls[index + 1]))
        made.append((QUADRATIC, [at(control), at(to)]))
    return made


def from_lowest(segments):
    """The same contour from its lowest point on, so that like contours are alike."""
    ends = [points[-1] for _, points in segments]
    if ends[-1] != ends[0]:
        segments = [*segments, (LINE, [ends[0]])]
        ends.append(ends[0])
    lowest = min(range(len(ends) - 1), key=lambda index: (ends[index][1], ends[index][0]))
    turned = segments[lowest + 1 :] + segments[1 : lowest + 1]
    if turned and turned[-1][0] == LINE:
        turned = turned[:-1]  # closed by itself
    return [(0, [ends[lowest]]), *turned]


def encode_contour(contour) -> tuple[tuple[int, int], bytes]:
    """Where it starts, and the rest of it."""
    (_, [start]), *segments = contour
    kinds = [kind for kind, _ in segments]
    packed = bytes(
        sum(kind << 2 * index for index, kind in enumerate(kinds[at : at + 4])) for at in range(0, len(kinds), 4)
    )
    out = varint(len(segments)) + packed
    x, y = start
    for _, points in segments:
        for px, py in points:
            out += signed(px - x) + signed(py - y)
            x, y = px, py
    return start, out


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--inter", default="/usr/share/fonts/opentype/inter/Inter-Medium.otf")
    parser.add_argument("--dejavu", default="/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    arguments = parser.parse_args()
    inter, dejavu = TTFont(arguments.inter), TTFont(arguments.dejavu)

    taken: set[int] = set()
    for name, title, font, ranges in (
        ("inter", "Inter", inter, INTER),
        ("dejavu_sans", "DejaVu Sans, where Inter has none", dejavu, DEJAVU),
    ):
        codes = {code for first, last in ranges for code in range(first, last + 1)} & set(font.getBestCmap())
        write(name, title, font, sorted(codes - taken))
        taken |= codes


def write(name: str, title: str, font: TTFont, codes: list[int]) -> None:
    known: dict[bytes, int] = {}
    glyphs = b""
    before = 0
    scale = EM / font["head"].unitsPerEm
    names = font.getBestCmap()
    for code in codes:
        glyph, contours = varint(round(font["hmtx"][names[code]][0] * scale)), contours_of(font, names[code])
        glyph += varint(len(contours))
        x = y = 0
        for contour in contours:
            start, encoded = encode_contour(contour)
            glyph += varint(known.setdefault(encoded, len(known))) + signed(start[0] - x) + signed(start[1] - y)
            x, y = start
        glyphs += varint(code - before) + varint(len(glyph)) + glyph
        before = code
    heights = [max(y for c in contours_of(font, names[ord(one)]) for _, points in c for _, y in points) for one in "Hx"]
    raw = (
        b"".join(varint(value) for value in (EM, *heights, len(known)))
        + b"".join(varint(len(contour)) + contour for contour in known)
        + varint(len(codes))
        + glyphs
    )
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    text = base64.b64encode(packer.compress(raw) + packer.flush()).decode()
    constant = name.split("_")[0] + "Font"
    (OUT / f"{name}.ts").write_text(
        f"/** Outlines of {title}, as tools/make_font.py writes them. The licence lies beside this. */\n"
        f'export const {constant}: string =\n  "{text}";\n'
    )
    print(f"{name}: {len(codes)} glyphs, {len(known)} contours, {len(raw)} bytes, {len(text)} in base 64")


if __name__ == "__main__":
    main()
