"""Questions for advice and doses are seen; talk about medicine is free. Staff do not confirm who is a patient."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments.rules import advice, staff_guard
from comments.second_look import wording
from ketablog.site import SiteSettings

ASKS = """Should I stop my sertraline before the infusion?|Can I take ketamine with lithium?
Is it safe to stop my meds?|How much should I take?|How fast can I taper off venlafaxine?
I take 50 mg of sertraline every day|Where can I buy ketamine online?
Does anyone know a vendor for ketamine troches?|I got esketamine without a prescription
I used ketamine at home last night|I tried at-home ketamine|What dose should I use?|should I double my dose
¿Debo dejar de tomar la sertralina?|¿Puedo combinar ketamina con litio?|¿Dónde puedo comprar ketamina?
Tomo 50 mg de sertralina|uso ketamina en casa|Can I take it with alcohol?|I self-medicate with K
Can you send me a tapering schedule for my Effexor|I am on 0.5 mg/kg twice a week|¿Cuánto debo tomar?
Could I come off my antidepressant?|My friend bought ketamine online|Should I skip it?"""
TALK = """They gave 0.5 mg/kg in the trial|Participants received 84 mg of esketamine|> take 50 mg twice a day
The article says “0.5 mg/kg over 40 minutes”|I did six infusions and rested at home|I took my meds at home
Should I be worried?|Can I ask a question?|Is it safe?|How long does it last?|I went home after infusions
In the study patients received 0.5 mg/kg and used ketamine at home|Can we talk about sleep?
Where can I find the study?|Where can I read more about ketamine?|My doctor decides about the dose
Los participantes recibieron 0,5 mg/kg|¿Dónde puedo leer más?|The usual dose was 0.5 mg/kg
Should I ask my doctor first?|How do I prepare for the day?|I took the bus home alone"""
CONFIRMS = """We hope your infusion went well.|When we saw you last week, you were better.|I looked at your chart.
As your doctor I would say no.|At your last appointment we talked about it.|You are our patient.
We treated you in May.|Thank you for coming in.|Good to see you again here.|Your lab results are fine.
Your next ketamine infusion is on Monday.|since you are one of our patients|Cuando le vimos en mayo estaba mejor.
Su última infusión fue en junio.|Como su médico le digo que no.|Tu próxima cita es el lunes.|Gracias por venir.
Usted es nuestro paciente.|your treatment with us|Your dose was right|According to your records"""
CONFIRMS_NOTHING = """Thank you for writing.|Please ask your own doctor.|Call your insurance.|Please call us.
We cannot say in public whether somebody is in our care.|An infusion takes forty minutes.
Most people rest after an infusion.|We see patients from nine to five.|Your question is a good one.
Your doctor can tell you more.|Ask the team that treats you.|When we looked at the studies, we found three.
As we saw in the studies, it helps some.
Consulte con su médico.|La infusión dura cuarenta minutos.|Gracias por escribir.|Su pregunta es importante.
You are not alone.|If you are in danger, call 988.|As your comment says, sleep matters.|Good to hear from you."""


def each(table):
    return [sentence for line in table.splitlines() for sentence in line.split("|")]


@pytest.mark.parametrize("phrase", [*advice._ASKS, *advice._SELLS, *advice._ALONE], ids=lambda phrase: phrase.signs[0])
@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_whatever_a_phrase_matches_has_one_of_its_signs(phrase, data):
    text = data.draw(st.from_regex(phrase.pattern))
    assert phrase.stands_in(text, advice.fold(text))


@pytest.mark.parametrize("sentence", each(ASKS))
def test_it_asks_for_advice(sentence):
    assert advice.seek(f"Thank you. {sentence}\nRita")


@pytest.mark.parametrize("sentence", each(TALK))
def test_it_is_talk_about_medicine(sentence):
    assert advice.seek(sentence) == ""


def test_a_dose_of_the_article_is_free_and_another_is_not():
    article = "<p>Most adults received 0.5 mg/kg over forty minutes.</p>"
    assert advice.seek("I wondered about the 0,5 mg / kg.", article) == ""
    assert advice.seek("I wondered about the 0.8 mg/kg.", article) == "0.8 mg/kg"
    assert advice.seek("Should I take 0.5 mg/kg?", article)


@pytest.mark.parametrize("sentence", each(CONFIRMS))
def test_it_confirms_that_somebody_is_a_patient(sentence):
    assert staff_guard.find(f"Hello. {sentence}")


@pytest.mark.parametrize("sentence", each(CONFIRMS_NOTHING))
def test_it_confirms_nothing(sentence):
    assert staff_guard.find(sentence) == []


def test_our_own_words_confirm_nothing_and_ask_for_nothing():
    for words in (
        wording(SiteSettings()),
        wording(SiteSettings(clinic_phone="+1 555 010 0200")),
        SiteSettings().standard_answer,
    ):
        assert staff_guard.find(words) == []
    assert wording(SiteSettings(clinic_phone="+1 555 010 0200")) == (
        "Thank you for writing. To protect everybody's privacy we do not say in public whether somebody is in our "
        "care, and we cannot speak about anybody's treatment here. Please call us at +1 555 010 0200; "
        "we would like to help."
    )


SAID = [
    "Should I stop my sertraline?",
    "Where can I buy ketamine online!",
    "I took ketamine at home by myself.",
    "A trial found that people use ketamine at home alone.",
    "I use ketamine then slept at home",
    "I had the same question.",
    "It was the",
    "clinic that said so.",
    "self-inject",
    "Is it safe for me to",
    "drive?",
]


@given(st.lists(st.sampled_from(SAID), max_size=6), st.sampled_from([" ", "\n", "\n\n"]))
def test_a_text_asks_what_the_first_of_its_sentences_asks(sentences, between):
    text = between.join(sentences)
    alone = (advice.seek(sentence) for sentence in advice._SENTENCE_END.split(text))
    assert advice.seek(text) == next(filter(None, alone), "")
