"""The command line: a table of commands, imported only when used, and the one place where errors are caught.

Exit status: 0 done; 2 bad input or usage; 70 our fault; 73 and 74 cannot write; 75 somebody else is writing there; 130
interrupted. A traceback is shown only with SUMMITRY_DEBUG=1.
"""

import errno
import importlib
import io
import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from typing import Any

import click
from click.shell_completion import CompletionItem, shell_complete

from sim.commands.output import StdoutGoneError, finish_output, open_output, say, show
from sim.defaults import VERSION
from sim.ensemble.signals_and_memory import collect_rarely, stops_are_interrupts
from sim.errors import InputError, SummitryError, clean_text, did_you_mean

# Before NumPy is imported: our arrays are too small to gain by BLAS threads, and results must not depend on them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

COMMANDS = {
    "list": "Show the scenarios: name, title and question.",
    "check": "Check files without running anything.",
    "run": "Play scenarios in many worlds; chart how they might end.",
    "compare": "Compare scenarios on the same draws.",
    "explain": "Say which claims move the endings.",
    "story": "Tell one run month by month.",
    "leverage": "Show each claim's part in one leverage.",
    "claims": "Show the ledger of claims, or search in it.",
    "keys": "List everything that a scenario can set.",
    "sensitivity": "Say which assumptions matter.",
    "discover": "Find the assumptions under which an ending is common.",
    "flip": "Find the smallest change that reverses a comparison.",
    "hindcast": "Compare scenarios with what happened.",
    "game": "Solve the choices of two or more states as a game.",
    "play": "Take a seat and play a state, month by month.",
    "report": "Write the page of one or several scenarios.",
    "site": "Write one page with everything, for a memory stick.",
    "classroom": "Merge a class's files, or make what a class needs.",
    "diff": "Say in words how two scenarios differ.",
    "new": "Write a commented scenario to start from.",
    "new-case": "Begin a case from your own texts.",
}
"""Every command in the order of the help. Each is `sim/commands/NAME.py` (`_` for `-`), its click command `command`."""

COMPLETE = "_SUMMITRY_COMPLETE"  # how a shell asks for completions, as click's manual says
OUR_FAULT = 70
INTERRUPTED = 130


class Commands(click.Group):
    """The commands, imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"sim.commands.{name.replace('-', '_')}").command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command from the table above, without importing any."""
        named = [CompletionItem(name, help=what) for name, what in COMMANDS.items() if name.startswith(incomplete)]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands of the table above, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            near = did_you_mean(args[0], self.list_commands(ctx)) or "; summitry --help lists the commands"
            ctx.fail(f"no command {clean_text(args[0], 40)}{near}")
        return super().resolve_command(ctx, args)


@click.command(
    cls=Commands,
    name="summitry",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    no_args_is_help=False,
    invoke_without_command=True,
    epilog="SCENARIO is a name that `summitry list` shows, or the path of a YAML file. "
    "Every percentage describes this model under the listed assumptions: it is not a forecast.",
)
@click.version_option(VERSION, prog_name="summitry", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Leverage in summit diplomacy: play a scenario in many worlds, chart how it might end, and say which claim does
    the work.

    Start with `summitry list`, then `summitry run SCENARIO`.
    """
    if ctx.invoked_subcommand is None:
        show(ctx.get_help())


def main(args: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status. Every error ends here, as one line that a person can use."""
    collect_rarely()
    words = list(sys.argv[1:] if args is None else args)
    try:
        if asks := os.environ.get(COMPLETE):
            return shell_complete(cli, {}, "summitry", COMPLETE, asks)
        # Finished blocks are kept where a signal stops a run, and the command to go on is printed.
        with stops_are_interrupts(), warnings.catch_warnings():
            warnings.showwarning = _remark  # type: ignore[assignment]
            open_output()
            status = _invoke(words)
            finish_output()
            return status
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        text = io.StringIO()
        error.show(text)
        return _say(text.getvalue().rstrip(), error.exit_code)
    except StdoutGoneError as gone:
        return _say(str(gone), gone.exit_code)
    except SummitryError as error:
        return _say(str(error), error.exit_code)
    except (KeyboardInterrupt, click.Abort) as stop:
        return _say(str(stop) or "summitry: stopped", INTERRUPTED)
    except BrokenPipeError:
        return StdoutGoneError.exit_code
    except MemoryError:
        return _say("summitry: not enough memory for this; ask for fewer runs (-n)", OUR_FAULT)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            name = clean_text(str(error.filename), 60)
            return _say(f"{name}: the name is longer than any file's", InputError.exit_code)
        if error.errno in (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM):
            return _say(f"summitry: the system gives no more: {error.strerror} (ulimit -a shows its limits)", OUR_FAULT)
        return _our_fault(error)
    except Exception as error:  # anything else is our own fault
        return _our_fault(error)


def _invoke(words: list[str]) -> int:
    """Parse and call; the words are in `ctx.obj` for commands that repeat them."""
    with cli.make_context("summitry", words.copy(), obj=words) as ctx:
        cli.invoke(ctx)
    return 0


def _remark(message: Warning | str, category: type[Warning], *_: Any) -> None:
    """A warning as one line. NumPy's are of numbers that a stranger's scenario made too large."""
    what = "a number grew beyond all bounds, and what depends on it means nothing: "
    say(f"summitry: {what if issubclass(category, RuntimeWarning) else ''}{clean_text(str(message), 200)}")


def _say(message: str, status: int) -> int:
    """Print a message, if any, on standard error; gives ``status`` back."""
    if message:
        say(message)
    return status


def _our_fault(error: Exception) -> int:
    if os.environ.get("SUMMITRY_DEBUG") == "1":
        traceback.print_exception(error)
    what = clean_text(f"{type(error).__name__}: {error}", 200)
    return _say(
        f"summitry {VERSION}: this is our fault, not yours: {what}. Please report it in the project's issue "
        "tracker with the command you typed (SUMMITRY_DEBUG=1 shows where it happened).",
        OUR_FAULT,
    )
