"""The versions of the template that this tablet has: what is asked now, and what its observations were asked.

They lie beside what the pull reads and are never thrown away with it: a draft that was begun with one is finished with
it. A version is kept as it came, so that a newer app understands more of it.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from pydantic import ValidationError

from app.store.documents import Documents, Json, Operation, Put
from protocol.first_template import brought_along, first_template
from protocol.template import Question, Template, read_template

TEMPLATES = "template"
"""The table: versions by id; a body that is None is wanted, without any body the server does not have it."""

_ASKED = "asked"
"""The key under which the version stands that is asked now."""


class TemplateShelf:
    """What the kinds ask, by version."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._read: dict[UUID, Template] = {}

    @property
    def asked(self) -> Template:
        """What is asked now: the version that the server named last and that is here, else the product's own."""
        document = self._documents.get(TEMPLATES, _ASKED)
        found = self.find(UUID(str(document["id"]))) if document else None
        return found or first_template()

    def find(self, template_id: UUID | None) -> Template | None:
        """One version; None if it is not here."""
        if template_id is None:
            return None
        known = brought_along(template_id) or self._read.get(template_id)
        if known is None:
            document = self._documents.get(TEMPLATES, str(template_id))
            try:
                known = read_template(document["body"]) if document and document.get("body") else None
            except ValidationError:
                return None
            if known is not None:
                self._read[template_id] = known
        return known

    def begun_with(self, template_id: UUID | None) -> Template:
        """The version with which a draft is finished: its own; what is asked now if that is not here."""
        return self.find(template_id) or self.asked

    def question(self, template_id: UUID, question_id: str) -> Question | None:
        """The question of an answer. Questions keep their ids, so another version's words will do."""
        versions = (self.find(template_id), self.asked, first_template())
        asked = (version.question(question_id) for version in versions if version is not None)
        return next((question for question in asked if question is not None), None)

    def missing(self, named: UUID | None) -> tuple[UUID, ...]:
        """Versions that the server has to be asked for.

        Args:
            named: the one that it says is asked now.
        """
        wanted = {
            UUID(key): None
            for key, document in self._documents.all(TEMPLATES).items()
            if key != _ASKED and "body" in document and document["body"] is None
        }
        if named is not None and brought_along(named) is None and not self._is_held(named):
            wanted[named] = None
        return tuple(wanted)

    def wanting(self, named: Iterable[UUID | None]) -> Iterator[Operation]:
        """What notes that these versions are needed, as far as they are not here."""
        for template_id in {one for one in named if one is not None and brought_along(one) is None}:
            if self._documents.get(TEMPLATES, str(template_id)) is None:
                yield Put(TEMPLATES, str(template_id), {"body": None})

    def _is_held(self, template_id: UUID) -> bool:
        document = self._documents.get(TEMPLATES, str(template_id))
        return document is not None and bool(document.get("body"))

    async def put(self, template_id: UUID, body: Json | None) -> None:
        """Keep a version; None if the server does not have it, so that it is not asked for at every contact."""
        document: Json = {} if body is None else {"body": body}
        self._read.pop(template_id, None)
        await self._documents.change(lambda: [Put(TEMPLATES, str(template_id), document)])

    async def ask(self, template_id: UUID) -> None:
        """Ask this version from now on, if it is here."""
        known = self._documents.get(TEMPLATES, _ASKED)
        if self.find(template_id) is None or (known and known["id"] == str(template_id)):
            return
        await self._documents.change(lambda: [Put(TEMPLATES, _ASKED, {"id": str(template_id)})])


def named_in(body: Json) -> UUID | None:
    """The version that the answers of an observation's document belong to."""
    try:
        return UUID(body["shown"]["content"]["answers"]["template"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
