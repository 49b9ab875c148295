"""Yes or no: the first word of an answer, in the languages people write. What is not sure is neither.

Only what the author wrote above the quoted question is read. A word of the other side, a condition or a question mark makes it
unsure, and a *no* has to stand alone ("No problem" agrees, "No, too dear" does not): being asked again costs a minute, a wrong
reading costs the money.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from tui_desk.mail.message import ParsedMail

YES: Final = frozenset(
    "yes approve approved approves accept accepted agreed confirm confirmed sí si apruebo aprobado aprobada acepto aceptado ja jawohl "
    "genehmigt genehmige zugestimmt freigegeben einverstanden oui approuvé approuvée approuve accepté accordé sì approvato approvata "
    "approvo accetto sim aprovado aprovada aprovo aceito goedgekeurd akkoord godkänt godkänd godkendt godkjent jo kyllä hyväksytty "
    "hyväksyn tak zatwierdzam zatwierdzone zgadzam ano schváleno schvaluji áno schválené igen jóváhagyom jóváhagyva aprob да одобряю "
    "одобрено согласен согласна так схвалено ναι εγκρίνεται εγκρίνω evet onaylıyorum onaylandı onay はい 承認 承認します 是 是的 同意 批准 "
    "예 네 승인 승인합니다 jah heakskiidetud jā taip patvirtinu".split()
)
NO: Final = frozenset(
    "no reject rejected rejects refuse refused decline declined deny denied disapprove disapproved rechazo rechazado rechazada denegado "
    "denegada nein abgelehnt ablehnen ablehnung non refusé refusée refuse rejeté respinto respinta rifiuto rifiutato não nao rejeitado "
    "rejeitada recuso nee afgewezen afgekeurd nej nei avslås avslått afvist avvist ei hylätty nie odrzucam odrzucone ne zamítnuto zamítám "
    "zamietnuté nem elutasítom elutasítva nu resping нет отклоняю отклонено отказ ні відхилено όχι απορρίπτεται απορρίπτω hayır "
    "reddedildi reddediyorum いいえ 却下 否 否决 不同意 拒绝 不批准 아니요 아니오 거절 반려 atmestu".split()
)
_ALONE: Final = frozenset(
    "si jo ei ne nu nie nem tak no non nee nei nej não nao nein ano так да "
    "accept accepted agreed confirm confirmed acepto aceptado accepte accepté accetto aceito".split()
)
"""Words that begin sentences of other meanings too ("Accept my apologies"): they count where a line or a mark of punctuation
follows.

Every *no* has to stand so."""
_CONDITIONS: Final = frozenset(
    "but however unless if except provided only although though wait maybe perhaps pero salvo excepto solo sólo aunque siempre aber "
    "jedoch falls wenn nur sofern außer vielleicht allerdings mais sauf seulement toutefois cependant peut-être ma però solo soltanto "
    "se mas porém apenas talvez maar alleen tenzij mits misschien men bara endast om kun hvis bare dersom mutta vain jos ale jeśli "
    "tylko pokud jen pouze ak len iba de csak ha dar doar dacă но если только αλλά μόνο αν ama fakat ancak eğer sadece not nicht "
    "pas non nunca never cannot dont cant wont kein keine keinen keinesfalls keineswegs jamais "
    "after once until till later when whenever pending awaiting assuming long nachdem sobald erst später "
    "después cuando hasta après quand dopo quando depois".split()
)
_FIRST: Final = re.compile(r"[\s*_~`'\"“”„«»‹›‘’(\[{¡!]*([^\W\d_]+(?:['’][^\W\d_]+)?)", re.UNICODE)
_WORDS: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?", re.UNICODE)
_DENIED: Final = re.compile(r"n['’‘`´]t\b", re.IGNORECASE)
"""*don't*, *can't*, *isn't*."""
_ENDS: Final = re.compile(r"[*_~`'\"“”«»’)\]}]*\s*(?:\Z|\n|[.,;:!–—…。，！、-])")
_COMMENT_START: Final = re.compile(r"[\s.,;:!–—…。，！、*_~`'\"“”«»’)\]}-]+")
_COMMENT_LIMIT: Final = 2_000


def answer_of(mail: ParsedMail) -> tuple[str, str]:
    """``yes``, ``no`` or "" where it is not sure, and the comment behind the word, of what stands above the quote."""
    above: list[str] = []
    for segment in mail.segments:
        if segment.kind == "quote":
            break
        if segment.kind == "body":
            above.append(segment.text)
    return answer_in("".join(above))


def answer_in(text: str) -> tuple[str, str]:
    """The same of a text without quote."""
    text = unicodedata.normalize("NFKC", text).strip()
    first = _FIRST.match(text)
    if first is None:
        return "", text[:_COMMENT_LIMIT]
    word, rest = first[1].casefold(), text[first.end() :]
    said = "yes" if word in YES else "no" if word in NO else ""
    alone = _ENDS.match(rest) is not None
    if not said or (not alone and (said == "no" or word in _ALONE)):
        return "", text[:_COMMENT_LIMIT]
    if _is_doubtful(said, rest):
        return "", text[:_COMMENT_LIMIT]
    start = _COMMENT_START.match(rest)
    return said, rest[start.end() if start else 0 :].strip()[:_COMMENT_LIMIT]


def _is_doubtful(said: str, rest: str) -> bool:
    """Whether what follows in the same paragraph takes the word back, or half of it."""
    paragraph = re.split(r"\n\s*\n", rest.strip("\n"), maxsplit=1)[0]
    if "?" in paragraph or "？" in paragraph:
        return True
    words = {word.casefold() for word in _WORDS.findall(paragraph)}
    if said == "yes":
        return _DENIED.search(paragraph) is not None or bool(words & ((NO - YES) | _CONDITIONS))
    return bool(words & (YES - NO - _AMBIGUOUS))


_AMBIGUOUS: Final = frozenset({"si", "se", "da", "so", "ja", "tak", "ano", "jo"})
"""Words of one language that mean something else in another: in a refusal they take nothing back."""
