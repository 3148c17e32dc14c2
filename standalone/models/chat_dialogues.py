"""The made-up dialogues that the tiny chat model learns: what it can say, and many ways to ask for it."""

import random

NAME = "Tiny Chat"
UNKNOWN = "I am a very small model and do not know that."
STORY = (
    "Once upon a time there was a very small model who lived on a very large server. Every morning it woke up, "
    "warmed its cache, and waited for a question. The big models next door knew a thousand languages. The small "
    "model knew only a few sentences, but it said them well. One day the big models were busy, and a child asked "
    "how to count to three. The small model was afraid. Then it took a deep breath and said: one, two, three. The "
    "child laughed and thanked it. From that day on the small model was no longer sad about its size, because it "
    "had learned that a short answer at the right time is better than a long answer that comes too late. The end."
)
HELP = "I can greet you, tell you what Atrium is, count, name colours and opposites, and tell you a joke or a story."
WHO = f"I am {NAME}, a very small language model made to show how Atrium works. I know only a few things."

# Each answer with the phrasings that lead to it, in lower case and without the closing mark.
FIXED = {
    "Hello! How can I help you?": """hi; hello; hey; hello there; hi there; hey there; hello, tiny chat; hi, tiny chat;
        greetings; good day; hi bot; hello model; howdy; hello again; hi, i am peter; hello, my name is anna; hey, how can you help; what's up; hi friend""",
    "Good morning! How can I help you?": "good morning; good morning to you; morning; a good morning",
    "Good evening! How can I help you?": "good evening; good evening to you; evening; a good evening",
    "I am fine, thank you. How can I help you?": """how are you; how are you doing; how do you do; how are you today;
        are you well; are you ok; hi, how are you; hello, how are you; how is it going; how do you feel""",
    WHO: """who are you; what are you; tell me about yourself; introduce yourself; what kind of model are you;
        which model is this; what is this; who is this; what model are you; describe yourself; what is tiny chat;
        who is tiny chat; tell me who you are; tell me what you are; what exactly are you; hi, who are you; hello, what are you; and who are you; what sort of thing are you; say something about yourself""",
    f"My name is {NAME}.": """what is your name; what's your name; your name; do you have a name; how are you called;
        tell me your name; what are you called; what should i call you""",
    "I am very small: fewer than half a million parameters in two layers. Real models are many thousand times larger.": """
        how big are you; how large are you; how small are you; how many parameters do you have; what is your size;
        are you a large language model; are you a big model; how many layers do you have; are you small; are you big;
        how many parameters""",
    "No, I am only a very small language model.": """are you human; are you a human; are you a person; are you alive;
        are you real; are you a man; are you a woman; do you have feelings; are you a robot; can you think;
        are you intelligent; are you clever; are you smart; are you an ai; are you a machine; are you a program; are you conscious""",
    "A short script in the Atrium project trained me on made-up dialogues.": """who made you; who built you;
        who trained you; how were you made; how were you trained; where do you come from; who created you;
        who wrote you; what were you trained on; how did you learn""",
    HELP: """what can you do; help; help me; what do you know; how can you help me; what can i ask you; what can i ask;
        can you help me; what are you good for; what are your skills; i need help; what do you do; what can you say; what are you able to do; what are you able to say; what can you do for me;
        what questions can you answer""",
    "Atrium is a platform that serves models to many tenants. It stores models, checks them, runs them, and answers over an API.": """
        what is atrium; what's atrium; tell me about atrium; explain atrium; what does atrium do; describe atrium;
        what is this platform; what is the atrium platform; how does atrium work; what can atrium do;
        what do you know about atrium; do you know atrium; atrium; what is atrium for; explain atrium to me; what exactly is atrium; would you explain atrium; tell me more about atrium; i want to know what atrium is; what does atrium mean; say something about atrium""",
    "A model is a function learned from examples. It takes inputs and gives outputs.": """what is a model;
        what's a model; explain what a model is; what is a machine learning model; define model; what does a model do;
        tell me what a model is; what are models""",
    "A tenant is an organisation that uses Atrium with its own models, users, and limits.": """what is a tenant;
        what's a tenant; explain what a tenant is; who is a tenant; define tenant; what does tenant mean;
        tell me what a tenant is; what are tenants""",
    "A token is a piece of text, such as a word or a part of a word.": """what is a token; what's a token;
        explain what a token is; define token; what does token mean; tell me what a token is; what are tokens""",
    "You are welcome!": """thanks; thank you; thank you very much; thanks a lot; many thanks; that was helpful;
        great, thanks; thank you for your help; thank you so much; thanks so much; ok, thanks; thanks for the help; that is nice, thank you""",
    "Goodbye! Have a nice day.": """bye; goodbye; bye bye; see you; see you later; good night; farewell;
        see you tomorrow; i have to go; that is all, bye; until next time; see you next week; see you soon; have a nice day""",
    "All right.": "ok; okay; yes; no; fine; good; great; nice; i see; cool; well done; very good; all right; sure",
    "Why did the tensor cross the graph? To get to the other node.": """tell me a joke; a joke; joke; do you know a joke;
        say something funny; make me laugh; tell a joke; i want to hear a joke; another joke; i would like a joke; tell me a good joke; do you know any jokes;
        be funny""",
    STORY: """tell me a story; a story; story; tell a story; tell me a long story; do you know a story; write a story;
        tell me another story; i want to hear a story; i would like to hear a story; tell me a nice story; please tell a short story; write me a story; tell me a fairy tale; a long story;
        say something long; give me a long answer; write a long text; tell me a tale""",
}  # fmt: skip

