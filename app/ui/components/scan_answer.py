"""What a scan has found, large enough to be seen at arm's length, and what can be done with it."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app.i18n import t, tn
from app.state.machines import MachineRow
from app.state.scanning import Answer, Verdict
from app.ui.components.buttons import outlined, primary, second
from app.ui.components.cards import line, lines
from app.ui.components.frame import stack
from app.ui.components.touch import named
from app.ui.surroundings import Surroundings
from app.ui.text_size import beside, heading
from app.ui.theme import CARD_RADIUS, Tone, look


@dataclass(frozen=True)
class Doing:
    """What the buttons do."""

    take: Callable[[MachineRow], None]
    """Go on with this machine: capture there, or put it into the draft that asked for it."""
    open: Callable[[MachineRow], None]
    """Show the customer's brief."""
    report_elsewhere: Callable[[MachineRow], None]
    report_theirs: Callable[[], None]
    report_ours: Callable[[], None]
    type_it: Callable[[], None]
    again: Callable[[], None]


def scan_answer(answer: Answer, doing: Doing, *, for_draft: bool, expected: str) -> ft.Control:
    """The answer with its actions.

    Args:
        for_draft: the machine is wanted for a draft.
        expected: the name of the customer where the technician is; "" if that is not known.
    """
    drawn = {
        Verdict.FOUND: _found,
        Verdict.SEVERAL: _several,
        Verdict.ELSEWHERE: _elsewhere,
        Verdict.UNKNOWN: _unknown,
        Verdict.ARTICLE: _unnamed,
        Verdict.NO_NUMBER: _unnamed,
    }[answer.verdict]
    again = outlined(t("Nächste Anlage"), doing.again, icon=ft.Icons.QR_CODE_SCANNER, identifier="scan-again")
    typing_is_next = answer.verdict in (Verdict.ARTICLE, Verdict.NO_NUMBER)
    return stack(
        *drawn(answer, doing, for_draft, expected),
        again,
        # Whatever was read: who sees another number on the plate can say so.
        None if typing_is_next else _typed(doing),
        spacing=14,
    )


def _found(answer: Answer, doing: Doing, for_draft: bool, expected: str) -> list[ft.Control]:
    del expected
    row = answer.machines[0]
    rest: list[ft.Control] = [] if for_draft else [_brief(row, doing)]
    return [
        _banner(Tone.GOOD, ft.Icons.CHECK_CIRCLE_OUTLINED, t("Erkannt"), row.name, *_facts(row)),
        primary(
            t("Für diese Meldung nehmen") if for_draft else t("Hier erfassen"),
            lambda: doing.take(row),
            icon=ft.Icons.CHECK if for_draft else ft.Icons.ADD,
            identifier="scan-take",
        ),
        *rest,
    ]


def _several(answer: Answer, doing: Doing, for_draft: bool, expected: str) -> list[ft.Control]:
    del for_draft, expected
    count = len(answer.machines)
    return [
        _banner(
            Tone.WAITING,
            ft.Icons.HELP_OUTLINE,
            t("Welche ist es?"),
            _number(answer),
            tn("{count} Anlage hat diese Nummer.", "{count} Anlagen haben diese Nummer.", count),
        ),
        machine_lines(answer.machines, doing.take),
    ]


def _elsewhere(answer: Answer, doing: Doing, for_draft: bool, expected: str) -> list[ft.Control]:
    row = answer.machines[0]
    where = t("Laut Stammdaten bei {name}, nicht bei {here}.", name=row.customer_name, here=expected)
    actions: list[ft.Control] = [
        primary(
            t("Melden: Sie steht hier"),
            lambda: doing.report_elsewhere(row),
            icon=ft.Icons.PLACE_OUTLINED,
            identifier="scan-report-here",
        )
    ]
    if not for_draft:
        actions += [_brief(row, doing)]
    return [
        _banner(Tone.WAITING, ft.Icons.WRONG_LOCATION_OUTLINED, t("Anderer Kunde"), row.name, where),
        *actions,
    ]


