"""Message catalogues: extracted from the source, checked, compiled (`make catalogs`, `make lint`).

German is the language that the source is written in, so a message's id is its German sentence and only English has
a catalogue that a person fills in.
"""

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 110
SHOWN = 20  # complaints at once: more scroll the first ones away

# The functions that say something to a person, and which of their arguments are message ids.
KEYWORDS = {
    "_": None, "t": None, "N_": None, "gettext": None, "lazy_gettext": None,
    "tn": (1, 2), "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
PLACEHOLDER = re.compile(r"\{(\w*)[^{}]*\}|%\((\w+)\)")


@dataclass(frozen=True, slots=True)
class Domain:
    """One body of texts: where they are said and where their catalogues are."""

    name: str
    sources: tuple[str, ...]
    catalogues: Path
    default: Path

    def files(self) -> list[Path]:
        """Its catalogues; the one to begin with if there is none yet."""
        return sorted(self.catalogues.rglob("*.po")) or [self.default]


DOMAINS = (
    Domain(
        name="app",
        sources=("app",),
        catalogues=ROOT / "app" / "i18n",
        default=ROOT / "app" / "i18n" / "locales" / "en" / "LC_MESSAGES" / "app.po",
    ),
    Domain(
        name="inbox",
        sources=("sync_server/inbox",),
        catalogues=ROOT / "sync_server" / "inbox",
        default=ROOT / "sync_server" / "inbox" / "locales" / "en" / "LC_MESSAGES" / "inbox.po",
    ),
)


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks for; 1 if a check has found something."""
    parser = argparse.ArgumentParser(prog="python -m scripts.catalogs", description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument(
        "--update", action="store_true", help="take over what the source says, keep translations"
    )
    action.add_argument(
        "--check", action="store_true", help="fail if a catalogue is not complete and up to date"
    )
    action.add_argument("--compile", action="store_true", help="write the .mo files beside the .po files")
    options = parser.parse_args(arguments)
    complaints: list[str] = []
    for domain in DOMAINS:
        if options.check:
            complaints += hidden(domain)
        for path in domain.files():
            if options.compile:
                compile_file(path)
                continue
            catalogue = updated(domain, path)
            text = as_text(catalogue)
            if options.update:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
            elif not path.is_file() or path.read_bytes() != text:
                complaints.append(
                    f"{path.relative_to(ROOT)}: not up to date with the source: run make catalogs"
                )
            if options.check:
                complaints += [f"{path.relative_to(ROOT)}: {said}" for said in shortcomings(catalogue)]
    for complaint in complaints[:SHOWN]:
        print(complaint, file=sys.stderr)
    if len(complaints) > SHOWN:
        print(f"… and {len(complaints) - SHOWN} more", file=sys.stderr)
    return 1 if complaints else 0


def extracted(domain: Domain) -> Catalog:
    """Everything the source says to a person."""
    template = Catalog(project="Rundgang", charset="utf-8", fuzzy=False)
    methods = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
    options = {"**.html": {"encoding": "utf-8", "silent": "false"}, "**.txt": {"encoding": "utf-8"}}
    for folder in domain.sources:
        base = ROOT / folder
        found = extract_from_dir(
            str(base), methods, options, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
        )
        for filename, _line, message, comments, context in sorted(found, key=lambda item: (item[0], item[1])):
            place = (f"{folder}/{Path(filename).as_posix()}", 0)
            template.add(message, None, [place], auto_comments=comments, context=context)
    return template


def hidden(domain: Domain) -> Iterator[str]:
    """Texts within an f-string, one sentence each: babel reads tokens, and before Python 3.12 that is one token."""
    for folder in domain.sources:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for line, said in _within_f_strings(path.read_text("utf-8")):
                yield f"{path.relative_to(ROOT)}:{line}: cannot be extracted from within an f-string: {said}"


def _within_f_strings(source: str) -> Iterator[tuple[int, str]]:
    for outer in ast.walk(ast.parse(source)):
        if not isinstance(outer, ast.JoinedStr):
            continue
        for inner in ast.walk(outer):
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in KEYWORDS:
                yield inner.lineno, ast.unparse(inner)


def updated(domain: Domain, path: Path) -> Catalog:
    """The catalogue of a file with the source's messages and the translations there are."""
    template = extracted(domain)
    language = language_of(path)
    if path.is_file():
        with path.open("rb") as readable:
            catalogue = read_po(readable, locale=language)
    else:
        catalogue = Catalog(locale=language, project="Rundgang", charset="utf-8", fuzzy=False)
    template.creation_date = catalogue.creation_date  # a date that changes by itself is no content
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def language_of(path: Path) -> str:
    """`…/en/LC_MESSAGES/app.po` and `…/en.po` are both English."""
    return path.parent.parent.name if path.parent.name == "LC_MESSAGES" else path.stem


def shortcomings(catalogue: Catalog) -> Iterator[str]:
    """What keeps a catalogue from being complete, one sentence each."""
    if str(catalogue.locale_identifier) == "de":
        return
    for message in catalogue:
        if not message.id:
            continue
        if not _forms(message.string) or not all(_forms(message.string)):
            yield f"no translation: {_forms(message.id)[0]!r}"
        elif message.fuzzy:
            yield f"fuzzy: {_forms(message.id)[0]!r}"
        elif not _same_placeholders(message):
            yield f"other placeholders than the source: {_forms(message.id)[0]!r}"


def _same_placeholders(message: Message) -> bool:
    def named(text: str) -> set[str]:
        return {first or second for first, second in PLACEHOLDER.findall(text)}

    wanted = set().union(*(named(form) for form in _forms(message.id)))
    # "1 Beobachtung" may leave out the number that "{count} Beobachtungen" needs, never the other way round.
    return all(named(form) <= wanted for form in _forms(message.string)) and (
        wanted == set().union(*(named(form) for form in _forms(message.string)))
    )


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def as_text(catalogue: Catalog) -> bytes:
    """The catalogue as its file's content: sorted by message, with the files it is said in."""
    content = io.BytesIO()
    write_po(content, catalogue, width=WIDTH, sort_output=True, include_lineno=False)
    return content.getvalue().rstrip() + b"\n"


def compiled(path: Path) -> bytes:
    """The .mo form of a .po file; fuzzy entries are left out, as gettext does."""
    with path.open("rb") as readable:
        catalogue = read_po(readable, locale=language_of(path))
    content = io.BytesIO()
    write_mo(content, catalogue)
    return content.getvalue()


def compile_file(path: Path) -> None:
    """Write the .mo file beside a .po file."""
    if path.is_file():
        path.with_suffix(".mo").write_bytes(compiled(path))


if __name__ == "__main__":
    sys.exit(main())