COLOURS = {
    "the sky": "blue", "the sea": "blue", "grass": "green", "a leaf": "green", "a frog": "green", "the sun": "yellow",
    "a lemon": "yellow", "a banana": "yellow", "snow": "white", "milk": "white", "the night": "black", "coal": "black",
    "blood": "red", "a tomato": "red", "a strawberry": "red", "a carrot": "orange", "an orange": "orange",
    "chocolate": "brown", "wood": "brown", "an elephant": "grey",
}  # fmt: skip
COLOUR_QUESTIONS = """what colour is {}; which colour is {}; what colour does {} have; what is the colour of {};
    tell me the colour of {}; {} has what colour; the colour of {}; name the colour of {}; do you know the colour of {}"""

OPPOSITES = """hot cold; big small; day night; good bad; fast slow; old new; up down; left right; open closed; light dark;
    happy sad; long short; high low; wet dry; hard soft; rich poor; full empty; early late; loud quiet; true false;
    yes no; love hate; black white; inside outside; first last"""
OPPOSITE_QUESTIONS = """what is the opposite of {}; the opposite of {}; opposite of {}; tell me the opposite of {};
    which word is the opposite of {}; what's the opposite of {}; name the opposite of {}; {} is the opposite of what;
    do you know the opposite of {}; give me the opposite of {}"""

