"""Sentences with personal data in them, by kind, and sentences that only look as if."""

PERSONAL = {
    "phone": """
        Call me at 555-123-4567 please | (555) 123-4567 | my cell is 5551234567 | +1 555 123 4567 | +34 612 345 678
        612 34 56 78 | 612345678 | llámame al 612 345 678 | 020 7946 0018 | 07700 900123 | 06 12 34 56 78
        text me 555-1234 | 55 1234 5678 | (11) 91234-5678 | 98765 43210 | 0171/1234567 | https://wa.me/15551234567
        1.555.123.4567 | 555.123.4567 | 0034 612 345 678 | mi número es 5512345678""",
    "email": """
        rita@example.org | rita at example dot com | rita [at] example [dot] org | rita(at)example.com
        rita arroba correo punto es | rita @ example . com | rita arroba gmail.com | rita@gmail dot com
        Write to rita.reader+blog@mail.example.co.uk.""",
    "profile": "facebook.com/rita.reader | https://www.instagram.com/rita_r | t.me/rita_reader",
    "birth": """
        I was born on 03/04/1985 | DOB: 1985-04-03 | date of birth March 4, 1985 | nací el 4 de marzo de 1985
        fecha de nacimiento 04/03/85 | born 4th of March 1985 | 4 March 1985 is my birthday""",
    "record": """
        MRN 12345678 | MRN: A123456 | policy number 88-1234567 | 123-45-6789 | my SSN is 123 45 6789
        NHS number 943 476 5919 | 12345678Z | 12345678-Z | X1234567L | AB 12 34 56 C | 1EG4-TE5-MK73
        4111 1111 1111 1111 | póliza nº 12345678 | ES91 2100 0418 4502 0005 1332 | member ID ABC123456
        historia clínica 1234567""",
    "street": """
        I live at 12 Main Street, Springfield, IL 62704 | 221B Baker Street | 1600 Pennsylvania Ave NW
        calle Mayor 5, 3º izq | C/ de Alcalá, 45 | Avenida de la Constitución nº 12 | Carrera 7 No. 71-21
        10 Downing Street, London SW1A 2AA | 350 5th Avenue | 12 main street | P.O. Box 123
        Plaza de España 4, 28008 Madrid""",
    "clinician": """
        Dr. Smith told me | la Dra. López me dijo | doctor Ramirez | Dr Patel | Jane Smith, MD | nurse Kelly
        Dra. María del Carmen Ruiz""",
}
HARMLESS = """
    0.5 mg/kg over 40 minutes | In 2019-2023 we saw it | doi:10.1001/jama.2020.12345678 | PMID 12345678
    PMID: 31411235 and 29656663 | NCT01234567 | ISBN 978-3-16-148410-0 | it cost $1,200.00 | 1.200,50 € | p = 0.0001
    95% CI 1.2-3.4 | 120/80 | EudraCT 2015-001234-22 | 10 000 000 people | 650 000 000 people | 600 700 800 mg
    2020 2021 2022 | in 2024-01-15 | on 12/05/2024 | call 911 or text 988 | 1-800-273-8255 | Call 988 | 900 123 456
    https://example.org/2020/12345678901 | look at example.com | we met at noon | I looked at this dot com bubble
    @rita thanks | Ketamine was born in 1962 | approved on March 5, 2019 | my treatment started 03/05/2024
    patient 12345 in the study | 123 patients | records from 1998 to 2004 | 10 minutes down the road
    2 people on the street | 5 times a day all the way | in 2019 The Court ruled | viví en la calle durante 3 años
    la calle 24 horas | cerca de la plaza hay 3 clínicas | I did 6 infusions in 3 weeks and drive 20 miles
    my doctor said | the dr told me | Doctor Who | Dr. Google | doctors at the clinic | I asked my doctor. He said
    a nurse practitioner | ask your psychiatrist | mi doctora me dijo | I scored 21 on the PHQ-9 and 14 on GAD-7
    sertraline 50 mg, 100 mg, 150 mg | 200-300-400 mg | MADRS 35 to 12 | 1,234,567 adults | 12.345.678 habitantes
    Section 5, line 12 | at 10:30-11:45 | Room 12 | the year 2024 was hard | 6 sessions, 2 per week, 40-60 min
    CYP2B6 and 3A4 | Vitamin B12 1000 mcg | HR 0.62 (0.45-0.85) | ISRCTN12345678 | a third (33 %) of 1,200 people"""


def sentences(table: str) -> list[str]:
    return [sentence.strip() for line in table.strip().splitlines() for sentence in line.split("|")]
