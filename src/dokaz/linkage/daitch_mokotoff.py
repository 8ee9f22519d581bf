"""Daitch–Mokotoff soundex: names of Eastern Europe that sound alike have one six-digit code, or share one of several.

Cyrillic names are spelt in Latin letters first. Letters that stand for two sounds (ch, ck, c, j, rs, rz) give two
codes. A code that follows itself is written once, but for mn and nm; letters that a vowel parts are two.

Source: Mokotoff, "Soundexing and genealogy", and Daitch's table in Avotaynu 1985–86, whose worked examples are tests.
"""

from __future__ import annotations

from functools import lru_cache

from dokaz.linkage.spelling import cleaned, latin_letters

#: Letters: code at the start of the name, before a vowel, elsewhere; "|" parts two sounds.
_TABLE = """
ai aj ay 0 1 -, au 0 7 -, a 0 - -, b 7 7 7, chs 5 54 54, ch 4|5 4|5 4|5, ck 5|45 5|45 5|45, cz cs csz czs 4 4 4,
c 4|5 4|5 4|5, drz drs ds dsh dsz dz dzh dzs 4 4 4, d dt 3 3 3, ei ej ey 0 1 -, eu 1 1 -, e 0 - -, fb f 7 7 7, g 5 5 5,
h 5 5 -, ia ie io iu 1 - -, i 0 - -, j 1|4 -|4 -|4, ks 5 54 54, kh k 5 5 5, l 8 8 8, mn nm 66 66 66, m n 6 6 6,
oi oj oy 0 1 -, o 0 - -, p pf ph 7 7 7, q 5 5 5, rz rs 4|94 4|94 4|94, r 9 9 9,
schtsch schtsh schtch shtch shch shtsh stch stsch strz strs stsh szcz szcs zdz zdzh zhdzh 2 4 4,
scht schd sht szt shd szd st sd zd zhd 2 43 43, sc 2 4 4, sch sh sz s 4 4 4,
tch ttch ttsch trz trs tsch tsh ts tts ttsz tc tz ttz tzs tsz zh zs zsch zsh z 4 4 4, th t 3 3 3,
ui uj uy 0 1 -, ue 0 1 -, u 0 - -, v w 7 7 7, x 5 54 54, y 1 - -
"""
_SOUNDS = {
    letters: tuple(tuple(code.replace("-", "") for code in cell.split("|")) for cell in row[-3:])
    for row in (entry.split() for entry in _TABLE.replace("\n", " ").split(",") if entry.strip())
    for letters in row[:-3]
}
_LONGEST = max(map(len, _SOUNDS))
_VOWELS = frozenset("aeiou")
#: Cyrillic ч is one sound, where Latin ch may be two: it is spelt tsh.
_SPELT = dict(
    zip("абвгґдеєёжзиіїйклмнопрстуфхцчшщьъыэюя", [
        "a", "b", "v", "g", "g", "d", "e", "ie", "io", "zh", "z", "i", "i", "i", "i", "k", "l", "m", "n", "o", "p", "r",
        "s", "t", "u", "f", "kh", "ts", "tsh", "sh", "shch", "", "", "i", "e", "iu", "ia"], strict=True)
)  # fmt: skip


@lru_cache(maxsize=1 << 18)
def daitch_mokotoff(name: str) -> tuple[str, ...]:
    """The codes of a name, smallest first; none for a name without a letter.

    Example: Moskowitz and Moskovitz sound alike, and so does the Cyrillic spelling:
        >>> daitch_mokotoff("Moskowitz"), daitch_mokotoff("Москович")
        (('645740',), ('645740',))
    """
    word = "".join(_SPELT.get(letter, letter) for letter in cleaned(name))
    word = "".join(letter for letter in latin_letters(word) if "a" <= letter <= "z")
    codes: dict[tuple[str, str], None] = {("", ""): None} if word else {}
    at = 0
    while at < len(word):
        letters = next(word[at : at + n] for n in range(_LONGEST, 0, -1) if word[at : at + n] in _SOUNDS)
        after = at + len(letters)
        place = 0 if at == 0 else 1 if word[after : after + 1] in _VOWELS and after < len(word) else 2
        found: dict[tuple[str, str], None] = {}
        for code, last in codes:
            for sound in _SOUNDS[letters][place]:
                repeated = sound and last.endswith(sound) and letters not in ("mn", "nm")
                found[(code if repeated else code + sound)[:6], sound] = None
        codes, at = found, after
    return tuple(sorted({code.ljust(6, "0") for code, _ in codes}))
