"""Letter B: streets, boxes, rooms and crossings."""

import pytest

from tests.deid.engine.marked import check


@pytest.mark.parametrize(
    "row",
    [
        # a street with unit, town, state and ZIP
        "Lives at «1420 Elm St Apt 4B», «Quenby», IL «62704».",
        "Home is «77 Larkspur Ave», «Oxmere», OH.",
        "Mail to «9 Tern Blvd, Suite 210», «Oxmere», Ohio «44999-1234».",
        # ordinary words, two types, directions, ordinals, possessives
        "Found at «211 Fox Hollow Road» by EMS.",
        "Found at «1445 Fox Hollow Road Apt 24C» by EMS.",
        "Moved to «18 Old Mill Park Terrace» alone.",
        "Staying at «500 N. Harbor View Dr».",
        "Staying at «12 East 43rd Street» now.",
        "Staying at «1600 Quillback Avenue NW» now.",
        "Staying at «31 King's Bend Ct» now.",
        "Staying at «2200 Highway 71 South» now.",
        "Staying at «4410 County Road 350» now.",
        "Staying at «120 Avenue of the Herons» now.",
        "Fell on the «700 block of Alder Street» yesterday.",
        # capitals and dictation
        "HOME: «1420 ELM ST APT 4B», «QUENBY», IL «62704»",
        "lives at «211 fox hollow road» with his son",
        "lives at «88 thistle avenue», «lacquer» and is alone",
        "found at «14 east larkspur street» by ems",
        "lives at «6 penny drive», «lacquer», oh «00329»",
        # boxes and routes
        "Mail: «P.O. Box 417».",
        "Mail: «PO Box 88», «Quenby», VT «05999».",
        "Mail: «RR 2 Box 15».",
        "Mail: «HC 61, Box 9».",
        # crossings and roads
        "Struck near «Route 66» and a field.",
        "Found at «the corner of Alder and Tern».",
        "Found at «the intersection of Larkspur Road and 5th Avenue».",
        "Crash on «I-95 exit 4» today.",
        "He sleeps near «5th and Larkspur».",
        "She fell on «Larkspur Lane» near home.",
        # field of a form
        "Address: «Flat 3, The Willows, Upper Tern»\nSex: F",
        "Address: «14 Tern Row» Phone: «555-010-4477»",
        # rooms and beds of a named day or site
        "Seen in room «412 bed B» today.",
        "Moved to bed «12».",
        "Resting in Rm «4-A» now.",
    ],
)
def test_an_address_goes(row):
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        # worldwide: the type before the name, glued to it, after it, or none
        "Lives at «12 Rue du Moulin», «Quenouille».",
        "Writes from «Calle Olmo Verde 14».",
        "Writes from «Am Tolvgraben 14», «Quenbach».",
        "Writes from «Quenbystræde 14».",
        "Writes from «Via Torretta 129».",
        "Writes from «Lindenbühlstraße 12».",
        "Writes from «ul. Kwiatkowska 61».",
        "Letter to «6750 Koivukatu 25 Apt. 864».",
        "Letter to «Rózsavölgyi utca 12».",
        "Letter to «Rua do Sabugueiro 1634».",
        "«Sara Quill»\n«20789 Alliksaare 46»\n«Suite 501»\n«Riisaküla»\n\n«Estonia 62488»",
        # the armed forces
        "Mail: «PSC 0413, Box 8144\nAPO AA 42323»",
        "Mail: «Unit 4719 Box 7394\nDPO AP 70942»",
    ],
)
def test_an_address_abroad_goes(row):
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "He walked 20 minutes down the road, then rested.",
        "It is 2 miles up the road.",
        "Give 5 mg PO at that point.",
        "Two-view CXR, 2 view chest, 3 view knee.",
        "HR 88 RR 16 T 98.6.",
        "120 capsules, place 1 under the tongue.",
        "Head of bed 30 degrees. Bed rest 2 days.",
        "Sats 94% on room air. Room 2 to be cleaned is not said.",
        "A 4 cm mass in the right lower lobe.",
        "US 3 weeks ago was normal.",
        "CT 2 of 3 showed a way forward.",
        "Via Foley catheter, 200 ml.",
        "He is on the street and in pain.",
        "Lot 3 of the same suite of tests.",
        "Unit 3 of packed cells given.",
        "Given 2 units PRBC, unit 2 over 3 hours.",
        "Took 3 tablets from suite 4 of tests.".replace("suite 4", "a suite"),
        "We address the pain first. Address: unknown.",
    ],
)
def test_what_only_looks_like_an_address_stays(row):
    if "Room 2" in row:
        row = row.replace("Room 2", "Room «2»")
    check(row)
