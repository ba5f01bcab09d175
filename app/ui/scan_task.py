"""For what a scan was begun, and how it ends: at a machine's customer, in a draft, in a report of what is new."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from app.i18n import t
from app.state.machines import MachineRow
from app.state.scanning import with_plate
from app.state.views import Draft
from app.ui.components.brief_gap import present_place
from app.ui.components.scan_answer import Doing
from app.ui.surroundings import Surroundings
from protocol.observation import Kind
from protocol.rules.nameplate import Nameplate


class ScanTask:
    """One scan.

    Args:
        customer_id: the customer from whose brief the person came.
        draft_id: the draft for which a machine is wanted.
    """

    def __init__(self, here: Surroundings, customer_id: UUID | None, draft_id: UUID | None) -> None:
        self._here = here
        self.draft_id = draft_id
        begun = here.editor(draft_id).draft if draft_id else None
        visit = here.present_visit()
        self.expected = (
            customer_id
            or (begun.customer_id if begun else None)
            or (visit.visit.customer_id if visit else None)
        )
        """The customer where the technician is; None if that is not known."""

    @property
    def expected_name(self) -> str:
        """The name of the customer where the technician is."""
        found = self._here.notebook.customer(self.expected) if self.expected else None
        return found.customer.name if found else ""

    def leave(self) -> None:
        """Go back to where the scan was begun."""
        self._here.back(f"/capture/{self.draft_id}" if self.draft_id else "/customers")

    def doing(self, plate: Nameplate, type_it: Callable[[], None], again: Callable[[], None]) -> Doing:
        """What the buttons of an answer do."""
        return Doing(
            take=self.take,
            open=lambda row: self._here.go(f"/customers/{row.customer_id}"),
            report_elsewhere=self._report_elsewhere,
            report_theirs=lambda: self._report(lambda draft: with_plate(draft, plate)),
            report_ours=lambda: self._report(lambda draft: _ours(draft, plate)),
            type_it=type_it,
            again=again,
        )

    def take(self, row: MachineRow) -> None:
        """Go on with a machine that is known."""
        here = self._here
        if self.draft_id is None:
            site, visit = self._place(row.customer_id)
            here.capture(
                customer_id=row.customer_id,
                site_id=row.asset.site_id or site,
                visit_id=visit,
                asset_id=row.asset.id,
                kind=None if row.asset.ours else Kind.COMPETITOR,
            )
            return
        editor = here.editor(self.draft_id)
        if editor.draft.customer_id != row.customer_id:
            editor.change(contact_id=None, visit_id=None, site_id=None)
        editor.change(
            customer_id=row.customer_id,
            site_id=row.asset.site_id or editor.draft.site_id,
            asset_id=row.asset.id,
        )
        here.go(f"/capture/{self.draft_id}")

    def _report_elsewhere(self, row: MachineRow) -> None:
        number = t("Nr. {number}", number=row.asset.serial_number) if row.asset.serial_number else ""
        machine = ", ".join(part for part in (row.name, number) if part)
        said = t("{machine} steht hier, laut Stammdaten bei {name}.", machine=machine, name=row.customer_name)
        self._report(
            lambda draft: replace(draft, kind=draft.kind or Kind.NOTE, seen=_joined(draft.seen, said))
        )

    def _report(self, fill: Callable[[Draft], Draft]) -> None:
        """Begin an observation at the customer where the technician is, or go on with the one that asked."""
        here, draft_id = self._here, self.draft_id
        if draft_id is None:
            site, visit = self._place(self.expected)
            begun = here.notebook.new_draft(customer_id=self.expected, site_id=site, visit_id=visit)
            draft_id = begun.id
            here.edit(begun, stored=False)
        else:
            here.go(f"/capture/{draft_id}")
        editor = here.editor(draft_id)
        filled = fill(editor.draft)
        # What was read off the plate is kept at once, like anything that is typed.
        editor.change(kind=filled.kind, answers=filled.answers, seen=filled.seen)

    def _place(self, customer_id: UUID | None) -> tuple[UUID | None, UUID | None]:
        shown = self._here.notebook.customer(customer_id) if customer_id else None
        return present_place(self._here, shown) if shown else (None, None)


def _ours(draft: Draft, plate: Nameplate) -> Draft:
    facts = (
        f"{plate.maker} {plate.model}".strip(),
        t("Nr. {number}", number=plate.serial),
        t("Bj. {year}", year=plate.built_in) if plate.built_in else "",
    )
    named = ", ".join(fact for fact in facts if fact)
    said = t("Anlage von uns, fehlt in den Stammdaten: {facts}", facts=named)
    return replace(draft, kind=draft.kind or Kind.NOTE, seen=_joined(draft.seen, said))


def _joined(text: str, more: str) -> str:
    return f"{text.rstrip()}\n{more}" if text.strip() else more
