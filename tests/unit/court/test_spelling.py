"""All spellings of a name have one skeleton, in every case of its declension; other words have another."""

import pytest

from dokaz.court.spelling import forms, skeleton, words


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Петренко", "Петренка Петренкові Петренком Petrenko PETRENKA Петренків"),
        ("Кравець", "Кравця Кравцеві Kravets Kravtsia Кравцем"),
        ("Орел", "Орла Орлом Orel Orlu"),
        ("Сорока", "Сороці Сороки Сорокою Soroka Sorotsi"),
        ("Муха", "Мусі Мухи Mukha Muha"),
        ("Заєць", "Зайця Зайцеві Zaiets Zayets Зайцем"),
        ("Швець", "Шевця Shvets Шевцем Shevtsia"),
        ("Марія", "Марії Марію Марією Maria Mariia Mariya Marija"),
        ("Юлія", "Юлії Yuliia Yulia Julija Iuliia Юлією"),
        ("Андрій", "Андрія Андрію Андрієм Андрієві Andrii Andriy Andrij"),
        ("Левицький", "Левицького Левицька Левицькою Левицькій Levytskyi Levitskiy Lewicki"),
        ("Ольга", "Ользі Ольги Ольгою Olha Olga"),
        ("Федір", "Федора Федору Fedir"),
        ("Яків", "Якова Yakiv Iakiv"),
        ("Дар'я", "Дар’я Дарʼї Daria Darya Dar'ia Дарʼєю"),
        ("Григорій", "Григорія Hryhorii Grigoriy Gryhoriy"),
        ("Щербак", "Scherbak Shcherbak Щербака Szczerbak"),
        ("Згурський", "Zghurskyi Згурського"),
        ("Михайло", "Mykhailo Mykhaylo Mihajlo Михайла"),
        ("Геннадій", "Genadiy Hennadii Геннадія"),
        ("Євген", "Євгена Yevhen Evgen Ievgen"),
        ("Petrenko", "Петренко Петренка Петренком"),
        ("Петренко", "Пeтpeнко Петре\u0301нко Петр\u00adенко"),  # Latin letters among Cyrillic, a stress, a soft hyphen
    ],
)
def test_a_name_is_known_in_every_case_and_alphabet(name, written):
    for word in words(written):
        assert skeleton(word) in forms(name), word


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("Петренко", "Петрук Петро Петренчук Peter Petrushenko"),
        ("Соломія", "солома соломою"),
        ("Кравець", "Кравчук Кравченко краватка"),
        ("Марія", "море марево Маринич"),
        ("Ус", "ус вуса"),
    ],
)
def test_another_word_is_another_word(name, others):
    for word in words(others):
        assert skeleton(word) not in forms(name), word
