"""Sprache und Aussehen: language, light or dark, contrast, size of the text. Each holds at once."""

from collections.abc import Sequence
from functools import partial

import flet as ft

from app.i18n import LANGUAGES, language, t
from app.ui.components.cards import card
from app.ui.components.chips import choice
from app.ui.components.touch import Handler
from app.ui.components.type import secondary
from app.ui.surroundings import Surroundings
from app.ui.text_size import SCALES


def appearance_choice(here: Surroundings) -> ft.Control:
    """All of it in one card."""
    own = here.appearance
    tongues = [
        (
            {"de": "Deutsch", "en": "English"}[tongue],
            language() == tongue,
            partial(here.speak, tongue),
            tongue,
        )
        for tongue in LANGUAGES
    ]
    return card(
        [
            secondary(t("Sprache")),
            _choices("language", tongues),
            secondary(t("Hell oder dunkel")),
            _chosen(
                here,
                "theme",
                own.theme,
                (("system", t("wie das Tablet")), ("light", t("Hell")), ("dark", t("Dunkel"))),
            ),
            secondary(t("Kontrast: hoch für grelle Sonne")),
            _chosen(
                here,
                "contrast",
                own.contrast,
                (("system", t("wie das Tablet")), ("normal", t("Normal")), ("high", t("Hoch"))),
            ),
            *(_text_size(here) if own.can_scale_text else []),
        ],
        spacing=10,
    )


def _text_size(here: Surroundings) -> list[ft.Control]:
    sizes = [(str(scale), t("{percent} %", percent=round(scale * 100))) for scale in SCALES]
    return [
        secondary(t("Schriftgröße")),
        _chosen(here, "text", here.appearance.text, (("system", t("wie das Tablet")), *sizes)),
    ]


def _chosen(here: Surroundings, name: str, now: str, values: Sequence[tuple[str, str]]) -> ft.Control:
    return _choices(
        name, [(said, now == value, partial(here.dress, name, value), value) for value, said in values]
    )


def _choices(group: str, choices: Sequence[tuple[str, bool, Handler, str]]) -> ft.Control:
    return ft.Row(
        [
            choice(said, pick, chosen=chosen, identifier=f"{group}-{value}")
            for said, chosen, pick, value in choices
        ],
        spacing=10,
        run_spacing=10,
        wrap=True,
    )
