"""Given and family names of many cultures, combined at random into fictional people."""

from __future__ import annotations

# culture: (women's given names, men's given names, family names)
NAMES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "anglo": (
        ("Margaret", "Doris", "Linda", "Heather", "Grace", "June", "Opal", "Rosalind"),
        ("Walter", "Harold", "Dennis", "Craig", "Leonard", "Will", "Russell", "Clifton"),
        ("Whitcombe", "Harding", "Parkinson", "Ashdown", "Foley", "Pruitt", "Graves", "Tilbury"),
    ),
    "irish": (
        ("Siobhan", "Maureen", "Aoife", "Bridget"),
        ("Declan", "Seamus", "Cormac", "Brendan"),
        ("O'Brien", "McGillicuddy", "O'Shaughnessy", "Finnerty", "MacAvoy"),
    ),
    "hispanic": (
        ("Guadalupe", "Marisol", "Ximena", "Esperanza", "Lucia"),
        ("Ignacio", "Rogelio", "Efrain", "Hector", "Joaquin"),
        ("de la Cruz", "Villanueva", "Ybarra", "Quintanilla", "Zamarripa", "Fuentes-Rey"),
    ),
    "chinese": (
        ("Mei", "Xiuying", "Li Na", "Yan"),
        ("Wei", "Jianguo", "Bo", "Zhihao"),
        ("Ng", "Wu", "Ho", "Zhou", "Xu", "Ouyang"),
    ),
    "vietnamese": (
        ("Thuy", "Ngoc", "Huong", "Mai"),
        ("Minh", "Quang", "Duc", "Hieu"),
        ("Vu", "Do", "Nguyen", "Huynh", "Truong"),
    ),
    "korean": (
        ("Soo-jin", "Hye-won", "Min-ah"),
        ("Dong-hyun", "Sang-woo", "Ki-tae"),
        ("Seo", "Yoo", "Pak", "Hwang"),
    ),
    "south_asian": (
        ("Lakshmi", "Farzana", "Anjali", "Sunita"),
        ("Venkatesh", "Imtiaz", "Harpreet", "Arjun"),
        ("Subramanian", "Rahmatullah", "Dhaliwal", "Chatterjee", "Iyer"),
    ),
    "west_african": (
        ("Adaeze", "Ngozi", "Folasade", "Abena"),
        ("Chukwuemeka", "Olumide", "Kwabena", "Babatunde"),
        ("Okonjo", "Adeyemi-Cole", "Nwachukwu", "Asante", "Mensah"),
    ),
    "east_african": (
        ("Hodan", "Tirunesh", "Amina"),
        ("Abdirahman", "Tesfaye", "Mulugeta"),
        ("Warsame", "Gebremariam", "Haile", "Jama"),
    ),
    "arabic": (
        ("Rania", "Samira", "Noor"),
        ("Yusuf", "Khalil", "Tariq"),
        ("al-Masri", "Haddad", "bin Saleh", "Khoury"),
    ),
    "slavic": (
        ("Zdzislawa", "Oksana", "Ludmila"),
        ("Bogdan", "Miroslav", "Kazimierz"),
        ("Wojciechowska", "Hrytsenko", "Petrovic", "Szymczak"),
    ),
    "pacific": (
        ("Leilani", "Sina", "Mahina"),
        ("Tavita", "Kekoa", "Ioane"),
        ("Faleolo", "Kealoha", "Tuiasosopo", "Io"),
    ),
    "francophone": (
        ("Marie-Ange", "Solange", "Celestine"),
        ("Jean-Robert", "Thibault", "Wilguens"),
        ("Desrosiers", "Jean-Baptiste", "Beauchemin", "Saint-Fleur"),
    ),
    "native": (
        ("Winona", "Aiyana", "Dezba"),
        ("Chayton", "Ahiga", "Elan"),
        ("Tsosie", "Yellowhair", "Begay-Long", "Two Elk"),
    ),
}

NICKNAMES_F = ("Dolly", "Birdie", "Kit", "Peaches", "Lulu", "Mimi", "Tootsie", "Gigi")
NICKNAMES_M = ("Bud", "Skip", "Tug", "Ozzie", "Sonny", "Chip", "Duke", "Moose")

RELATIONS_F = ("wife", "daughter", "mother", "sister", "niece", "granddaughter", "aunt")
RELATIONS_M = ("husband", "son", "father", "brother", "nephew", "grandson", "uncle")