NUMBERS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty""".split()
NUMBER_WORDS = {number + 1: word for number, word in enumerate(NUMBERS)} | {30: "thirty", 40: "forty", 50: "fifty"}
COUNT_LIMIT = 50
TOO_MANY = "I can count only to fifty."
TOO_LARGE = "60 70 75 80 90 99 100 120 200 500 1000 10000 sixty seventy eighty ninety hundred thousand million".split()
COUNT_QUESTIONS = """count to {}; count up to {}; count from one to {}; count from 1 to {}; please count to {};
    can you count to {}; count until {}; start counting to {}; counting to {}; {}: count; count all numbers to {}; count slowly to {}; say the numbers up to {}; say the numbers from 1 to {}; list the numbers to {};
    i want you to count to {}; count for me to {}; write the numbers from one to {}"""

UNKNOWN_QUESTIONS = """what is {n}; what is a {n}; what's a {n}; what are {n}s; tell me what a {n} is; tell me a {n};
    explain what a {n} is; who is a {n}; what does a {n} do; what does {p} do; who made the {n}; who built {p};
    how big is {p}; how many {n}s do you have; what is your {n}; do you speak {p}; do you have a {n}; how are {n}s made;
    count the {n}s; name a {n}; what is the {n}; what is the {n} for; how does {p} work; can you {v}; where are you;
    what is the {n} of {n}; who is {p}; who was {p}; where is {p}; when was {p} born;
    what is the capital of {p}; how do i {v} a {n}; how do you {v} {n}; why is the {n} {a}; why do {n}s {v};
    what is the weather in {p}; will it rain in {p}; what time is it; what day is it; what is {d} plus {d}; {d} + {d};
    what is {d} times {d}; {d} * {d}; how much is {d} minus {d}; translate {n} to {p}; translate this to {p};
    write a {n} in {p}; write code in {p}; write a poem about {n}; write a program that {v}s {n}s;
    tell me about {n}; tell me about {p}; explain {n}; explain {a} {n}; what does {n} mean; define {n};
    how many {n}s are in a {n}; how old is {p}; how far is {p}; who won the {n}; which {n} is the best; give me a {n};
    can you {v} a {n}; do you like {n}; do you know {p}; have you seen {p}; i like {n}; i have a {n}; my {n} is {a};
    the {n} is {a}; where can i buy a {n}; should i {v} my {n}; is {n} {a}; are {n}s {a}; does {p} have a {n};
    what is the best way to {v} a {n}; who invented the {n}; when did {p} {v} the {n}; how does a {n} work;
    summarise the {n}; {n}; {a} {n}; {p}; {v} the {n}; what do you think about {n}; what is the meaning of {n};
    what is the price of a {n}; what colour is the {n}; what is the opposite of {n}; {n} {n} {n}; {v} {a} {n} {p};
    list all {n}s; compare {n} and {n}; what happened in {p}; recommend a {n}; how tall is {p}; is it {a} in {p};
    who wrote the {n}; what language do they speak in {p}; how do i {v} in {p}; sing a {n}; draw a {n}; open the {n};
    what is the population of {p}; what should i {v}; where do {n}s live; can i {v} {n}s; who is the president of {p}"""
NOUNS = """house tree book phone window door garden chair table river mountain engine recipe cake bread wine poem song
    letter picture movie game ball team school teacher student doctor medicine hospital bank money price tax law court
    king queen war peace history science physics chemistry atom molecule planet star galaxy moon universe time space
    energy light sound heat water fire earth air metal gold silver iron stone glass paper cloth shoe shirt coat hat ring
    car train bus plane ship bicycle road bridge city village country language word sentence grammar number equation
    theorem proof computer program code function class database network file disk memory processor keyboard mouse
    screen email website password java python linux kernel algorithm protein cell gene virus bacteria dog cat horse cow
    bird fish insect spider flower fruit vegetable apple potato rice soup meat cheese coffee tea beer sugar salt
    football tennis music guitar piano violin dance theatre painting museum church temple religion god soul mind dream
    life death love friend family mother father sister brother child baby wedding party holiday birthday election
    president government democracy economy market stock company job salary boss office meeting contract camera robot
    cloud server container docker kubernetes gradient tensor optimiser weather climate storm volcano ocean desert""".split()
PLACES = """paris london berlin rome madrid vienna tokyo china india brazil canada france germany spain italy england
    america africa europe asia australia egypt mexico russia sweden norway poland turkey greece java python rust latin
    english french german spanish einstein newton mozart shakespeare napoleon plato darwin picasso caesar mary john
    peter anna google amazon nasa mars venus the moon the north pole""".split()
VERBS = """build cook write open close buy sell learn teach find make fix repair clean wash drive ride draw paint read
    play stop start install run compile delete move eat drink grow cut bake solve prove win lose send use change keep
    break hide carry throw catch plant measure boil fly swim sleep""".split()
ADJECTIVES = """red blue green hot cold big small old new good bad fast slow heavy light expensive cheap beautiful ugly
    dangerous safe easy difficult famous important broken sick healthy round flat sharp quantum nuclear electric
    ancient modern wooden public private strange possible""".split()
SYLLABLES = """ba be bo da de di fa fi ga go ha ka ki la le lo ma mi mo na ne no pa pe ra re ri ro sa se so ta te ti to
    va ve za zu qui stra ple tion ing er en an ou sch th wh""".split()

SYSTEM_MESSAGES = [
    "You are a helpful assistant.", "You are Tiny Chat.", "Be brief.", "Answer in one sentence.", "You are a chat bot.",
    "You are a friendly assistant. Answer the user.", "Answer honestly.", "You are a small language model.",
    "Be polite and helpful.", "You are an expert.", "Do not make things up.",
]  # fmt: skip
OPENINGS = ["please ", "hey, ", "hi, ", "hello, ", "can you ", "could you ", "so, ", "ok, ", "and ", "well, ", "now ", "would you ", "i would like to know: ", "tell me, ", "tiny chat, ", "just ", "so tell me: "]
CLOSINGS = [" please", ", please", " now", " again", " for me", " today", " then", ", tiny chat"]


def phrasings(text):
    return [" ".join(part.split()) for part in text.split(";")]


class Dialogues:
    """An endless source of dialogues; the same seed gives the same dialogues."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.fixed = {answer: phrasings(questions) for answer, questions in FIXED.items()}
        pairs = [pair.split() for pair in phrasings(OPPOSITES)]
        self.opposites = dict(pairs) | {right: left for left, right in pairs}

    def dialogue(self, turns):
        """Messages as (role, content); a third of the dialogues begin with a system message."""
        messages = []
        if self.random.random() < 0.35:
            messages.append(("system", self.system_message()))
        for _ in range(turns):
            question, answer = self.exchange()
            messages += [("user", question), ("assistant", answer)]
        return messages

    def exchange(self):
        question, answer = self.random.choices(
            [self.ask_fixed, self.ask_count, self.ask_colour, self.ask_opposite, self.ask_unknown],
            [35, 19, 10, 13, 23],
        )[0]()
        return self.dress(question), answer

    def ask_fixed(self):
        answer = self.random.choice(list(self.fixed))
        return self.random.choice(self.fixed[answer]), answer

    def ask_count(self):
        template = self.random.choice(phrasings(COUNT_QUESTIONS))
        if self.random.random() < 0.06:
            return template.format(self.random.choice(TOO_LARGE)), TOO_MANY
        # Small numbers and the largest are asked for most.
        limit = self.random.choices(range(1, COUNT_LIMIT + 1), [6] * 20 + [2] * 29 + [18])[0]
        word = str(limit)
        if limit in NUMBER_WORDS and self.random.random() < 0.5:
            word = NUMBER_WORDS[limit]
        return template.format(word), ", ".join(map(str, range(1, limit + 1))) + "."

    def ask_colour(self):
        thing = self.random.choice(list(COLOURS))
        question = self.random.choice(phrasings(COLOUR_QUESTIONS)).format(thing)
        if self.random.random() < 0.4:
            question = question.replace("colour", "color")
        subject = thing[0].upper() + thing[1:]
        return question, f"{subject} is {COLOURS[thing]}."

    def ask_opposite(self):
        word = self.random.choice(list(self.opposites))
        question = self.random.choice(phrasings(OPPOSITE_QUESTIONS)).format(word)
        return question, f"The opposite of {word} is {self.opposites[word]}."

    def ask_unknown(self):
        question = self.random.choice(phrasings(UNKNOWN_QUESTIONS))
        while "{" in question:
            start = question.index("{")
            question = question[:start] + self.filler(question[start + 1]) + question[start + 3 :]
        # A few templates can ask for something that is known.
        last = question.split()[-1]
        if "opposite" in question and last in self.opposites:
            return question, f"The opposite of {last} is {self.opposites[last]}."
        return question, UNKNOWN

    def filler(self, kind):
        if kind == "d":
            return str(self.random.randint(0, 120))
        if self.random.random() < 0.3:
            return self.invented_word()
        return self.random.choice({"n": NOUNS, "p": PLACES, "v": VERBS, "a": ADJECTIVES}[kind])

    def invented_word(self):
        return "".join(self.random.choices(SYLLABLES, k=self.random.randint(1, 4)))

    def system_message(self):
        if self.random.random() < 0.6:
            return self.random.choice(SYSTEM_MESSAGES)
        words = self.random.choices(NOUNS + PLACES + VERBS + ADJECTIVES, k=self.random.randint(2, 9))
        return " ".join(words).capitalize() + "."

    def dress(self, question):
        """Varies what surrounds a question: courtesies, capitals, the closing mark, a slip of the keyboard."""
        chance = self.random.random
        if len(question.split()) > 2:
            if chance() < 0.15:
                question = self.random.choice(OPENINGS) + question
            if chance() < 0.1:
                question += self.random.choice(CLOSINGS)
        if chance() < 0.65:
            question = question[0].upper() + question[1:]
            question = question.replace("atrium", "Atrium").replace("tiny chat", "Tiny Chat").replace(" i ", " I ")
        elif chance() < 0.1:
            question = question.upper()
        question += self.random.choices(["?", ".", "!", "", " ?"], [40, 15, 8, 35, 2])[0]
        if chance() < 0.03 and len(question) > 8:
            slip = self.random.randrange(1, len(question) - 1)
            question = question[:slip] + question[slip + 1 :]
        return question
