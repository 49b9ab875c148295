"""Good or bad: the word that an answer to a survey begins with, in the languages people write. What is not sure is no rating.

Only what the author wrote counts, not the quoted survey. The word has to stand alone ("Good morning" is none), a word of the other side
in the same paragraph makes it unsure. That an answer asks something is told apart: it is a rating all the same, and somebody has to look.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from tui_desk.mail.message import ParsedMail

BEST, WORST = 5, 1
GOOD: Final = frozenset(
    "good great excellent perfect fine super top happy satisfied wonderful buena bueno bien excelente perfecto perfecta contenta contento "
    "satisfecha satisfecho gut prima klasse perfekt zufrieden bestens toll bon bonne bien excellent parfait parfaite satisfait satisfaite "
    "content contente buono buona bene ottimo ottima perfetto soddisfatto soddisfatta bom boa bem ótimo ótima perfeito satisfeito satisfeita "
    "goed uitstekend tevreden bra utmärkt nöjd god godt utmerket fornøyd tilfreds hyvä erinomainen tyytyväinen dobrze dobry świetnie super "
    "dobře dobrý výborně spokojen spokojená dobre dobrý spokojný jó kiváló elégedett bun bine excelent mulțumit mulțumită хорошо отлично "
    "доволен довольна добре чудово задоволений добър доволна καλό καλά άριστα ικανοποιημένος iyi mükemmel memnunum 良い 良かった 満足 好 很好 满意 "
    "좋아요 만족 hea labi gerai".split()
)
BAD: Final = frozenset(
    "bad poor terrible awful horrible unhappy unsatisfied dissatisfied disappointed mala malo mal pésimo pésima insatisfecho insatisfecha "
    "descontento schlecht mies furchtbar unzufrieden enttäuscht mauvais mauvaise mal insatisfait insatisfaite mécontent mécontente male "
    "cattivo cattiva pessimo pessima insoddisfatto insoddisfatta mau má ruim péssimo péssima insatisfeito insatisfeita slecht ontevreden "
    "dålig dåligt missnöjd dårlig dårligt misfornøyd utilfreds huono tyytymätön źle zły niezadowolony niezadowolona špatně špatný "
    "nespokojen nespokojená zle zlý nespokojný rossz elégedetlen rău prost nemulțumit nemulțumită плохо ужасно недоволен недовольна погано "
    "незадоволений лошо недоволна κακό κακά άσχημα δυσαρεστημένος kötü berbat 悪い 悪かった 不満 差 不好 不满意 나빠요 불만 slikti "
    "blogai".split()
)
_VERY: Final = frozenset(
    "very really quite extremely muy sehr ganz total très vraiment molto davvero muito heel erg zeer mycket veldig meget todella "
    "erittäin bardzo velmi veľmi nagyon foarte очень дуже много πολύ çok とても 非常 아주 매우".split()
)
_WORD: Final = re.compile(r"[\s*_~`'\"“”„«»‹›‘’(\[{¡!.]*([^\W\d_]+)", re.UNICODE)
_NUMBER: Final = re.compile(r"[\s*_(\[]*([1-5])(?:\s*(?:/|of|von|de|sur|su)\s*5)?(?![\w/.,])")
_THUMB: Final = {
    "👍": BEST,
    "😀": BEST,
    "😊": BEST,
    "🙂": BEST,
    "👎": WORST,
    "😡": WORST,
    "☹": WORST,
    "🙁": WORST,
}
_ENDS: Final = re.compile(r"[*_~`'\"“”«»’)\]}]*\s*(?:\Z|\n|[.,;:!–—…。，！、-])")
_COMMENT_START: Final = re.compile(r"[\s.,;:!–—…。，！、*_~`'\"“”«»’)\]}\ufe0f\U0001f3fb-\U0001f3ff-]+")
_WORDS: Final = re.compile(r"[^\W\d_]+", re.UNICODE)
_COMMENT_LIMIT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Rating:
    """What an answer says. ``score``: 1 (bad) to 5 (good), None where that is not sure; ``asks``: it holds a question."""

    score: int | None
    comment: str
    asks: bool

    @property
    def wants_an_answer(self) -> bool:
        """Somebody has to look: it is no rating, asks something, or says why it is no good one."""
        return self.score is None or self.asks or (self.score < 4 and bool(self.comment))


def rating_of(mail: ParsedMail) -> Rating:
    """What stands above the quoted survey; where nothing does, what stands below it."""
    above: list[str] = []
    below: list[str] = []
    quoted = False
    for segment in mail.segments:
        if segment.kind == "quote":
            quoted = True
        elif segment.kind == "body":
            (below if quoted else above).append(segment.text)
    said = "".join(above)
    return rating_in(said if said.strip() else "".join(below))


def rating_in(text: str) -> Rating:
    """The same of a text without quote."""
    text = unicodedata.normalize("NFKC", text).strip()
    asks = "?" in text or (text.endswith(";") and _is_greek(text))
    score, end = _score(text)
    if score is None:
        return Rating(None, text[:_COMMENT_LIMIT], asks)
    rest = text[end:]
    start = _COMMENT_START.match(rest)
    comment = rest[start.end() if start else 0 :].strip()
    return Rating(score, comment[:_COMMENT_LIMIT], asks)


def _is_greek(text: str) -> bool:
    return any("\u0370" <= char <= "\u03ff" for char in text)


def _score(text: str) -> tuple[int | None, int]:
    """The score a text begins with, and where the word for it ends."""
    if text[:1] in _THUMB:
        return _THUMB[text[0]], 1
    number = _NUMBER.match(text)
    if number is not None:
        return int(number[1]), number.end()
    first = _WORD.match(text)
    if first is not None and first[1].casefold() in _VERY:
        first = _WORD.match(text, first.end())
    if first is None or _ENDS.match(text, first.end()) is None:
        return None, 0
    word = first[1].casefold()
    paragraph = re.split(r"\n\s*\n", text[first.end() :].strip("\n"), maxsplit=1)[0]
    others = {found.casefold() for found in _WORDS.findall(paragraph)}
    if word in GOOD and word not in BAD and not others & (BAD - GOOD):
        return BEST, first.end()
    if word in BAD and word not in GOOD and not others & (GOOD - BAD):
        return WORST, first.end()
    return None, 0
