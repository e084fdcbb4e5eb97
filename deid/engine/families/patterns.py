"""Pieces of patterns for capitalised words, shared by names, places and facilities."""

UPPER = "A-ZÀ-ÖØ-ÞΆ-ΏΑ-ΩЀ-ЯĀĂĄĆČĎĐĒĘĚĞĢĪİĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠȘŢŤȚŪŮŰŹŻŽ"
LETTER = r"[^\W\d_]"

#: A capitalised word with inner apostrophes and hyphens: ``O'Brien-Smith``, ``OKAFOR``, ``Ng``.
CAP = rf"(?-i:[{UPPER}]) (?: {LETTER} | ['-](?={LETTER}{{2}}) | '(?={LETTER}) (?!'s\b) )*"

#: Small words inside a surname.
PARTICLE = (
    r"(?: de\sla | de\slos | de\slas | van\sder | van\sden | van\sde | von\sder | de | del | della"
    r"| da | das"
    r"| do | dos | di | du | la | le | van | von | den | der | ter | ten | bin | ibn | bint | al |"
    r"el | st\.? | y )"
)

STATES = (
    r"(?: AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|IA|ID|IL|IN|KS|KY|LA|MA|MD|ME|MI|MN|MO|MS|MT|NC|ND"
    r"|NE|NH|NJ|NM|NV|NY"
    r"|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VA|VT|WA|WI|WV|WY|PR|GU|VI )"
)
STATE_NAMES = (
    r"(?: Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia"
    r"|Hawaii|Idaho"
    r"|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan"
    r"|Minnesota|Mississippi"
    r"|Missouri|Montana|Nebraska|Nevada|New\sHampshire|New\sJersey|New\sMexico|New\sYork"
    r"|North\sCarolina"
    r"|North\sDakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode\sIsland|South\sCarolina|South\sDakota"
    r"|Tennessee|Texas"
    r"|Utah|Vermont|Virginia|Washington|West\sVirginia|Wisconsin|Wyoming|Puerto\sRico )"
)

#: A ZIP code, with or without its last four digits.
ZIP = r"(?: \d{5} (?: -\d{4} )? (?![\d-]) )"

#: A town of up to four capitalised words.
TOWN = (
    rf"(?: (?: (?:St|Ft|Mt|Pt)\.\s )? {CAP} (?: [ ] (?: (?:of|the|de|la|del|los|las|on)[ ] )?"
    rf"{CAP} ){{0,3}} )"
)
