"""A signature while it is being given: strokes that are kept one by one, undone, cleared, and made a picture."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.ink.picture import picture_of
from app.ink.strokes import Ink, Stroke, flat, unflat
from app.state.answering import answer_to, given_answers, with_answer
from app.state.drafting import DraftEditor
from app.state.photos import Photos
from app.state.views import Draft
from app.store.drafts import BegunSignature, DraftAnswer
from protocol.fields import clean_text
from protocol.limits import MAX_SHORT_TEXT
from protocol.reference import Contact
from protocol.rules.signing import fingerprint
from protocol.signature import Signature
from protocol.template import QuestionType, Template


class SigningFault(StrEnum):
    """Why it is no signature yet."""

    NO_SIGNATURE = "no_signature"
    """Nothing was drawn, or dots alone."""
    NO_NAME = "no_name"


@dataclass(frozen=True)
class Signer:
    """Who is going to sign; `contact_id` when he is one of the customer's contacts."""

    name: str = ""
    contact_id: UUID | None = None


class Signing:
    """The field in which one question of a draft is answered by a signature.

    Args:
        question: the question's id.
        words: everything that stands above the line. What was drawn under other words is no signature of these.
        signer: who will sign, as far as it is known before.
    """

    def __init__(
        self, editor: DraftEditor, photos: Photos, question: str, words: str, signer: Signer | None = None
    ) -> None:
        self.words = words
        self.faults: frozenset[SigningFault] = frozenset()
        self.begun_under_other_words = False
        """Strokes were there, but the words have changed since: they are left behind."""
        self._editor = editor
        self._photos = photos
        self._question = question
        begun = begun_signature(editor.draft, question)
        if begun is not None and begun.words != words:
            self.begun_under_other_words = bool(begun.strokes)
            begun = replace(begun, strokes=())
        self.signer = Signer(begun.signer, begun.contact_id) if begun else signer or Signer()
        self.ink = Ink(begun.width, begun.height, unflat(begun.strokes)) if begun and begun.strokes else None
        # Also after a restart every stroke can be taken back.
        before = self.ink.strokes if self.ink else ()
        self._steps: list[tuple[Stroke, ...]] = [before[:count] for count in range(len(before) + 1)]

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to go back."""
        return len(self._steps) > 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in the field."""
        return self.ink is None or not self.ink.strokes

    def field(self, width: float, height: float) -> Ink:
        """What stands in a field that is this large now; the size at the first stroke counts."""
        return self.ink or Ink(width, height)

    def draw(self, stroke: Stroke, width: float, height: float) -> bool:
        """Take in one stroke; False if the field takes no more."""
        before = self.field(width, height)
        drawn = before.with_stroke(stroke)
        if drawn is before:
            return False
        self._show(drawn)
        self._steps.append(drawn.strokes)
        self._keep()
        return True

    def undo(self) -> None:
        """One step back: the last stroke, or having cleared the field."""
        if self.can_undo and self.ink is not None:
            self._steps.pop()
            self._show(replace(self.ink, strokes=self._steps[-1]))
            self._keep()

    def clear(self) -> None:
        """Empty the field; undoing brings it back."""
        if self.ink is not None and self.ink.strokes:
            self._show(replace(self.ink, strokes=()))
            self._steps.append(())
            self._keep()

    def name(self, signer: Signer) -> None:
        """Say who signs."""
        self.signer = replace(signer, name=clean_text(signer.name)[:MAX_SHORT_TEXT])
        self.faults -= {SigningFault.NO_NAME}
        self._keep()

    def check(self) -> bool:
        """Whether it can be finished; `faults` says what is missing."""
        found = set()
        if self.ink is None or not self.ink.is_signature:
            found.add(SigningFault.NO_SIGNATURE)
        if not self.signer.name.strip():
            found.add(SigningFault.NO_NAME)
        self.faults = frozenset(found)
        self._editor.announce()
        return not found

    async def finish(self, said: str, now: datetime) -> Signature:
        """Make it the answer to the question, durably.

        Args:
            said: the answer as whoever does not know the question reads it.

        Raises:
            ValueError: `check` would say no.
            StorageFull: it is not kept; the strokes stay in the draft as far as they were durable.
            StoreError: the same, for another reason.
        """
        if self.ink is None or not self.check():
            raise ValueError(", ".join(sorted(self.faults)))
        picture, draft = picture_of(self.ink), self._editor.draft
        signature = Signature(
            id=self._photos.new_id(),
            sha256=await self._photos.keep_bytes(picture.data, "image/png"),
            size=len(picture.data),
            width=picture.width,
            height=picture.height,
            question=self._question,
            signer=self.signer.name.strip(),
            contact_id=self.signer.contact_id,
            words=self.words,
            signed_at=now,
            noted=fingerprint_of_draft(draft),
        )
        draft = self._editor.draft
        given = DraftAnswer(self._question, str(signature.id), said, signature.contact_id)
        self._editor.change(
            signatures=(*without(draft.signatures, self._question), signature),
            answers=with_answer(draft.answers, given),
            signing=_others(draft, self._question),
        )
        await self._editor.require_durable()
        return signature

    def cancel(self) -> BegunSignature | None:
        """Give up what was begun; returns what `resume` brings back, None if nothing was drawn."""
        begun = begun_signature(self._editor.draft, self._question)
        self._editor.change(signing=_others(self._editor.draft, self._question))
        return begun if begun and begun.strokes else None

    def _show(self, ink: Ink) -> None:
        self.ink = ink
        self.begun_under_other_words = False
        self.faults -= {SigningFault.NO_SIGNATURE}

    def _keep(self) -> None:
        ink = self.ink or Ink(1, 1)
        begun = BegunSignature(
            self._question,
            self.words,
            ink.width,
            ink.height,
            self.signer.name,
            self.signer.contact_id,
            flat(ink.strokes),
        )
        self._editor.change(signing=(*_others(self._editor.draft, self._question), begun))
        self._editor.announce()


