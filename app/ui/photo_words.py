"""The words for what can be drawn into a photo."""

from app.i18n import t
from app.photo.edits import Tool


def tool_name(value: Tool) -> str:
    """What a tool for photos draws."""
    return {
        Tool.ARROW: t("Pfeil"),
        Tool.CIRCLE: t("Kreis"),
        Tool.HIDE: t("Unkenntlich"),
        Tool.CROP: t("Zuschneiden"),
    }[value]


def tool_hint(value: Tool) -> str:
    """How to use it."""
    return {
        Tool.ARROW: t("Mit dem Finger zur Stelle ziehen: Dort sitzt die Spitze."),
        Tool.CIRCLE: t("Den Kreis um die Stelle herum aufziehen."),
        Tool.HIDE: t("Über das ziehen, was niemand sehen soll. Es wird aus dem Foto gelöscht."),
        Tool.CROP: t("Aufziehen, was vom Foto übrig bleiben soll."),
    }[value]
