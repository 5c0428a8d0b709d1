"""The words that texts for measuring are put together from. They say nothing true about anything."""

GROUPS = (
    "adults|older adults|younger patients|people in the first group|most participants|some readers|nurses|"
    "clinicians|family members|people who slept badly|patients with long travel|those who kept a diary|"
    "the second group|volunteers|people with little support|night workers|caregivers|new patients|"
    "those who came back|several hundred people"
).split("|")
TOPICS = (
    "chronic pain|low mood|poor sleep|a stiff back|nerve pain|worry before a visit|fatigue|a long recovery|"
    "headaches|grief|muscle tension|restless nights|slow mornings|sore joints|panic at night|loss of appetite|"
    "brain fog|dizziness|a flare of symptoms|burning feet|tired eyes|a racing mind|numb fingers|jaw pain|"
    "shortness of breath|loneliness"
).split("|")
THINGS = (
    "a short walk|the treatment plan|a written diary|the waiting list|regular breathing exercises|a quiet room|"
    "the chart|warm light|the first appointment|a phone call|gentle stretching|the follow-up visit|"
    "a second opinion|the questionnaire|a careful history|an early meal|the monitor|a reclining chair|"
    "the recovery area|a printed leaflet|physical therapy|the sleep record|an honest talk|a trusted companion|"
    "a glass of water|the safety check|a blood pressure cuff|music|the consent form|an evening routine|"
    "counseling|the care team|a ride home|the reminder letter|a soft blanket|patience"
).split("|")
VERBS = (
    "reported|described|noticed|expected|preferred|mentioned|remembered|valued|tried|missed|questioned|accepted|"
    "postponed|asked about|wrote about|relied on|benefited from|complained of|recovered with|prepared for|"
    "worried about|responded to"
).split("|")
MEASURES = (
    "daily function|sleep quality|the pain score|walking distance|the mood scale|time to recovery|"
    "energy in the morning|the number of visits|attention at work|appetite|days without symptoms|confidence|"
    "social contact|grip strength|balance"
).split("|")
CHANGES = (
    "improved slightly|stayed the same|rose for a while|fell after some weeks|changed little|"
    "varied from day to day|got better in about half of them|returned to where it began|was hard to measure|"
    "differed between the centers|declined slowly|recovered within a season|was rated lower than before|"
    "was not recorded by everyone"
).split("|")
TIMES = (
    "after two weeks|within a month|over the winter|by the third visit|in the first days|after half a year|"
    "overnight|between two appointments|during the summer|at the last follow-up|before breakfast|"
    "on the day itself|years later|once the study ended|after a quiet weekend|in the long run|at bedtime|"
    "toward the end of the day"
).split("|")
REASONS = (
    "because the groups were small|since nobody was blinded|as the record was incomplete|"
    "because habits take time|although the effect was modest|unless other causes were ruled out|"
    "while the medication stayed the same|even when the weather was poor|provided that somebody listened|"
    "if the plan was written down|because two centers closed early|although few had expected it|"
    "when the family was included|as earlier work suggested"
).split("|")
ADVERBS = (
    "In practice|At first|More often than not|For some|As a rule|In the same year|Surprisingly|By contrast|"
    "Over time|On reflection|In a smaller survey|To be fair|Elsewhere|In plain words|Taken together|"
    "Until recently"
).split("|")
ADJECTIVES = (
    "careful|modest|early|lasting|uneven|quiet|steady|practical|limited|gradual|clear|mixed|honest|simple|"
    "earlier|larger|helpful|slow|familiar|reasonable|brief|thorough|patient|ordinary|useful|unexpected|common|"
    "gentle"
).split("|")
NOUNS = (
    "answer|finding|approach|question|change|result|pattern|benefit|reason|observation|effect|lesson|limit|risk|"
    "habit|difference|signal|conversation|decision|beginning|summary|warning|comparison|step|thought|detail|plan|"
    "balance"
).split("|")
FEELINGS = (
    "relieved|a bit lost|hopeful|tired|calmer|unsure|grateful|skeptical|less alone|impatient|curious|nervous|"
    "encouraged|overwhelmed|seen|frustrated|better prepared|quite steady"
).split("|")
PEOPLE = (
    "my sister|my husband|my wife|a colleague|my neighbor|my mother|an old friend|my son|our daughter|my father|"
    "somebody in my choir|my cousin|a friend from church|my manager|the nurse|my physical therapist|our doctor"
).split("|")

