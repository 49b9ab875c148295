"""Phone numbers as people type them: kept in international form where they are numbers, else as they were typed.

The numbering plans are those of ``phonenumbers`` (ITU-T E.164). A number without ``+`` belongs to the desk's own country
(setting ``phone_region``), where that is set. The library is imported where a number is read: it takes a while.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_desk.core.i18n import _

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


def is_region(code: str) -> bool:
    """Whether two letters name a country that has numbers."""
    import phonenumbers

    return code in phonenumbers.SUPPORTED_REGIONS


def normalised(text: str, region: str = "") -> str:
    """A number in international form, extension included (``+34 600 10 02 00 ext. 12``); what is none as it was typed."""
    if not text.strip():
        return ""
    import phonenumbers

    number = _parsed(text, region)
    if number is None:
        return text.strip()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def shown(text: str, region: str = "") -> str:
    """A kept number as it is dialled: of the desk's own country in national form, with the international one behind it."""
    import phonenumbers

    number = _parsed(text, region)
    if number is None:
        return text
    international = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if not region or phonenumbers.region_code_for_number(number) != region:
        return international
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return f"{national} ({international})"


def hint(text: str, region: str = "") -> str:
    """Why a text is no number that can be dialled; empty where it is one, or where there is none."""
    if not text.strip() or _parsed(text, region) is not None:
        return ""
    if not any(char.isdigit() for char in text):
        return _("no phone number; kept as typed")
    if not region and not text.strip().startswith("+"):
        return _("kept as typed: without + and the country's code nobody abroad can dial it")
    return _("no number of that country; kept as typed")


def _parsed(text: str, region: str) -> PhoneNumber | None:
    import phonenumbers

    if not 3 <= len(text.strip()) <= 60:
        return None
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_valid_number(number) and _is_all(text):
        return number
    return None


def _is_all(text: str) -> bool:
    """Whether the text is a number and nothing else: “Ana 600 100 200” says more than a number does."""
    rest = text.lower()
    for word in ("extension", "ext", "x", "poste", "durchwahl", "dw", "int", "tel", "#"):
        rest = rest.replace(word, "")
    return not any(char.isalpha() for char in rest)
