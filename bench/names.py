"""Made-up people of ten countries, some registered twice, with labels.

Each line is one name in spellings that are met: the own script, the passport's Latin letters, other
romanisations, Russian. Family names end in ``*`` where women add the ending of the script. The
lists know nothing of how names are compared.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

NAMES = {
    "AZ": (
        """
        Məmməd/Mammad/Memmed/Мамед Rəşad/Rashad/Reshad/Рашад Elçin/Elchin/Elcin/Эльчин
        Hüseyn/Huseyn/Hussein/Гусейн Cavid/Javid/Cavid/Джавид Vüqar/Vugar/Вугар
        Ağakərim/Aghakarim/Агакерим Xalid/Khalid/Халид
        """,
        """
        Günel/Gunel/Гюнель Nigar/Нигяр Səbinə/Sabina/Sebine/Сабина Aygün/Aygun/Айгюн
        Leyla/Leila/Лейла Xədicə/Khadija/Xedice/Хадиджа Şəbnəm/Shabnam/Sebnem/Шабнам
        """,
        """
        Əliyev*/Aliyev*/Aliev*/Алиев* Quliyev*/Guliyev*/Кулиев*
        Hüseynov*/Huseynov*/Гусейнов* Yaqubov*/Yagubov*/Якубов* Cavadov*/Javadov*/Джавадов*
        Məhərrəmov*/Maharramov*/Магеррамов* Ağayev*/Aghayev*/Агаев*
        Xəlilzadə/Khalilzade/Халилзаде Şahbazov*/Shahbazov*/Шахбазов*
        """,
    ),
    "GE": (
        """
        გიორგი/Giorgi/Георгий დავით/Davit/David/Давид ლევან/Levan/Леван ზურაბ/Zurab/Зураб
        ვახტანგ/Vakhtang/Вахтанг თორნიკე/Tornike/Торнике ირაკლი/Irakli/Ираклий
        """,
        """
        ნინო/Nino/Нино თამარ/Tamar/Тамар მარიამ/Mariam/Мариам ქეთევან/Ketevan/Кетеван
        ნათია/Natia/Натия ეკატერინე/Ekaterine/Екатерина
        """,
        """
        ბერიძე/Beridze/Беридзе კაპანაძე/Kapanadze/Капанадзе გელაშვილი/Gelashvili/Гелашвили
        წერეთელი/Tsereteli/Церетели ჭავჭავაძე/Chavchavadze/Чавчавадзе
        ღლონტი/Glonti/Ghlonti/Глонти ყიფიანი/Kipiani/Qipiani/Кипиани
        ხუციშვილი/Khutsishvili/Хуцишвили
        """,
    ),
    "KZ": (
        """
        Нұрлан/Nurlan/Нурлан Ерлан/Yerlan/Erlan Қайрат/Kairat/Qairat/Кайрат
        Бауыржан/Bauyrzhan/Baurzhan Дәурен/Dauren/Даурен Әлібек/Alibek/Алибек
        Жандос/Zhandos/Jandos
        """,
        """
        Айгүл/Aigul/Aygul/Айгуль Әсел/Asel/Асель Гүлнар/Gulnar/Гульнар Жанар/Zhanar/Janar
        Мәдина/Madina/Мадина Қарлығаш/Karlygash/Qarlygash/Карлыгаш
        """,
        """
        Нұрғалиев*/Nurgaliyev*/Nurgaliev*/Нургалиев*
        Жұмабаев*/Zhumabayev*/Zhumabaev*/Жумабаев*
        Сүлейменов*/Suleimenov*/Suleymenov*/Сулейменов* Қасымов*/Kassymov*/Kasymov*/Касымов*
        Әбдірахманов*/Abdirakhmanov*/Абдирахманов* Оспанов*/Ospanov*
        Тоқаев*/Tokayev*/Токаев*
        """,
    ),
    "KG": (
        """
        Азамат/Azamat Бакыт/Bakyt/Bakit Данияр/Daniyar/Daniar
        Жолдошбек/Joldoshbek/Zholdoshbek Кубанычбек/Kubanychbek/Kubanichbek
        Темирлан/Temirlan Улан/Ulan
        """,
        """
        Айгерим/Aigerim/Aygerim Бермет/Bermet Гүлзат/Gulzat/Гульзат Жылдыз/Jyldyz/Zhyldyz
        Назгүл/Nazgul/Назгуль Чолпон/Cholpon
        """,
        """
        Асанов*/Asanov* Жээнбеков*/Jeenbekov*/Zheenbekov* Мамытов*/Mamytov*/Mamitov*
        Токтогулов*/Toktogulov* Өмүрбеков*/Omurbekov*/Омурбеков*
        Чынгышев*/Chyngyshev*/Chingishev* Бейшеналиев*/Beishenaliev*/Beyshenaliyev*
        """,
    ),
    "MD": (
        """
        Alexandru/Александр/Alexandr Gheorghe/Георге Ștefan/Stefan/Штефан Andrei/Андрей
        Mihai/Михай Victor/Виктор Nicolae/Николае
        """,
        """
        Elena/Елена Ecaterina/Екатерина Natalia/Наталья/Natalya Tatiana/Татьяна/Tatyana
        Ana/Анна/Anna Olga/Ольга
        """,
        """
        Ceban/Чебан Rusu/Русу Popescu/Попеску Munteanu/Мунтяну Țurcan/Turcan/Цуркан
        Cojocaru/Кожокару Lungu/Лунгу Moraru/Морару
        """,
    ),
    "TJ": (
        """
        Фирдавс/Firdavs Ҷамшед/Jamshed/Джамшед Далер/Daler Хуршед/Khurshed/Xurshed
        Баҳодур/Bahodur/Бахадур Сӯҳроб/Suhrob/Сухроб Меҳроҷ/Mehroj/Мехродж
        """,
        """
        Мадина/Madina Зарина/Zarina Гулнора/Gulnora/Гульнора Нигина/Nigina
        Шаҳноза/Shahnoza/Шахноза Ҳанифа/Hanifa/Ханифа
        """,
        """
        Раҳимов*/Rahimov*/Рахимов* Шарипов*/Sharipov* Ҷӯраев*/Juraev*/Jurayev*/Джураев*
        Назаров*/Nazarov* Ҳакимов*/Hakimov*/Хакимов* Қодиров*/Qodirov*/Kodirov*/Кодиров*
        Саидов*/Saidov*
        """,
    ),
    "TM": (
        """
        Aýdogdy/Aydogdy/Айдогды Serdar/Сердар Döwlet/Dovlet/Довлет Batyr/Батыр
        Myrat/Murat/Мурат Oraz/Ораз Çary/Chary/Чары
        """,
        """
        Aýna/Ayna/Айна Gözel/Gozel/Гозель Jeren/Джерен Maýsa/Maysa/Майса Ogulgerek/Огулгерек
        Bahar/Бахар
        """,
        """
        Berdimuhamedow*/Berdimuhamedov*/Бердымухамедов* Annaýew*/Annayev*/Аннаев*
        Saparow*/Saparov*/Сапаров* Orazow*/Orazov*/Оразов*
        Hojaýew*/Hojayev*/Khodzhaev*/Ходжаев* Garajaýew*/Garajayev*/Гараджаев*
        Meredow*/Meredov*/Мередов*
        """,
    ),
    "TR": (
        """
        Mehmet/Мехмет Ahmet/Ахмет Çağlar/Caglar/Чаглар Oğuz/Oguz/Огуз Şükrü/Sukru/Шюкрю
        İbrahim/Ibrahim/Ибрагим Gökhan/Gokhan/Гёкхан
        """,
        """
        Ayşe/Ayse/Айше Fatma/Фатма Zeynep/Зейнеп Gülşen/Gulsen/Гюльшен Çiğdem/Cigdem/Чигдем
        Özlem/Ozlem/Озлем
        """,
        """
        Yılmaz/Yilmaz/Йылмаз Çelik/Celik/Челик Şahin/Sahin/Шахин Öztürk/Ozturk/Озтюрк
        Yıldırım/Yildirim/Йылдырым Aydın/Aydin/Айдын Güneş/Gunes/Гюнеш Kılıç/Kilic/Кылыч
        """,
    ),
    "UA": (
        """
        Олександр/Oleksandr/Aleksandr/Александр Володимир/Volodymyr/Vladimir/Владимир
        Сергій/Serhii/Serhiy/Sergey Андрій/Andrii/Andriy/Андрей Михайло/Mykhailo/Михаил
        Юрій/Yurii/Yuriy/Юрий Дмитро/Dmytro/Дмитрий
        """,
        """
        Олена/Olena/Elena/Елена Катерина/Kateryna/Екатерина Наталія/Nataliia/Natalia/Наталья
        Ірина/Iryna/Irina/Ирина Оксана/Oksana Світлана/Svitlana/Светлана
        """,
        """
        Шевченко/Shevchenko Бондаренко/Bondarenko Коваленко/Kovalenko Ткачук/Tkachuk
        Гончаренко/Honcharenko/Goncharenko Кравчук/Kravchuk Мельничук/Melnychuk/Melnichuk
        Щербаков*/Shcherbakov* Захаров*/Zakharov*/Zaharov*
        """,
    ),
    "UZ": (
        """
        Otabek/Отабек Jasur/Жасур/Djasur Sherzod/Шерзод Baxtiyor/Bakhtiyor/Бахтиёр
        G'ayrat/Gayrat/Гайрат Shuhrat/Шухрат Dilshod/Дилшод
        """,
        """
        Dilnoza/Дилноза Gulchehra/Гулчехра Nargiza/Наргиза Zulfiya/Зульфия/Zulfia
        Malika/Малика O'g'iloy/Ugiloy/Угилой
        """,
        """
        Karimov*/Каримов* Yo'ldoshev*/Yuldoshev*/Юлдашев*/Yuldashev*
        Toshmatov*/Тошматов*/Tashmatov* Xo'jayev*/Khodjaev*/Ходжаев*/Xojayev*
        Rahmonov*/Rakhmonov*/Рахмонов* Qodirov*/Kodirov*/Кодиров*
        G'ulomov*/Gulyamov*/Гулямов*
        """,
    ),
}
"""Country -> men's names, women's names, family names."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One registration; ``person`` and ``family`` are the labels."""

    record_id: str
    person: int
    family: int
    name: str
    native_name: str
    birth_on: date
    document: str | None