def _unknown(answer: Answer, doing: Doing, for_draft: bool, expected: str) -> list[ft.Control]:
    del for_draft, expected
    plate = answer.plate
    facts = " · ".join(
        fact
        for fact in (
            f"{plate.maker} {plate.model}".strip(),
            t("Bj. {year}", year=plate.built_in) if plate.built_in else "",
        )
        if fact
    )
    return [
        _banner(
            Tone.HINT,
            ft.Icons.HELP_OUTLINE,
            t("Nicht bekannt"),
            _number(answer),
            facts,
            t("Keine Anlage auf diesem Tablet hat diese Nummer. Steht sie hier, dann melde sie:"),
        ),
        primary(
            t("Fremde Anlage melden"),
            doing.report_theirs,
            icon=ft.Icons.COMPARE_ARROWS,
            identifier="scan-report-theirs",
        ),
        second(
            t("Anlage von uns nachtragen"),
            doing.report_ours,
            icon=ft.Icons.PRECISION_MANUFACTURING_OUTLINED,
            identifier="scan-report-ours",
        ),
    ]


def _unnamed(answer: Answer, doing: Doing, for_draft: bool, expected: str) -> list[ft.Control]:
    del for_draft, expected
    article = answer.verdict is Verdict.ARTICLE
    return [
        _banner(
            Tone.HINT,
            ft.Icons.HELP_OUTLINE,
            t("Artikelnummer") if article else t("Keine Seriennummer darin"),
            answer.plate.text[:80],
            t(
                "Sie ist bei jeder Anlage dieses Typs gleich. Such den Code der Seriennummer oder tipp sie ein."
            )
            if article
            else t(
                "Der Code war zu lesen, nennt aber keine Anlage. Such einen anderen oder tipp die Nummer ein."
            ),
        ),
        _typed(doing, main=True),
    ]


def machine_lines(machines: tuple[MachineRow, ...], take: Callable[[MachineRow], None]) -> ft.Control:
    """Machines to choose from."""
    return lines(
        [
            line(
                row.name,
                " · ".join(_facts(row)),
                icon=ft.Icons.PRECISION_MANUFACTURING_OUTLINED if row.asset.ours else ft.Icons.SWAP_HORIZ,
                chevron=True,
                on_click=lambda row=row: take(row),  # type: ignore[misc]
                identifier=f"scan-machine-{row.asset.id}",
                wrap_second=True,
            )
            for row in machines
        ]
    )


def _facts(row: MachineRow) -> list[str]:
    asset = row.asset
    facts = [
        row.customer_name,
        row.place,
        t("Nr. {number}", number=asset.serial_number) if asset.serial_number else "",
        t("Bj. {year}", year=asset.built_in) if asset.built_in else "",
        "" if asset.ours else t("Wettbewerb"),
    ]
    return [fact for fact in facts if fact]


def _number(answer: Answer) -> str:
    return t("Nr. {number}", number=answer.plate.serial or answer.plate.text[:80])


def _brief(row: MachineRow, doing: Doing) -> ft.Control:
    return second(
        t("Kundenbrief"), lambda: doing.open(row), icon=ft.Icons.BUSINESS_OUTLINED, identifier="scan-brief"
    )


def _typed(doing: Doing, *, main: bool = False) -> ft.Control:
    kind = primary if main else outlined
    return kind(t("Nummer eintippen"), doing.type_it, icon=ft.Icons.KEYBOARD_OUTLINED, identifier="scan-type")


def _banner(tone: Tone, icon: ft.IconData, said: str, name: str, *facts: str) -> ft.Control:
    pair = look().area(tone)
    texts: list[ft.Control] = [
        ft.Text(said, size=18, weight=ft.FontWeight.W_500, color=pair.text),
        ft.Text(name, size=heading(28), weight=ft.FontWeight.BOLD, color=pair.text),
        *(ft.Text(fact, size=18, color=pair.text) for fact in facts if fact),
    ]
    return named(
        ft.Container(
            beside(
                [ft.Icon(icon, size=64, color=pair.text), ft.Column(texts, spacing=4, tight=True)],
                spacing=18,
                expand_last=True,
            ),
            bgcolor=pair.ground,
            border_radius=CARD_RADIUS,
            padding=22,
        ),
        identifier="scan-answer",
        live=True,
    )


def scan_row(here: Surroundings, route: str) -> ft.Control:
    """The way to the scan from a list of machines."""
    return line(
        t("Typenschild scannen"),
        icon=ft.Icons.QR_CODE_SCANNER,
        chevron=True,
        on_click=lambda: here.go(route),
        identifier="scan",
    )
