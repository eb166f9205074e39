"""An A4 sheet: typefaces, paragraphs, tables and payment codes, on top of fpdf2.

The typeface (Source Sans Pro, SIL Open Font License) has the letters of every language in Europe.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from importlib.resources import as_file, files

import segno
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

FACE = "SourceSans"
LEFT, RIGHT, TOP, BOTTOM = 25.0, 20.0, 20.0, 22.0  # margins in mm; the left one is wide enough for punch holes
WIDE = 210.0 - LEFT - RIGHT
LINE = 4.7
_STYLES = {"": "Regular", "B": "Semibold", "I": "It"}
# What a typeface does not draw, and what says the same.
_PLAIN = str.maketrans({"\u2011": "-", "\u202f": "\u00a0", "\u200b": "", "\t": " "})


class Paper(FPDF):
    """Pages in one typeface; each document tells what stands at the foot of its pages."""

    def __init__(self, title: str, language: str, made: datetime) -> None:
        super().__init__(format="A4")
        for style, name in _STYLES.items():
            self.add_font(FACE, style, _font(name))
        self.set_margins(LEFT, TOP, RIGHT)
        self.c_margin = 0  # words and rules begin at the same edge
        self.set_auto_page_break(True, BOTTOM)
        self.set_title(title)
        self.set_lang(language)
        self.set_creator("Relance")
        # The same document is the same file, however often it is made.
        self.set_creation_date(made)
        self.foot: Sequence[str] = ()
        self._first = 1

    def begin(self, foot: Sequence[str]) -> None:
        """Start a document on a new page; its pages are counted from 1."""
        self.foot = foot
        self.add_page()
        self._first = self.page_no()

    def footer(self) -> None:
        """Who sends this, and the number of the page where there are several."""
        self.set_y(-17)
        self.ink(8, grey=True)
        for line in self.foot:
            self.cell(WIDE, 3.6, shown(line), align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        number = self.page_no() - self._first + 1
        if number > 1:
            self.set_y(10)
            self.cell(WIDE, 4, f"– {number} –", align=Align.C)

    def ink(self, size: float, style: str = "", grey: bool = False) -> None:
        """The next words are written in this size and style."""
        self.set_font(FACE, style, size)
        self.set_text_color(90 if grey else 20)

    def line_of(self, text: str, height: float = LINE, align: Align = Align.L, width: float = WIDE) -> None:
        """One paragraph in the present ink, at the present left edge."""
        x = self.get_x()
        self.multi_cell(width, height, shown(text), align=align, new_x=XPos.LEFT, new_y=YPos.NEXT)
        self.set_x(x)

    def paragraphs(self, text: str) -> None:
        """Running text; empty lines divide it."""
        for part in text.split("\n\n"):
            if part.strip():
                self.line_of(part.strip("\n"))
                self.ln(LINE * 0.55)

    def room(self, height: float) -> None:
        """Go on to a new page unless so much still fits on this one."""
        if self.get_y() + height > self.h - BOTTOM:
            self.add_page()

    def rule(self) -> None:
        """A fine line over the whole width."""
        self.set_draw_color(170)
        self.set_line_width(0.2)
        self.line(LEFT, self.get_y(), LEFT + WIDE, self.get_y())

    def rows(
        self, head: Sequence[str], body: Sequence[Sequence[str]], foot: Sequence[Sequence[str]], widths: Sequence[float]
    ) -> None:
        """A table whose last column holds sums; its head is said again on a new page."""
        self._row(head, widths, 8.5, grey=True)
        self.rule()
        self.ln(0.8)
        for cells in body:
            if self.get_y() + self._height(cells, widths) > self.h - BOTTOM:
                self.add_page()
                self._row(head, widths, 8.5, grey=True)
                self.rule()
                self.ln(0.8)
            self._row(cells, widths, 10)
        self.ln(0.8)
        self.rule()
        self.ln(0.8)
        for number, cells in enumerate(foot, 1):
            self._row(cells, widths, 10, "B" if number == len(foot) else "")

    def code(self, text: str, x: float, y: float, side: float) -> None:
        """A QR code drawn as squares, sharp at every size; error correction M as EPC069-12 asks."""
        matrix = segno.make(text, error="m", boost_error=False, micro=False, encoding="utf-8").matrix
        step = side / len(matrix)
        self.set_fill_color(0)
        for down, row in enumerate(matrix):
            run = 0
            for across, dark in enumerate([*row, 0]):
                if dark:
                    run += 1
                elif run:
                    # One rectangle a run, a hair wider, so that no viewer shows seams.
                    self.rect(x + (across - run) * step, y + down * step, run * step + 0.01, step + 0.01, style="F")
                    run = 0

    def _height(self, cells: Sequence[str], widths: Sequence[float]) -> float:
        self.ink(10)
        counts = [
            len(lines)
            for cell, width in zip(cells, widths, strict=True)
            if isinstance(lines := self.multi_cell(width - 2, LINE, shown(cell), dry_run=True, output="LINES"), list)
        ]
        return LINE * max(counts, default=1)

    def _row(
        self, cells: Sequence[str], widths: Sequence[float], size: float, style: str = "", grey: bool = False
    ) -> None:
        self.ink(size, style, grey)
        top, bottom, x = self.get_y(), self.get_y() + LINE, LEFT
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            last = place == len(cells) - 1
            self.set_xy(x, top)
            self.multi_cell(width if last else width - 2, LINE, shown(cell), align=Align.R if last else Align.L)
            bottom, x = max(bottom, self.get_y()), x + width
        self.set_xy(LEFT, bottom)


def shown(text: str) -> str:
    """The text in characters that the typeface draws."""
    return text.translate(_PLAIN)


@lru_cache
def _font(name: str) -> str:
    with as_file(files("font_source_sans_pro") / "files" / f"SourceSansPro-{name}.ttf") as path:
        return str(path)