def resume(editor: DraftEditor, begun: BegunSignature) -> None:
    """Bring back what was given up."""
    editor.change(signing=(*_others(editor.draft, begun.question), begun))


def take_away(editor: DraftEditor, question: str) -> Draft:
    """Take a question's signature out of a draft; returns the draft before, for undoing."""
    before = editor.draft
    editor.change(
        signatures=without(before.signatures, question),
        answers=with_answer(before.answers, DraftAnswer(question, "")),
    )
    return before


def bring_back(editor: DraftEditor, before: Draft, question: str) -> None:
    """Put a signature that was taken away into the draft again; what was changed meanwhile stays."""
    signature, answer = signature_of(before, question), answer_to(before.answers, question)
    if signature is not None and answer is not None:
        editor.change(
            signatures=(*without(editor.draft.signatures, question), signature),
            answers=with_answer(editor.draft.answers, answer),
        )


def signature_of(draft: Draft, question: str) -> Signature | None:
    """The signature that answers a question."""
    return next((one for one in draft.signatures if one.question == question), None)


def begun_signature(draft: Draft, question: str) -> BegunSignature | None:
    """What was begun for a question."""
    return next((one for one in draft.signing if one.question == question), None)


def without(signatures: tuple[Signature, ...], question: str) -> tuple[Signature, ...]:
    """The signatures that answer other questions."""
    return tuple(one for one in signatures if one.question != question)


def fingerprint_of_draft(draft: Draft) -> str:
    """What a draft says, to be compared with what was saved of it."""
    step = draft.next_step.strip()
    return fingerprint(
        kind=draft.kind,
        customer_id=draft.customer_id,
        heard=draft.heard,
        seen=draft.seen,
        concluded=draft.concluded,
        step=step,
        due_on=draft.next_step_due if step else None,
    )


def who_signs(draft: Draft, template: Template, contacts: tuple[Contact, ...]) -> Signer:
    """Whose name stands there before anything is written: the person that the answers name, else the contact."""
    for answer in given_answers(draft, template):
        question = template.question(answer.question)
        if question is not None and question.type is QuestionType.PERSON:
            return Signer(answer.value.strip(), answer.contact_id)
    contact = next((one for one in contacts if one.id == draft.contact_id), None)
    return Signer(contact.name, contact.id) if contact else Signer()


def _others(draft: Draft, question: str) -> tuple[BegunSignature, ...]:
    return tuple(one for one in draft.signing if one.question != question)