def population(persons: int, *, seed: int) -> list[Record]:
    """People, three in ten with a brother, sister or twin, one in ten registered twice."""
    draw = random.Random(seed)
    records: list[Record] = []
    person = family = 0
    while person < persons:
        country = draw.choice(sorted(NAMES))
        family_name = draw.choice(NAMES[country][2].split())
        taken: set[str] = set()
        born = _day(draw)
        for _ in range(2 if draw.random() < 0.15 / 0.85 else 1):
            woman = draw.random() < 0.5
            given = draw.choice([g for g in NAMES[country][int(woman)].split() if g not in taken])
            taken.add(given)
            first = _registration(draw, person, family, given, family_name, woman, born)
            records.append(first)
            if draw.random() < 0.1:
                again = _registration(draw, person, family, given, family_name, woman, born)
                records.append(_with_mistakes(draw, again, first))
            person += 1
            if draw.random() < 0.8:  # one in five is a twin
                born = born + timedelta(days=draw.choice((-1, 1)) * draw.randint(300, 3000))
        family += 1
    draw.shuffle(records)
    return [replace(record, record_id=f"{n:06}") for n, record in enumerate(records)]


def _registration(
    draw: random.Random, person: int, family: int, given: str, family_name: str, woman: bool,
    born: date,
) -> Record:  # fmt: skip
    givens, families = given.split("/"), family_name.split("/")
    names = [
        (g, _gendered(f, woman))
        for g, f in (
            (draw.choice(givens), draw.choice(families)),
            (givens[0], families[0]),
        )
    ]
    name, native = (" ".join(pair if draw.random() < 0.5 else pair[::-1]) for pair in names)
    document = f"{person:08}" if draw.random() < 0.5 else None
    return Record(
        record_id="", person=person, family=family, name=name, native_name=native, birth_on=born,
        document=document,
    )  # fmt: skip


def _with_mistakes(draw: random.Random, again: Record, first: Record) -> Record:
    """The second registration: three in ten without a native name, some slips of the pen."""
    native, name, born = again.native_name, again.name, again.birth_on
    if draw.random() < 0.3:
        native = name
    if draw.random() < 0.15:
        place = draw.randrange(1, len(name) - 1)
        slip = draw.choice(("", name[place] * 2, name[place + 1] + name[place]))
        name = (
            name[:place]
            + slip
            + name[place + (2 if len(slip) == 2 and slip[0] != slip[1] else 1) :]
        )
    if draw.random() < 0.03:
        day = born.day % 28 + 1
        born = born.replace(day=day if abs(day - born.day) == 1 else born.day)
    return replace(again, name=name, native_name=native, birth_on=born)


def _gendered(family_name: str, woman: bool) -> str:
    if not family_name.endswith("*"):
        return family_name
    stem = family_name[:-1]
    if not woman:
        return stem
    return stem + ("а" if stem[-1] in "вн" else "a")


def _day(draw: random.Random) -> date:
    return date(1985, 1, 1) + timedelta(days=draw.randrange(20 * 365))
