"""Few accented words among numbers are enough to find the code page; see docs/reading-csv.md for the comparison."""

from __future__ import annotations

import pytest

from tuning_core.data.reading.code_pages import guess, is_damaged_utf8, mend

WORDS = {
    "cp1252": ["Zürich", "Köln", "Besançon", "Málaga", "São Paulo", "Malmö", "København", "Nîmes", "Größe", "mañana"],
    "cp1250": ["Łódź", "Wrocław", "Plzeň", "Győr", "Częstochowa"],
    "cp1251": ["Москва", "Казань", "мужской"],
    "koi8_r": ["Москва", "Новосибирск", "женский"],
    "cp1253": ["Αθήνα", "Θεσσαλονίκη"],
    "cp1254": ["Muğla", "Kırıkkale", "Eskişehir"],
    "cp1255": ["ירושלים", "תל-אביב"],
    "cp1256": ["القاهرة", "الرياض"],
    "cp932": ["東京", "大阪", "ラーメン", "価格"],
    "gb18030": ["北京", "上海", "价格", "城市", "重庆"],
    "big5": ["臺北", "高雄", "價格", "新竹"],
    "cp949": ["서울", "부산", "남자", "여자", "도시"],
    "mac_roman": ["Zürich", "français", "élève", "Málaga"],
    "cp850": ["München", "élève", "mañana", "København"],
}


@pytest.mark.parametrize("codec", WORDS)
def test_a_table_with_a_few_such_words(codec):
    rows = "".join(f"{at},{word},{at * 1.5}\n" for at, word in enumerate(WORDS[codec] * 5))
    text = "id,city,price\n" + rows
    found, _ = guess(text.encode(codec))
    assert found is not None and text.encode(codec).decode(found) == text


@pytest.mark.parametrize("word", [word for word in WORDS["cp1252"] if not word.isascii()])
def test_one_western_word_is_enough(word):
    assert guess(f"a,{word},1\n".encode("cp1252"))[0] == "cp1252"


def test_strays_in_utf8_are_mended_as_letters():
    data = "Zürich,Genève,Malmö,Åre\n".encode() * 5 + "Köln\n".encode("cp1252")
    assert is_damaged_utf8(data)
    mended, count, how = mend(data)
    assert count == 1 and "cp1252" in how and mended.decode().endswith("Köln\n")


def test_strays_that_are_no_letters_become_the_replacement_sign():
    data = "Zürich,Genève,Malmö,Åre\n".encode() * 5 + b"1\xff2\n"
    mended, count, _ = mend(data)
    assert count == 1 and mended.decode().endswith("1\ufffd2\n")
