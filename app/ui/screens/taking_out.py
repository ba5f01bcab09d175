"""Taking what waits out of the tablet as a file: before anything else, and also when nothing else works."""

from app.i18n import t
from app.ui.surroundings import Surroundings


async def take_out(here: Surroundings) -> None:
    """Offer everything unconfirmed as one zip file."""
    content = await here.notebook.export_outbox()
    stamp = here.now().astimezone().strftime("%Y-%m-%d-%H%M")
    await here.files.save(f"rundgang-sicherung-{stamp}.zip", content)
    here.say(t("Sicherungskopie erstellt. Auf dem Tablet bleibt alles, wie es ist."))
