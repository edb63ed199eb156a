"""``summitry keys [WORD]``"""

import click

from sim.commands.output import show
from sim.commands.question import Asked, question
from sim.errors import InputError, did_you_mean
from sim.inputs.catalogue import settable_keys
from sim.views.text.catalogue import keys_text, kinds_text


@question("keys")
@click.argument("word", metavar="[WORD]", required=False)
def command(asked: Asked, word: str | None) -> None:
    """List everything that a scenario can set: value, range, meaning, source, and a line to copy.

    Without WORD, the kinds of keys; with it, every key with the word in its name, value or meaning.
    """
    case = asked.load_sound()
    found = settable_keys(case, word or "")
    if not found:
        names = [key.key.rpartition(".")[2] for key in settable_keys(case)]
        near = did_you_mean(str(word), names) or "; summitry keys lists the kinds"
        raise InputError.at("keys", "WORD", str(word), f"a word that is in some key{near}")
    show(kinds_text(found, asked.screen) if word is None else keys_text(found, asked.screen))