# What a slot may hold; {name} is an invented word, {number} a small number.
ARTICLE_SENTENCES = (
    "{Group} {verb} {thing} {time}, {reason}.",
    "{Adverb}, {group} {verb} {thing}, and {measure} {change}.",
    "In the {name} survey, {measure} {change} {time}.",
    "The {name} group looked at {number} people with {topic} and found a {adjective} {noun}.",
    "{Measure} {change} {time}, {reason}.",
    "A {adjective} {noun} is that {group} {verb} {thing} more often than {thing2}.",
    "Who lives with {topic} knows how {adjective} the {noun} can be, {reason}.",
    "At the {name} clinic, {group} {verb} {topic} {time}; {measure} {change}.",
    "It is a {adjective} {noun}: {measure} {change}, {reason}.",
    "{Adverb}, the {noun} was {adjective}, and {group} {verb} {thing} {time}.",
    "Neither {thing} nor {thing2} is a {adjective} {noun} for {topic}.",
    "Of {number} people in {name}, about half {verb} {thing} {time}.",
    "Ask what {thing} can do for {topic}, and what the {adjective} {noun} would be.",
    "{Adverb}, {name} and {name2} came to the same {noun}, {reason}.",
    "For {topic}, {thing} was a {adjective} {noun}; {thing2} was not.",
    "When {group} {verb} {thing}, {measure} {change}, and the {noun} seemed {adjective} {time}.",
)
REPLY_SENTENCES = (
    "I have lived with {topic} for {number} years and {thing} helped me {time}.",
    "Thank you, I felt {feeling} after reading this.",
    "{Person} {verb} {thing} {time}, and now I am {feeling}.",
    "Does anybody know whether {thing} makes a difference for {topic}?",
    "For me it was {thing}, not {thing2}, that {time} made me feel {feeling}.",
    "The part about {topic} was a {adjective} {noun} for me and {person}.",
    "{Adverb}, {measure} {change} for me, {reason}.",
    "I was {feeling} at first, but {person} {verb} {thing} with me {time}.",
    "We live near {name}, so {thing} is not easy for us, {reason}.",
    "What would you say to somebody who is {feeling} about {thing}?",
    "{Person} had {topic} too, and {measure} {change} {time}.",
    "My {noun} with {topic} was {adjective}, {reason}.",
    "I wrote down {measure} every day {time}, and it {change}.",
    "At {name} they told me about {thing}, which was a {adjective} {noun}.",
    "Please write more about {topic} and {thing}.",
    "I still do not understand why {measure} {change}, {reason}.",
)
TITLES = (
    "What {thing} can do for {topic}",
    "{Topic} and {thing}: a {adjective} {noun}",
    "Living with {topic}, {time}",
    "How {measure} changes with {thing}",
    "A {adjective} {noun} about {topic} from {name}",
    "Questions to ask about {thing}",
    "{Topic}: what {name} found",
    "Before {thing}: a {adjective} {noun}",
)
FIRST_NAMES = (
    "Ada Ben Carla Dev Elena Farid Grace Hugo Ines Jonah Kim Lena Marcus Nadia Omar Priya Quentin Rosa Samir "
    "Tess Uma Victor Wanda Xavier Yara Zoe Amir Bella Cyrus Dora Emil Fay Gus Hana Ivo June Karl Lucia Mina Nils "
    "Olga Paul"
).split()
SYLLABLES = (
    "bel mor ta lin ves ko ra den fil sar po nim gar lo tis wen du ham cor ri sel va ter mun jo pas ker al bri do"
).split()
CATEGORIES = "Pain|Mood|Sleep|First visits|Research explained|Daily life|Safety|For families".split("|")
TAGS = (
    "breathing diary walking nerves evidence costs travel recovery stress memory headache migraine arthritis "
    "grief work family night music light food questions nurses trials numbers habits children aging balance "
    "movement rest weather insurance visits privacy leaflets support groups exercise writing companions"
).split()
JOURNALS = "Journal of Quiet Medicine|Annals of Patient Rest|Review of Slow Care|Letters on Recovery".split("|")
