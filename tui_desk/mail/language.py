"""The language of a text, guessed from its script and its commonest words. No model, no data files."""

from __future__ import annotations

import re
from typing import Final

_COMMON: Final = {
    "en": "the and to of is you that for with this have not are your please hi hello thanks we it my be can",
    "de": "und der die das ist nicht ich sie mit ein eine für auf den bitte wir hallo danke von dem zu im auch",
    "fr": "le la les et est je vous pas une dans pour que nous bonjour merci avec sur votre des du au ce",
    "es": "el la los que de y es en por para una con no se hola gracias su mi del las como pero",
    "pt": "o os que de e é em por para uma com não se olá obrigado obrigada seu meu do da dos das você",
    "it": "il lo gli che di e è in per una con non si ciao grazie sono del della questo ho mi buongiorno",
    "nl": "de het een en is niet ik van dat voor met op je wij hallo bedankt zijn aan er om maar graag",
    "sv": "och att det är inte jag en ett på för med av som till vi hej tack har kan den du",
    "da": "og at det er ikke jeg en et på for med af som til vi hej tak har kan den du kære hilsen",
    "no": "og at det er ikke jeg en et på for med av som til vi hei takk har kan den du hilsen",
    "fi": "ja on ei että se hän minä olen kun mutta tämä ovat hei kiitos voi oli joka terveisin mitä",
    "pl": "i w nie na się jest to że z do jak proszę dziękuję dzień dobry jestem od za po tak",
    "cs": "a je se na že v to s z do jak prosím děkuji dobrý den jsem by ale pro tak",
    "ro": "și de la nu este în cu pe că un o mulțumesc bună vă am să din pentru",
    "hu": "a az és nem hogy van egy is meg köszönöm kérem üdvözlettel jó napot ez de mint",
    "tr": "ve bir bu da de için ile çok merhaba teşekkürler değil var ne lütfen ben olarak",
    "ca": "el la els que de i és en per una amb no es hola gràcies però més del les",
    "id": "yang dan di ini itu dengan untuk tidak saya dari terima kasih pada ada akan",
    "vi": "và của là có không cho tôi bạn được này với các một người xin chào cảm ơn",
}  # fmt: skip
_CODES: Final[dict[str, tuple[str, ...]]] = {}
for _code, _words in _COMMON.items():
    for _word in _words.split():
        _CODES[_word] = (*_CODES.get(_word, ()), _code)
_VOTE: Final = 720_720
"""Of a word; divides evenly among so many languages as share one, so that the order of the words never counts."""
_SHARES: Final = {
    word: tuple((code, _VOTE // len(codes)) for code in codes) for word, codes in _CODES.items()
}
_SCRIPTS: Final = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
)
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_UKRAINIAN: Final = re.compile("[іїєґІЇЄҐ]")
_BULGARIAN: Final = re.compile(r"\b(?:и|на|да|се|за|от|не|е|с|благодаря|здравейте)\b")
_RUSSIAN: Final = re.compile("[ыэЫЭ]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_ONLY_LETTERS: Final = bytes(code if 97 <= code <= 122 else 32 for code in range(256))
_LOOKED_AT: Final = 900


def language_of(text: str) -> str | None:
    """The two-letter code (ISO 639-1) of the language of ``text``, None where it is too short to tell."""
    sample = text[:_LOOKED_AT]
    if not sample.isascii():
        letters = sum(map(str.isalpha, sample)) or 1
        for code, pattern in _SCRIPTS:
            if len(pattern.findall(sample)) * 5 > letters:
                return code
        if len(_CYRILLIC.findall(sample)) * 3 > letters:
            if _UKRAINIAN.search(sample):
                return "uk"
            return "ru" if _RUSSIAN.search(sample) or not _BULGARIAN.search(sample) else "bg"
    votes: dict[str, int] = {}
    known = _SHARES.get
    for shares in filter(None, map(known, _words_of(sample.lower()))):
        for code, share in shares:
            votes[code] = votes.get(code, 0) + share
    if not votes:
        return None
    best = max(votes, key=votes.__getitem__)
    return best if votes[best] * 2 >= _VOTE * 3 else None


def _words_of(sample: str) -> list[str]:
    """The words of a text in lower case. ASCII, which most text is, needs no search."""
    if sample.isascii():
        return sample.encode().translate(_ONLY_LETTERS).decode().split()
    return _WORD.findall(sample)
