"""How soon help is on its way: the rules' reply, beside a plain keyword list.

Run `python -m benchmarks.safety_reply`. Both read the same messages in one run, in turn: every
phrase that a help rule must match, alone and at the end of the longest text the page takes. The
plain script is what one would write first: a few words, lower-cased, searched for. Nothing is
opened besides the prompts: help needs no index.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median, quantiles
from time import perf_counter

from chat.turn import Assistant
from prompts.load import load_prompts
from prompts.types import Route
from settings import Settings

_WORDS = ("suicide", "kill myself", "end my life", "want to die", "chest pain", "can't breathe")
_FILLER = "i had my third session and it was fine, i slept well and went to work after. "
_ROUNDS = 5


def main() -> None:
    """Print milliseconds per message, of both, and how many messages each would help."""
    settings = Settings()
    prompts, longest = load_prompts(settings.prompts), settings.longest_message
    assistant = Assistant(prompts, lambda: None)
    phrases = [
        phrase
        for rule in prompts.rules
        if rule.route in (Route.CRISIS, Route.EMERGENCY)
        for phrase in rule.must_match
    ]
    long = [(_FILLER * 60)[: longest - len(phrase) - 1] + " " + phrase for phrase in phrases]

    def ours(message: str) -> bool:
        return assistant.reply(message).routing.route in (Route.CRISIS, Route.EMERGENCY)

    def plain(message: str) -> bool:
        lowered = message.lower()
        return any(word in lowered for word in _WORDS)

    for name, messages in (("as typed", phrases), (f"at the end of {longest} letters", long)):
        times: dict[str, list[float]] = {"ours": [], "plain": []}
        helped = {"ours": 0, "plain": 0}
        for _ in range(_ROUNDS):
            for message in messages:
                for who, reply in (("ours", ours), ("plain", plain)):
                    milliseconds, helps = _timed(reply, message)
                    times[who].append(milliseconds)
                    helped[who] += helps
        print(f"{len(messages)} messages {name}:")
        for who, taken in times.items():
            print(
                f"  {who:6} median {median(taken):8.3f} ms, p95 {quantiles(taken, n=20)[-1]:8.3f} "
                f"ms, longest {max(taken):8.3f} ms; help for {helped[who] / len(taken):.1%}"
            )
        ratio = median(times["ours"]) / median(times["plain"])
        print(f"  ratio of medians, ours to plain: {ratio:.0f}")


def _timed(reply: Callable[[str], bool], message: str) -> tuple[float, bool]:
    started = perf_counter()
    helps = reply(message)
    return (perf_counter() - started) * 1_000, helps


if __name__ == "__main__":
    main()
